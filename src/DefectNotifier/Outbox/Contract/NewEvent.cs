using DefectNotifier.Events;
using DefectNotifier.Routing;

namespace DefectNotifier.Outbox.Contract;

/// <summary>Everything that one commit stores: the event, its dedup key, its deliveries and its changes to its defect.</summary>
public sealed record NewEvent
{
    /// <summary>Our id, returned to the sender. Sorts by time of arrival.</summary>
    public required string Id { get; init; }

    /// <summary>See <see cref="Events.DedupKey"/>. Unique over all events: a second event with the same key is a duplicate.</summary>
    public required ReadOnlyMemory<byte> DedupKey { get; init; }

    public required string Source { get; init; }

    public required string Name { get; init; }

    public string? ProjectCode { get; init; }

    public long? SubjectId { get; init; }

    /// <summary>The title that it reports; null: it has none.</summary>
    public string? Title { get; init; }

    /// <summary>The member who caused it: see <see cref="DefectEvent.TeamMemberId"/>.</summary>
    public long? TeamMemberId { get; init; }

    public DateTimeOffset? OccurredAt { get; init; }

    public required DateTimeOffset ReceivedAt { get; init; }

    /// <summary>The request body as received. The bytes must not change any more.</summary>
    public required ReadOnlyMemory<byte> Body { get; init; }

    /// <summary>The parsed event, when it is about a defect; null: it is not.</summary>
    public DefectEvent? DefectEvent { get; init; }

    /// <summary>The defect that it is about; null: none.</summary>
    public DefectKey? Defect => DefectEvent is { } read ? DefectKey.Of(read.Source, read.Name, read.ProjectCode, read.SubjectId) : null;

    /// <summary>True when missing names and details can be requested from Qase's API.</summary>
    public bool CanEnrich { get; init; }

    /// <summary>
    /// The routes that decide where an event of a defect goes, in the commit that stores it, so that events of one defect that arrive
    /// together know of each other. Null: <see cref="Decision"/> is fixed.
    /// </summary>
    public RouteTable? Routes { get; init; }

    /// <summary>Where it goes. Replaced by what <see cref="Routes"/> decide, if they are set.</summary>
    public RoutingDecision Decision { get; init; } = RoutingDecision.Unrouted;

    /// <summary>W3C <c>traceparent</c> of the request, so that the send joins its trace.</summary>
    public string? TraceParent { get; init; }
}
