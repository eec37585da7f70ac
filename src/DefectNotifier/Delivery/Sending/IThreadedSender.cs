using DefectNotifier.Delivery.Outcomes;
using DefectNotifier.Outbox.Contract;
using DefectNotifier.Rendering.Document;

namespace DefectNotifier.Delivery.Sending;

/// <summary>
/// A sender whose chat has threads and can update a posted message. A root message is the <see cref="SendResult.Reference"/> of an earlier
/// send, which only the sender can interpret. Results are as in <see cref="IMessageSender.SendAsync"/>; <see
/// cref="SendOutcome.NotSupported"/> means that this message can't be updated or replied to in the requested way, and the reason says why.
/// </summary>
public interface IThreadedSender : IMessageSender
{
    /// <summary>
    /// Identifies the channel that it posts to. A message in another channel, from before a change of settings, is not updated any more.
    /// </summary>
    string Place { get; }

    /// <summary>Posts a message in the thread of another one.</summary>
    /// <param name="message">The message.</param>
    /// <param name="root">The message to reply to.</param>
    /// <param name="broadcast">True: also show it in the channel.</param>
    /// <param name="correlationKey">Identifies this send.</param>
    /// <param name="cancellationToken">Ends the attempt.</param>
    Task<SendResult> ReplyAsync(
        ChatMessage message, string root, bool broadcast, string correlationKey, CancellationToken cancellationToken);

    /// <summary>Replaces the content of a posted message. It notifies no one.</summary>
    Task<SendResult> UpdateAsync(ChatMessage message, string root, CancellationToken cancellationToken);
}
