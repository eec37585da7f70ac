using System.Security.Cryptography;
using System.Text;
using DefectNotifier.Events;

namespace DefectNotifier.Outbox.Contract;

/// <summary>
/// The message that shows a defect in a destination, and what the chat allows for it. Immutable; the destination's lane is its
/// only writer.
/// </summary>
/// <param name="Defect">The defect.</param>
public sealed record MessageThread(DefectKey Defect)
{
    /// <summary>The chat's reference to the message, opaque; null: it was deleted, and the next message replaces it.</summary>
    public string? RootMessage { get; init; }

    /// <summary>The channel, as the sender names it.</summary>
    public required string Place { get; init; }

    /// <summary>The delivery that posted it, or that joined it; 0: it is gone, and nothing was posted about the defect.</summary>
    public long PostedBy { get; init; }

    /// <summary>
    /// Finds it for a later defect with the same title (<see cref="TitleKeyOf"/>); null: no defect joins it.
    /// </summary>
    public string? TitleKey { get; init; }

    /// <summary>When the event that posted it was accepted; null without <see cref="TitleKey"/>.</summary>
    public DateTimeOffset? ReceivedAt { get; init; }

    /// <summary>How many later defects with the same title have joined it.</summary>
    public int Repeats { get; init; }

    /// <summary>The delivery that updates the message with their number; null: there was none yet.</summary>
    public long? CountedBy { get; init; }

    /// <summary>
    /// The number of the defect whose message it is, when this one joined it because of the same title: then its events are only posted in
    /// that thread. Null: it is the defect's own message.
    /// </summary>
    public long? RepeatOf { get; init; }

    /// <summary>The digest that shows the defect in place of a message of its own; null: none.</summary>
    public long? DigestId { get; init; }

    /// <summary>A hash of what it shows; null when that is not known.</summary>
    public string? Shown { get; init; }

    /// <summary>The template set that renders it, also for later events of other routes; null: the common templates.</summary>
    public string? TemplateSet { get; init; }

    /// <summary>Why it can't be changed any more; null while it can.</summary>
    public SendReason? Locked { get; init; }

    /// <summary>True when the chat accepts no replies to the message: they are posted in the channel.</summary>
    public bool IsUnthreaded { get; init; }

    /// <summary>True when the chat can't also show the message's replies in the channel.</summary>
    public bool IsUnbroadcast { get; init; }

    /// <summary>The same for defects of one project with the same title; null without a title.</summary>
    public static string? TitleKeyOf(DefectKey defect, string? title) => title is null
        ? null
        : Convert.ToHexStringLower(
            SHA256.HashData(Encoding.UTF8.GetBytes($"{defect.Source}\n{defect.ProjectCode}\n{title.Trim()}")).AsSpan(0, 16));

    /// <summary>After the message that the defect joined is gone or accepts no replies: the next message is the defect's own.</summary>
    /// <param name="deliveryId">The delivery that is being sent. If it is the one that joined, nothing was posted about the defect.</param>
    public MessageThread Detached(long deliveryId) => this with
    {
        RootMessage = null,
        RepeatOf = null,
        PostedBy = PostedBy == deliveryId ? 0 : PostedBy,
    };
}
