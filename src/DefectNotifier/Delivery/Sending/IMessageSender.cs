using DefectNotifier.Delivery.Outcomes;
using DefectNotifier.Rendering.Document;

namespace DefectNotifier.Delivery.Sending;

/// <summary>
/// Posts one message to one destination, once, without retries. A message that the chat rejected, and therefore did not post, may be sent
/// again in a simpler form.
/// </summary>
public interface IMessageSender
{
    /// <summary>
    /// Every response and every network error is a <see cref="SendResult"/>. Throws only <see cref="OperationCanceledException"/>, when
    /// <paramref name="cancellationToken"/> is cancelled.
    /// </summary>
    /// <param name="message">The message.</param>
    /// <param name="correlationKey">
    /// Identifies this send. A sender that is also an <see cref="IMessageLookup"/> stores it in the message where readers do not see it.
    /// </param>
    /// <param name="cancellationToken">Ends the attempt.</param>
    Task<SendResult> SendAsync(ChatMessage message, string correlationKey, CancellationToken cancellationToken);
}
