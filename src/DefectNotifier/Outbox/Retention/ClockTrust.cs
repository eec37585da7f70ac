namespace DefectNotifier.Outbox.Retention;

/// <summary>
/// Decides whether the wall clock may decide what is old: what is deleted does not come back. A clock that was set, while the service runs
/// or between two runs, is not trusted until the service has run with it for <see cref="TrustedAfter"/>: a wrong one is corrected by then.
/// </summary>
/// <param name="time">The clock.</param>
internal sealed class ClockTrust(TimeProvider time)
{
    public static readonly TimeSpan TrustedAfter = TimeSpan.FromHours(6);

    /// <summary>While the service runs, the clock may differ from the steady clock by this much.</summary>
    private static readonly TimeSpan MaxDrift = TimeSpan.FromHours(1);

    /// <summary>
    /// A longer stop can't be told from a clock that is ahead. A clock that is ahead by less deletes events at most a day too early.
    /// </summary>
    private static readonly TimeSpan MaxStop = TimeSpan.FromDays(1);

    // When the clock was read first, or found to have been set, and the same moment on the steady clock.
    private DateTimeOffset _seenAt = time.GetUtcNow();
    private long _seen = time.GetTimestamp();
    private string? _doubt;

    /// <summary>Compares the clock with that of the last run.</summary>
    /// <param name="last">When the clock was last trusted; null: never.</param>
    public void Begin(DateTimeOffset? last)
    {
        if (last is not { } before) return;
        var passed = _seenAt - before;
        if (passed > MaxStop)
            _doubt = $"the clock is {Text(passed)} ahead of the last time this outbox was used ({before:u}): the service was stopped for "
                + "so long, or the clock is wrong";
        else if (passed < -MaxDrift)
            _doubt = $"the clock is {Text(-passed)} behind the last time this outbox was used ({before:u})";
    }

    /// <summary>Null when the clock is trusted now; otherwise why it is not.</summary>
    public string? Doubt()
    {
        var drift = time.GetUtcNow() - _seenAt - time.GetElapsedTime(_seen);
        if (drift.Duration() > MaxDrift)
        {
            _doubt = $"the clock was set by {Text(drift)}, or the machine was suspended";
            (_seenAt, _seen) = (time.GetUtcNow(), time.GetTimestamp());
        }
        else if (time.GetElapsedTime(_seen) >= TrustedAfter) _doubt = null;

        return _doubt is null ? null : $"{_doubt}. Ages are trusted after the service has run for {TrustedAfter.TotalHours:0} hours";
    }

    private static string Text(TimeSpan span) =>
        span.Duration() >= TimeSpan.FromDays(2) ? $"{span.TotalDays:0} days" : $"{span.TotalHours:0} hours";
}
