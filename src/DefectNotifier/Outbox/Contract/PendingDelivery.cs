using DefectNotifier.Events;
using DefectNotifier.Routing;

namespace DefectNotifier.Outbox.Contract;

/// <summary>One pending delivery, as a lane reads it from the outbox.</summary>
public sealed record PendingDelivery
{
    /// <summary>Grows in the order of acceptance.</summary>
    public required long Id { get; init; }

    public required string EventId { get; init; }

    /// <summary>The event's name, as the sender wrote it.</summary>
    public required string EventName { get; init; }

    /// <summary>Identifies this delivery across all outboxes: sent with the message so that it can be found again.</summary>
    public string CorrelationKey => $"{EventId}-{Id}";

    public required string Destination { get; init; }

    /// <summary>The defect that its event is about; null: none.</summary>
    public DefectKey? Defect { get; init; }

    /// <summary>Why the destination gets it, and what it may post.</summary>
    public DeliveryKind Kind { get; init; }

    /// <summary>The index of the route that planned it, in the route table at the time of acceptance.</summary>
    public int Route { get; init; }

    public string? TemplateSet { get; init; }

    /// <summary>How the destination shows the defect.</summary>
    public MessageMode MessageMode { get; init; }

    /// <summary>Which replies are shown in the channel, too.</summary>
    public BroadcastWhen Broadcast { get; init; }

    /// <summary>
    /// How long its defect joins the message of an earlier one with the same title; null: the defect has a message of its own.
    /// </summary>
    public TimeSpan? RepeatWithin { get; init; }

    /// <summary>How long it may fail before it is given up; null: the default of the settings.</summary>
    public TimeSpan? MaxAge { get; init; }

    /// <summary>The destination that is notified when this is given up; null: none.</summary>
    public string? Fallback { get; init; }

    /// <summary>The stored message, when an operator asked to send it as it is; null: it is rendered.</summary>
    public ReadOnlyMemory<byte>? Rendered { get; init; }

    /// <summary>
    /// The start of the attempt from which its age is counted; null: there was none yet, or none since its age was restarted.
    /// </summary>
    public DateTimeOffset? FirstAttemptAt { get; init; }

    /// <summary>The start of its last attempt; null: there was none yet.</summary>
    public DateTimeOffset? LastAttemptAt { get; init; }

    /// <summary>True when an earlier attempt may have been posted: its response was lost, or the process died before it arrived.</summary>
    public required bool MayBeRepeat { get; init; }

    /// <summary>When the first of those attempts started; null: there is none.</summary>
    public DateTimeOffset? DoubtfulSince { get; init; }

    /// <summary>True when such an attempt was made after the last decision of an operator.</summary>
    public bool IsInDoubt { get; init; }

    /// <summary>Which deliveries of the destination it goes before.</summary>
    public DeliveryPriority Priority { get; init; } = DeliveryPriority.Normal;

    /// <summary>True when it may become part of a digest.</summary>
    public bool MayDigest { get; init; }

    public required DateTimeOffset ReceivedAt { get; init; }

    public required string Source { get; init; }

    /// <summary>The request body as received; parsed again when the delivery is sent.</summary>
    public required ReadOnlyMemory<byte> Body { get; init; }

    public string? TraceParent { get; init; }
}

/// <summary>The first pending deliveries of a lane.</summary>
/// <param name="Deliveries">In the order of acceptance; empty: nothing is pending.</param>
/// <param name="MayHaveMore">True when a limit ended the page, so that more may be pending behind it.</param>
public sealed record PendingPage(IReadOnlyList<PendingDelivery> Deliveries, bool MayHaveMore);
