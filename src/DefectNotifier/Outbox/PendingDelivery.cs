using DefectNotifier.Delivery.Sending;
using DefectNotifier.Events;
using DefectNotifier.Routing;

namespace DefectNotifier.Outbox;

/// <summary>One event owed to one destination, as a lane takes it from the outbox.</summary>
public sealed record PendingDelivery
{
    /// <summary>Grows in the order of acceptance.</summary>
    public required long Id { get; init; }

    public required string EventId { get; init; }

    /// <summary>The event's name, as the sender wrote it.</summary>
    public required string EventName { get; init; }

    /// <summary>Names this delivery over all outboxes: what is sent along to recognise the message by.</summary>
    public string CorrelationKey => $"{EventId}-{Id}";

    public required string Destination { get; init; }

    /// <summary>The defect that its event is about; null: none.</summary>
    public DefectKey? Defect { get; init; }

    /// <summary>The place in the route table of the route that asked for it, when it was accepted.</summary>
    public int Route { get; init; }

    public string? TemplateSet { get; init; }

    /// <summary>How the destination shows the defect, where it can.</summary>
    public MessageMode MessageMode { get; init; }

    /// <summary>Which replies are shown in the channel too.</summary>
    public BroadcastWhen Broadcast { get; init; }

    /// <summary>How long it may fail before it is given up; null: as the settings have it.</summary>
    public TimeSpan? MaxAge { get; init; }

    /// <summary>The destination that is told when this is given up; null: none.</summary>
    public string? Fallback { get; init; }

    /// <summary>The message to send as it stands, on an operator's word; null: it is rendered anew.</summary>
    public ReadOnlyMemory<byte>? Rendered { get; init; }

    /// <summary>Attempts that counted so far. Waiting for a Retry-After does not count.</summary>
    public required int Attempts { get; init; }

    /// <summary>When the attempt began that age counts from; null when there was none yet, or not since its age began anew.</summary>
    public DateTimeOffset? FirstAttemptAt { get; init; }

    /// <summary>True when an earlier attempt may have been posted: its answer was lost, or the process died before it came.</summary>
    public required bool MayBeRepeat { get; init; }

    /// <summary>When the first of those attempts began; null when there is none.</summary>
    public DateTimeOffset? DoubtfulSince { get; init; }

    /// <summary>True when one of them is later than what an operator has decided about it.</summary>
    public bool IsInDoubt { get; init; }

    public required DateTimeOffset ReceivedAt { get; init; }

    public required string Source { get; init; }

    /// <summary>The request body as it came; parsed again when the delivery's turn comes.</summary>
    public required ReadOnlyMemory<byte> Body { get; init; }

    public string? TraceParent { get; init; }
}
