namespace DefectNotifier.Events;

/// <summary>A defect as Qase's API returned it. Anything may be missing.</summary>
public sealed record DefectDetails
{
    /// <summary>Longer results are cut: no message shows more.</summary>
    public const int MaxResult = 20_000;

    /// <summary>Further files are left out.</summary>
    public const int MaxAttachments = 50;

    public string? Title { get; init; }

    public Severity? Severity { get; init; }

    public string? Status { get; init; }

    public string? ActualResult { get; init; }

    public IReadOnlyList<Attachment> Attachments { get; init; } = [];

    /// <summary>The member who created it, an id like <see cref="DefectEvent.TeamMemberId"/>.</summary>
    public long? CreatedBy { get; init; }

    public DateTimeOffset? CreatedAt { get; init; }

    public DateTimeOffset? UpdatedAt { get; init; }

    public DateTimeOffset? ResolvedAt { get; init; }

    /// <summary>When the API was asked, by our clock.</summary>
    public required DateTimeOffset AskedAt { get; init; }

    /// <summary>
    /// From when the details are valid: the defect's own latest time. That is Qase's clock, as in events, so an event that was sent after
    /// the API read the defect is later. Our clock is used only where the defect has no time that is possible.
    /// </summary>
    internal DefectHistoryEntry Since
    {
        get
        {
            DateTimeOffset? latest = null;
            foreach (var time in (ReadOnlySpan<DateTimeOffset?>)[CreatedAt, UpdatedAt, ResolvedAt])
                if (time <= AskedAt + DefectEvent.MaxClockDifference && !(time <= latest)) latest = time;
            var at = DefectHistoryEntry.ToMillisecond(latest ?? AskedAt);
            return new DefectHistoryEntry(DefectHistoryEntry.Response, at, TeamMemberId: null) { IsArrival = latest is null };
        }
    }
}

/// <summary>
/// What Qase's API last returned of a defect besides title, severity and status: otherwise only the event of its creation has this. A later
/// response replaces all of it.
/// </summary>
/// <param name="Since">From when it is valid.</param>
public sealed record DefectReport(DefectHistoryEntry Since)
{
    public string? ActualResult { get; init; }

    public IReadOnlyList<Attachment> Attachments { get; init; } = [];

    public long? CreatedBy { get; init; }

    public DateTimeOffset? CreatedAt { get; init; }

    public DateTimeOffset? ResolvedAt { get; init; }

    internal static DefectReport Of(DefectDetails details) => new(details.Since)
    {
        ActualResult = details.ActualResult,
        Attachments = details.Attachments,
        CreatedBy = details.CreatedBy,
        CreatedAt = details.CreatedAt is { } created ? DefectHistoryEntry.ToMillisecond(created) : null,
        ResolvedAt = details.ResolvedAt is { } resolved ? DefectHistoryEntry.ToMillisecond(resolved) : null,
    };

    /// <summary>The later one. For equal times the choice is the same in whatever order the two arrive.</summary>
    internal static DefectReport Later(DefectReport? before, DefectReport report) =>
        before is null || before.CompareTo(report) < 0 ? report : before;

    internal bool HasSameContentAs(DefectReport? other) =>
        other is not null
        && (ActualResult, CreatedBy, CreatedAt, ResolvedAt) == (other.ActualResult, other.CreatedBy, other.CreatedAt, other.ResolvedAt)
        && Attachments.SequenceEqual(other.Attachments);

    private int CompareTo(DefectReport other)
    {
        var order = Since.CompareTo(other.Since);
        if (order == 0) order = string.CompareOrdinal(ActualResult, other.ActualResult);
        if (order == 0) order = Nullable.Compare(CreatedBy, other.CreatedBy);
        if (order == 0) order = Nullable.Compare(CreatedAt, other.CreatedAt);
        if (order == 0) order = Nullable.Compare(ResolvedAt, other.ResolvedAt);
        if (order == 0) order = Attachments.Count.CompareTo(other.Attachments.Count);
        for (var i = 0; order == 0 && i < Attachments.Count; i++)
        {
            order = string.CompareOrdinal(Attachments[i].Name, other.Attachments[i].Name);
            if (order == 0) order = string.CompareOrdinal(Attachments[i].Url, other.Attachments[i].Url);
            if (order == 0) order = string.CompareOrdinal(Attachments[i].Mime, other.Attachments[i].Mime);
            if (order == 0) order = Nullable.Compare(Attachments[i].Size, other.Attachments[i].Size);
        }

        return order;
    }
}
