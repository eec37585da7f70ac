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

    /// <summary>The delivery that posted it.</summary>
    public long PostedBy { get; init; }

    /// <summary>The digest that shows the defect in place of a message of its own; null: none does.</summary>
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
}
