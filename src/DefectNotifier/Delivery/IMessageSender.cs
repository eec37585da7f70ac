using DefectNotifier.Rendering.Document;

namespace DefectNotifier.Delivery;

/// <summary>
/// Posts one message to one destination, once: no retry of its own. What was refused whole, and so was not posted, may be sent again in a plainer form.
/// </summary>
public interface IMessageSender
{
    /// <summary>
    /// Every answer and every error of the network is a <see cref="SendResult"/>. Throws only
    /// <see cref="OperationCanceledException"/>, and only when <paramref name="cancellationToken"/> asked for it.
    /// </summary>
    /// <param name="message">The message.</param>
    /// <param name="correlationKey">
    /// Names this delivery and no other. A sender that is an <see cref="IMessageLookup"/> sends it along where readers don't see it.
    /// </param>
    /// <param name="cancellationToken">Ends the attempt.</param>
    Task<SendResult> SendAsync(ChatMessage message, string correlationKey, CancellationToken cancellationToken);
}
