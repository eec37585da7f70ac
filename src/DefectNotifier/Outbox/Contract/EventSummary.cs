using DefectNotifier.Routing;

namespace DefectNotifier.Outbox.Contract;

/// <summary>One event in a list, with what an operator needs to recognize it.</summary>
/// <param name="Sequence">Grows in the order of acceptance.</param>
/// <param name="Id">Its id.</param>
/// <param name="Source">The endpoint that received it; empty for the default one.</param>
/// <param name="Name">Its name, as the sender wrote it.</param>
/// <param name="ProjectCode">Its project, as the sender wrote it; null without one.</param>
/// <param name="SubjectId">The defect's number (or the run's, the case's, ...); null when the event has none.</param>
/// <param name="ReceivedAt">When it was accepted.</param>
/// <param name="IsUnrouted">True when no route took it.</param>
/// <param name="Deliveries">Its deliveries, in the order in which the routes named the destinations.</param>
public sealed record EventSummary(
    long Sequence,
    string Id,
    string Source,
    string Name,
    string? ProjectCode,
    long? SubjectId,
    DateTimeOffset ReceivedAt,
    bool IsUnrouted,
    IReadOnlyList<DeliverySummary> Deliveries)
{
    /// <summary>The event's title, else the one that is stored for its defect; null: neither is known.</summary>
    public string? Title { get; init; }

    /// <summary>The event's severity, else the one that is stored for its defect, as a slug; null: neither is known.</summary>
    public string? Severity { get; init; }

    /// <summary>Who caused it, as messages say it, for example <c>team member 40</c>; null: the event does not say.</summary>
    public string? Actor { get; init; }
}

/// <summary>One delivery of an event in a list.</summary>
/// <param name="Id">Its number.</param>
/// <param name="Destination">Its destination.</param>
/// <param name="State">Its state.</param>
/// <param name="Reason">Why it is in that state; null when nothing has happened yet, or for a reason of a later version.</param>
/// <param name="EndedAt">When it entered its state; null while it is pending.</param>
/// <param name="DueAt">When the quiet hours that defer it end, or when a digest is sent at the earliest; null: at once.</param>
public sealed record DeliverySummary(
    long Id, string Destination, DeliveryState State, SendReason? Reason, DateTimeOffset? EndedAt, DateTimeOffset? DueAt);

/// <summary>Which events to list. All conditions must be met; null: no condition.</summary>
public sealed record EventSummaryQuery
{
    public const int DefaultLimit = 50;
    public const int MaxLimit = 200;

    /// <summary>The beginning of the event's id, or all of it.</summary>
    public string? IdPrefix { get; init; }

    /// <summary>The project code, with <c>*</c> and <c>?</c>.</summary>
    public Glob? ProjectCode { get; init; }

    /// <summary>The event's name, with <c>*</c> and <c>?</c>.</summary>
    public Glob? Name { get; init; }

    /// <summary>The slug of the severity that the list shows.</summary>
    public string? Severity { get; init; }

    /// <summary>The endpoint; empty for the default one.</summary>
    public string? Source { get; init; }

    /// <summary>The defect's number (or the run's, the case's, ...).</summary>
    public long? SubjectId { get; init; }

    /// <summary>Words that the title must contain, in any case.</summary>
    public IReadOnlyList<string> Words { get; init; } = [];

    /// <summary>Only events that no route took.</summary>
    public bool UnroutedOnly { get; init; }

    /// <summary>
    /// A destination's name, in any case. <see cref="State"/>, <see cref="Reason"/> and this are conditions on the same delivery.
    /// </summary>
    public string? Destination { get; init; }

    public DeliveryState? State { get; init; }

    public SendReason? Reason { get; init; }

    /// <summary>Reading, newest first, ends at the first event that was received before this.</summary>
    public DateTimeOffset? Since { get; init; }

    /// <summary>Only events that were received until then.</summary>
    public DateTimeOffset? Until { get; init; }

    /// <summary>Only events with a smaller sequence: <see cref="EventSummaryPage.Next"/> of the previous page.</summary>
    public long? Before { get; init; }

    /// <summary>Only events with a larger sequence.</summary>
    public long? After { get; init; }

    /// <summary>The maximum number; 1 to 200, default 50.</summary>
    public int Limit { get; init; } = DefaultLimit;

    /// <summary>True when the event meets the conditions that need neither its deliveries nor its title and severity.</summary>
    public bool CoversEvent(EventSummary one) =>
        (IdPrefix is null || one.Id.StartsWith(IdPrefix, StringComparison.Ordinal))
        && (ProjectCode is null || (one.ProjectCode is { } code && ProjectCode.IsMatch(code)))
        && Name?.IsMatch(one.Name) != false
        && (Source is null || string.Equals(Source, one.Source, StringComparison.Ordinal))
        && (SubjectId is null || SubjectId == one.SubjectId)
        && (!UnroutedOnly || one.IsUnrouted)
        && !(one.ReceivedAt > Until);

    /// <summary>True when one of its deliveries meets the conditions on deliveries, or there are none.</summary>
    public bool CoversDeliveries(EventSummary one) =>
        (Destination is null && State is null && Reason is null)
        || one.Deliveries.Any(delivery => IsSame(Destination, delivery.Destination)
            && (State is null || State == delivery.State) && (Reason is null || Reason == delivery.Reason));

    /// <summary>True when its title and severity meet the conditions.</summary>
    public bool CoversTitle(EventSummary one) =>
        IsSame(Severity, one.Severity) && Words.All(word => one.Title?.Contains(word, StringComparison.OrdinalIgnoreCase) == true);

    private static bool IsSame(string? asked, string? found) =>
        asked is null || string.Equals(asked, found, StringComparison.OrdinalIgnoreCase);
}

/// <summary>Some of the events that were asked for, newest first.</summary>
/// <param name="Events">Those that meet the conditions.</param>
/// <param name="Next">
/// The <see cref="EventSummaryQuery.Before"/> of the next page; null: there is none. A page ends early when the store has read many events
/// that do not match.
/// </param>
public sealed record EventSummaryPage(IReadOnlyList<EventSummary> Events, long? Next);
