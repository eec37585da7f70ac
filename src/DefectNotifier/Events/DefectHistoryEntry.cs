namespace DefectNotifier.Events;

/// <summary>
/// One thing that happened to a defect. Entries are ordered by time, in whatever order their webhooks arrived. Qase's times are whole
/// seconds, so within one second the order is created, updated, resolved, deleted. An API response comes after a creation or update of the
/// same second because it includes them, and before a resolution, which it would include if it had happened.
/// </summary>
/// <param name="Event">The event's name in lower case: <c>defect.resolved</c>.</param>
/// <param name="At">When it happened; when it arrived if Qase gave no time, or one that is not possible.</param>
/// <param name="TeamMemberId">Who did it; 0 for an automation, null if unknown.</param>
public sealed record DefectHistoryEntry(string Event, DateTimeOffset At, long? TeamMemberId)
{
    /// <summary>Not an event: a response of the API. It dates facts and is never part of a history.</summary>
    internal const string Response = "response";

    internal const string Created = "defect.created";
    internal const string Resolved = "defect.resolved";
    internal const string Deleted = "defect.deleted";
    private const string UpdatedName = "defect.updated";

    /// <summary>True when <see cref="At"/> is the time of arrival.</summary>
    public bool IsArrival { get; init; }

    internal static DefectHistoryEntry Of(DefectEvent defectEvent, DateTimeOffset receivedAt)
    {
        var occurred = defectEvent.PossibleTime(receivedAt);
        return new DefectHistoryEntry(
            defectEvent.Name.ToLowerInvariant(), ToMillisecond(occurred ?? receivedAt), defectEvent.TeamMemberId)
        {
            IsArrival = occurred is null,
        };
    }

    /// <summary>The precision of the store, so that an entry compares the same before and after it was stored.</summary>
    internal static DateTimeOffset ToMillisecond(DateTimeOffset time) =>
        DateTimeOffset.FromUnixTimeMilliseconds(time.ToUnixTimeMilliseconds());

    internal static bool IsUpdateName(string eventName) => string.Equals(eventName, UpdatedName, StringComparison.OrdinalIgnoreCase);

    /// <summary>True for <c>defect.updated</c> and for events of unknown names.</summary>
    internal bool IsUpdate => Rank == 1;

    /// <summary>Negative when this entry is before the other, positive when after; 0 only when they are equal.</summary>
    internal int CompareTo(DefectHistoryEntry other)
    {
        // A creation without a time is before everything else, however late it arrived.
        var order = (Event == Created && IsArrival ? 0 : 1).CompareTo(other.Event == Created && other.IsArrival ? 0 : 1);
        if (order == 0) order = At.CompareTo(other.At);
        if (order == 0) order = Rank.CompareTo(other.Rank);
        // The rest has no meaning; it makes the order total, so that the result never depends on the order of arrival.
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
