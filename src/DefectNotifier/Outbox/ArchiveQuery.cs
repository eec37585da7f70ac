namespace DefectNotifier.Outbox;

/// <summary>Which stored events to read, newest first.</summary>
public sealed record ArchiveQuery
{
    public const int MaxLimit = 500;

    /// <summary>Only events received since then; null: all.</summary>
    public DateTimeOffset? Since { get; init; }

    /// <summary>Only events before this place: the page before says it. Null: from the newest.</summary>
    public long? Before { get; init; }

    /// <summary>At most so many; 1 to 500, default 500. A page of long bodies ends sooner.</summary>
    public int Limit { get; init; } = MaxLimit;
}
