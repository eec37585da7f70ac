using DefectNotifier.Events;
using DefectNotifier.Routing;

namespace DefectNotifier.Outbox;

/// <summary>Everything that one commit makes durable: the event, its dedup key, the deliveries of its routing decision and what its defect is known by.</summary>
public sealed record NewEvent
{
    /// <summary>Our id, told to the sender. Sorts by time of arrival.</summary>
    public required string Id { get; init; }

    /// <summary>See <see cref="Events.DedupKey"/>; unique over all events. A second event with the same key is a duplicate.</summary>
    public required ReadOnlyMemory<byte> DedupKey { get; init; }

    public required string Source { get; init; }

    public required string Name { get; init; }

    public string? ProjectCode { get; init; }

    public long? SubjectId { get; init; }

    /// <summary>Who did it: see <see cref="DefectEvent.TeamMemberId"/>.</summary>
    public long? TeamMemberId { get; init; }

    public DateTimeOffset? OccurredAt { get; init; }

    public required DateTimeOffset ReceivedAt { get; init; }

    /// <summary>The request body as it came. The bytes must not change any more.</summary>
    public required ReadOnlyMemory<byte> Body { get; init; }

    /// <summary>The event as it was read, for the memory of its defect; null: it is about none.</summary>
    public DefectEvent? DefectEvent { get; init; }

    /// <summary>The defect that it is about; null: none.</summary>
    public DefectKey? Defect => DefectEvent is { } read ? DefectKey.Of(read.Source, read.Name, read.ProjectCode, read.SubjectId) : null;

    /// <summary>True when Qase's API can be asked for what nobody knows yet; then that becomes wanted with the event.</summary>
    public bool MayAsk { get; init; }

    public required RoutingDecision Decision { get; init; }

    /// <summary>W3C <c>traceparent</c> of the request, so that the send joins its trace.</summary>
    public string? TraceParent { get; init; }
}
