namespace DefectNotifier.Outbox.Contract;

/// <summary>What is stored about a member of a workspace.</summary>
/// <param name="Name">Null: Qase does not know the member.</param>
/// <param name="AskedAt">When it was last requested from Qase.</param>
public sealed record KnownName(string? Name, DateTimeOffset AskedAt)
{
    /// <summary>Names change rarely.</summary>
    private static readonly TimeSpan KeepName = TimeSpan.FromHours(12);

    /// <summary>A member that Qase does not know will probably not appear later.</summary>
    private static readonly TimeSpan KeepUnknown = TimeSpan.FromDays(1);

    /// <summary>Until then the name is not requested again. An older name is still shown while a new one is requested.</summary>
    public DateTimeOffset FreshUntil => AskedAt + (Name is null ? KeepUnknown : KeepName);

    /// <summary>False also for a time long before <see cref="AskedAt"/>: then the clock was set back.</summary>
    public bool IsFresh(DateTimeOffset at) => at < FreshUntil && AskedAt - at < KeepUnknown;
}
