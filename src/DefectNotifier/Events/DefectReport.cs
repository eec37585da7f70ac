namespace DefectNotifier.Events;

/// <summary>
/// What Qase's API said last of a defect besides its title, severity and status: what otherwise only the event of its creation tells. It belongs together, and a later
/// answer replaces all of it.
/// </summary>
/// <param name="Since">As of when it was true.</param>
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

    /// <summary>The later one; of two of the same moment always the same one.</summary>
    internal static DefectReport Later(DefectReport? before, DefectReport report) => before is null || before.Against(report) < 0 ? report : before;

    internal bool SaysTheSame(DefectReport? other) =>
        other is not null && ActualResult == other.ActualResult && CreatedBy == other.CreatedBy && CreatedAt == other.CreatedAt && ResolvedAt == other.ResolvedAt
        && Attachments.SequenceEqual(other.Attachments);

    private int Against(DefectReport other)
    {
        var order = Since.Against(other.Since);
        if (order == 0) order = string.CompareOrdinal(ActualResult, other.ActualResult);
        if (order == 0) order = Nullable.Compare(CreatedBy, other.CreatedBy);
        if (order == 0) order = Nullable.Compare(CreatedAt, other.CreatedAt);
        if (order == 0) order = Nullable.Compare(ResolvedAt, other.ResolvedAt);
        if (order == 0) order = Attachments.Count.CompareTo(other.Attachments.Count);
        for (var i = 0; order == 0 && i < Attachments.Count; i++)
        {
            order = string.CompareOrdinal(Attachments[i].Name, other.Attachments[i].Name);
            if (order == 0) order = string.CompareOrdinal(Attachments[i].Url, other.Attachments[i].Url);
        }

        return order;
    }
}
