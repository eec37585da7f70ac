namespace DefectNotifier.Events;

/// <summary>
/// One thing that happened to a defect. Entries have an order of their own, whatever the order in which their webhooks came: by time, and within one moment created
/// before updated before resolved before deleted, because Qase's times are whole seconds. A answer of its API has a place in that order too: it was given after its
/// newest change, so it comes after a creation and an update of that moment; a resolution that it does not know of came later.
/// </summary>
/// <param name="Event">The event's name, lower case: <c>defect.resolved</c>.</param>
/// <param name="At">When it happened; when it arrived where Qase did not say.</param>
/// <param name="TeamMemberId">Who did it; 0 is an automation, null unknown.</param>
public sealed record DefectHistoryEntry(string Event, DateTimeOffset At, long? TeamMemberId)
{
    /// <summary>No event: what the API said. It is the source of facts and never stands in a history.</summary>
    internal const string Response = "response";

    internal const string Created = "defect.created";
    internal const string Resolved = "defect.resolved";
    internal const string Deleted = "defect.deleted";

    /// <summary>None of Qase's: more is known of the defect than its events told.</summary>
    internal const string Details = "defect.details";

    /// <summary>True when <see cref="At"/> is the time of arrival.</summary>
    public bool IsArrival { get; init; }

    internal static DefectHistoryEntry Of(DefectEvent defectEvent, DateTimeOffset receivedAt) => new(
        defectEvent.Name.ToLowerInvariant(),
        ToMillisecond(defectEvent.OccurredAt ?? receivedAt),
        defectEvent.TeamMemberId)
    {
        IsArrival = defectEvent.OccurredAt is null,
    };

    /// <summary>What is stored: what was read again compares as it did before.</summary>
    internal static DateTimeOffset ToMillisecond(DateTimeOffset time) => DateTimeOffset.FromUnixTimeMilliseconds(time.ToUnixTimeMilliseconds());

    /// <summary>True for <c>defect.updated</c> and for anything that is new to us.</summary>
    internal bool IsUpdate => Rank == 1;

    /// <summary>Less than 0 when it comes before the other, more than 0 when it comes after; 0 only for an equal one.</summary>
    internal int Against(DefectHistoryEntry other)
    {
        // A creation that came late and does not say when it was is no news: it was before everything.
        var order = (Event == Created && IsArrival ? 0 : 1).CompareTo(other.Event == Created && other.IsArrival ? 0 : 1);
        if (order == 0) order = At.CompareTo(other.At);
        if (order == 0) order = Rank.CompareTo(other.Rank);
        // What follows means nothing, but any two have the same order every time.
        if (order == 0) order = string.CompareOrdinal(Event, other.Event);
        if (order == 0) order = Nullable.Compare(TeamMemberId, other.TeamMemberId);
        return order == 0 ? IsArrival.CompareTo(other.IsArrival) : order;
    }

    private int Rank => Event switch
    {
        Created => 0,
        Response => 2,
        Resolved => 3,
        Deleted => 4,
        _ => 1,
    };
}
