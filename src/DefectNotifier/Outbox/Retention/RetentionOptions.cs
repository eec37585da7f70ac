namespace DefectNotifier.Outbox.Retention;

/// <summary>
/// How long the outbox keeps finished events; section <c>Retention</c>. Pending and held deliveries are kept as long as it takes.
/// </summary>
public sealed record RetentionOptions
{
    /// <summary>
    /// How long an event is kept after the last of its deliveries was delivered or discarded, or after its arrival when no route took it;
    /// default 30 days, at least 1 day. Its dedup key is deleted with it: the same webhook, sent again after that, is a new event. Qase
    /// sends again within hours.
    /// </summary>
    public TimeSpan Delivered { get; init; } = TimeSpan.FromDays(30);

    /// <summary>
    /// How long an event with a dead letter is kept after the last of its deliveries ended; default 90 days, at least 1 day.
    /// </summary>
    public TimeSpan Dead { get; init; } = TimeSpan.FromDays(90);

    /// <summary>
    /// How often old events are deleted; default every hour, minimum 1 second. The first time is a minute after the start, or sooner when
    /// this is less.
    /// </summary>
    public TimeSpan Every { get; init; } = TimeSpan.FromHours(1);

    /// <summary>
    /// Bytes in use above which events are deleted before <see cref="Delivered"/>, oldest first; default 2 GiB, 0: no limit. Dead letters,
    /// pending and held deliveries are kept: when those alone are more, the limit is exceeded and the log says so. Free space inside the
    /// file is used again, but the file does not shrink, so the limit should be well below the size of the disk.
    /// </summary>
    public long MaxBytes { get; init; } = 2L * 1024 * 1024 * 1024;
}
