namespace DefectNotifier.Outbox.Retention;

/// <summary>
/// Decides whether the wall clock is trusted. Events are deleted by age only with a trusted clock, because a deletion cannot be undone. A
/// clock that was set, while the service runs or between two runs, is trusted again after the service has run for
/// <see cref="TrustedAfter"/>: a wrong clock is corrected by then.
/// </summary>
/// <param name="time">The clock.</param>
internal sealed class ClockTrust(TimeProvider time)
{
    public static readonly TimeSpan TrustedAfter = TimeSpan.FromHours(6);

    /// <summary>While the service runs, the clock may differ from the steady clock by this much.</summary>
    private static readonly TimeSpan MaxDrift = TimeSpan.FromHours(1);

    /// <summary>
    /// A longer stop looks the same as a clock that is ahead. A clock that is less ahead deletes events at most a day too early.
    /// </summary>
    private static readonly TimeSpan MaxStop = TimeSpan.FromDays(1);

    // The wall-clock time of the first reading, or of the last detected change, and the steady-clock time of the same moment.
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
            _doubt = $"the clock is {Text(passed)} ahead of the last time this outbox was used ({before:u}): the service was "
                + "stopped for this time, or the clock is wrong";
        else if (passed < -MaxDrift)
            _doubt = $"the clock is {Text(-passed)} behind the last time this outbox was used ({before:u})";
    }

    /// <summary>Null when the clock is trusted now; otherwise why it is not.</summary>
    public string? Doubt()
    {
        var drift = time.GetUtcNow() - _seenAt - time.GetElapsedTime(_seen);
        if (drift.Duration() > MaxDrift)
        {
            _doubt = $"the clock was changed by {Text(drift)}, or the machine was suspended";
            (_seenAt, _seen) = (time.GetUtcNow(), time.GetTimestamp());
        }
        else if (time.GetElapsedTime(_seen) >= TrustedAfter) _doubt = null;

        return _doubt is null ? null : $"{_doubt}. Ages are trusted after the service has run for {TrustedAfter.TotalHours:0} hours";
    }

    private static string Text(TimeSpan span) =>
        span.Duration() >= TimeSpan.FromDays(2) ? $"{span.TotalDays:0} days" : $"{span.TotalHours:0} hours";
}
