namespace DefectNotifier.Outbox;

/// <summary>What is remembered of a member of a workspace.</summary>
/// <param name="Name">Null: Qase does not know either.</param>
/// <param name="AskedAt">When Qase was asked last.</param>
public sealed record KnownName(string? Name, DateTimeOffset AskedAt)
{
    /// <summary>Names change rarely.</summary>
    private static readonly TimeSpan KeepName = TimeSpan.FromHours(12);

    /// <summary>Somebody whom Qase does not know will hardly turn up.</summary>
    private static readonly TimeSpan KeepUnknown = TimeSpan.FromDays(1);

    /// <summary>Until then it is not asked for again. Older names are still shown, while they are asked for.</summary>
    public DateTimeOffset FreshUntil => AskedAt + (Name is null ? KeepUnknown : KeepName);

    /// <summary>Not so long after it was told, and not long before it either: then the clock was set.</summary>
    public bool IsFresh(DateTimeOffset at) => at < FreshUntil && AskedAt - at < KeepUnknown;
}
