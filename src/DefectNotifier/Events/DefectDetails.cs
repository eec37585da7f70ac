namespace DefectNotifier.Events;

/// <summary>What Qase's API answered about a defect. Anything may be missing.</summary>
public sealed record DefectDetails
{
    /// <summary>Longer results are cut: more than any message shows.</summary>
    public const int MaxResult = 20_000;

    /// <summary>More files are left out.</summary>
    public const int MaxAttachments = 50;

    public string? Title { get; init; }

    public Severity? Severity { get; init; }

    public string? Status { get; init; }

    public string? ActualResult { get; init; }

    public IReadOnlyList<Attachment> Attachments { get; init; } = [];

    /// <summary>Who created it, by the same numbers as <see cref="DefectEvent.TeamMemberId"/>.</summary>
    public long? CreatedBy { get; init; }

    public DateTimeOffset? CreatedAt { get; init; }

    public DateTimeOffset? UpdatedAt { get; init; }

    public DateTimeOffset? ResolvedAt { get; init; }

    /// <summary>When it was asked, by our clock.</summary>
    public required DateTimeOffset AskedAt { get; init; }

    /// <summary>
    /// As of when it is true: the latest time that the defect itself has. That is Qase's clock, as in events, so an event that came while the answer was on its way is
    /// still the later one. Ours stands in only where there is no time at all.
    /// </summary>
    internal DefectHistoryEntry Since
    {
        get
        {
            DateTimeOffset? latest = null;
            foreach (var time in (ReadOnlySpan<DateTimeOffset?>)[CreatedAt, UpdatedAt, ResolvedAt])
                if (latest is null || time > latest) latest = time;
            return new DefectHistoryEntry(DefectHistoryEntry.Response, DefectHistoryEntry.ToMillisecond(latest ?? AskedAt), TeamMemberId: null) { IsArrival = latest is null };
        }
    }
}
