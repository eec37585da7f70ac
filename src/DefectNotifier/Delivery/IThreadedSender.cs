using DefectNotifier.Rendering.Document;

namespace DefectNotifier.Delivery;

/// <summary>
/// A sender whose chat can change a posted message and has threads. What it is given as a root is the <see cref="SendResult.Reference"/> of an earlier send,
/// which only the sender itself can read. Members answer as <see cref="IMessageSender.SendAsync"/> does; that a message can't be changed or replied to in the way that was
/// asked is <see cref="SendOutcome.NotSupported"/>, with what stands in the way as its reason.
/// </summary>
public interface IThreadedSender : IMessageSender
{
    /// <summary>Names the place that it posts to. A message that stands in another one, from before the settings were changed, is left as it is.</summary>
    string Place { get; }

    /// <summary>Posts in the thread of a message.</summary>
    /// <param name="message">The message.</param>
    /// <param name="root">What it replies to.</param>
    /// <param name="broadcast">True when it is shown in the channel too.</param>
    /// <param name="correlationKey">Names this send and no other.</param>
    /// <param name="cancellationToken">Ends the attempt.</param>
    Task<SendResult> ReplyAsync(ChatMessage message, string root, bool broadcast, string correlationKey, CancellationToken cancellationToken);

    /// <summary>Puts a message in place of a posted one. It notifies nobody.</summary>
    Task<SendResult> UpdateAsync(ChatMessage message, string root, CancellationToken cancellationToken);
}
