using System.Text.Json.Serialization;

namespace DefectNotifier.Outbox.Contract;

/// <summary>
/// A message that combines deliveries of one destination. It is a delivery itself, of an event of the service: it is retried, parked and
/// looked up like any other, and pending while it does not show everything that it contains. Immutable; the destination's lane is its only
/// writer.
/// </summary>
/// <param name="Id">The id of its delivery.</param>
/// <param name="Destination">The destination.</param>
/// <param name="Cause">Why its deliveries were combined.</param>
public sealed record Digest(long Id, string Destination, DigestCause Cause)
{
    /// <summary>The maximum number of deliveries; further ones start a new digest. Limits what one rendering reads.</summary>
    public const int MaxDeliveries = 20_000;

    /// <summary>True when its deliveries have <see cref="Routing.DeliveryPriority.Urgent"/>; it is sent before others.</summary>
    public bool IsUrgent { get; init; }

    /// <summary>The silence whose deliveries it contains; 0: none.</summary>
    public long SilenceId { get; init; }

    /// <summary>When the oldest event in it was accepted.</summary>
    public DateTimeOffset Since { get; init; }

    /// <summary>The number of deliveries in it.</summary>
    public int Count { get; init; }

    /// <summary>How many of them, in the order of addition, the message shows; 0: nothing is posted.</summary>
    public int Shown { get; init; }

    /// <summary>When its message was last posted or changed; null: never.</summary>
    public DateTimeOffset? ShownAt { get; init; }

    /// <summary>The channel that it was posted to.</summary>
    public string? Place { get; init; }

    /// <summary>The message in the channel; null: not posted, or deleted since.</summary>
    public DigestMessage? Root { get; init; }

    /// <summary>The replies in its thread, which list defects.</summary>
    public IReadOnlyList<DigestMessage> Replies { get; init; } = [];

    /// <summary>True when the chat accepts no replies to it.</summary>
    public bool IsUnthreaded { get; init; }

    /// <summary>Why it can't be changed any more; null while it can.</summary>
    public SendReason? Locked { get; init; }

    /// <summary>True while it contains something that its message does not show.</summary>
    [JsonIgnore]
    public bool IsBehind => Shown < Count;

    /// <summary>True when its message can be changed.</summary>
    /// <param name="place">The destination's channel now; null: messages can't be changed there.</param>
    public bool CanChange(string? place) => Locked is null && place is not null && Place == place;

    /// <summary>True while new deliveries are added to it: until a window passes without one.</summary>
    /// <param name="window">How often it is updated.</param>
    /// <param name="now">The time.</param>
    public bool IsOpen(TimeSpan window, DateTimeOffset now) =>
        Cause == DigestCause.Storm && Count < MaxDeliveries && Locked is null && (IsBehind || now < ShownAt + window);
}

/// <summary>Why deliveries were combined. The numbers are stored: never renumber.</summary>
public enum DigestCause
{
    /// <summary>More deliveries waited than the destination's rate limit allows.</summary>
    Storm = 0,

    /// <summary>Quiet hours deferred them.</summary>
    QuietHours = 1,

    /// <summary>A silence deferred them.</summary>
    Silence = 2,
}

/// <summary>A posted message of a digest.</summary>
/// <param name="Reference">The chat's reference to it, opaque; empty where the chat gives none.</param>
/// <param name="Content">A hash of what it shows.</param>
public sealed record DigestMessage(string Reference, string? Content);
