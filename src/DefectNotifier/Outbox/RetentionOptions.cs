namespace DefectNotifier.Outbox;

/// <summary>
/// How long the outbox keeps what has ended; section <c>Retention</c>. What is still owed, or held for somebody to look at, is kept as long as it takes.
/// </summary>
public sealed record RetentionOptions
{
    /// <summary>
    /// How long an event stays after the last of its deliveries was delivered or discarded, or after its arrival when no route took it; default 30 days,
    /// at least 1 day. Its dedup key goes with it: the same webhook, sent again later still, is a new one. Qase sends again within hours.
    /// </summary>
    public TimeSpan Delivered { get; init; } = TimeSpan.FromDays(30);

    /// <summary>How long an event with a dead letter stays after the last of its deliveries ended; default 90 days, at least 1 day.</summary>
    public TimeSpan Dead { get; init; } = TimeSpan.FromDays(90);

    /// <summary>How often it is looked for what may go; default every hour, from a second on. The first time is a minute after the start, or sooner where this is less.</summary>
    public TimeSpan Every { get; init; } = TimeSpan.FromHours(1);

    /// <summary>
    /// Bytes in use above which events go before <see cref="Delivered"/> is over, the oldest first; default 2 GiB, 0: no bound. Dead letters keep their
    /// time, and what is owed or held stays: where those alone are more, the bound is exceeded and the log says so. Space that was given free is used
    /// again, but the file does not get smaller, so the bound belongs well below the size of the disk.
    /// </summary>
    public long MaxBytes { get; init; } = 2L * 1024 * 1024 * 1024;
}
