using System.Runtime.InteropServices;

namespace DefectNotifier.Telemetry;

/// <summary>
/// Limits the log lines about single events or messages: a few per second have a line of their own, the others of the same second are
/// summed to one line. So the cost of logging does not grow with the load. Thread-safe.
/// </summary>
/// <param name="time">The clock.</param>
/// <param name="write">Logs a sum.</param>
public sealed class LineBudget(TimeProvider time, Action<LineSum> write)
{
    /// <summary>How many of each second have a line of their own.</summary>
    public const int SinglesPerSecond = 10;

    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    private readonly Lock _lock = new();
    private long _since;
    private int _singles;
    private LineSum _sum;

    /// <summary>True when this one gets a line of its own; otherwise it is part of the sum of its second.</summary>
    /// <param name="duration">How long it took.</param>
    /// <param name="parts">How many parts it has, for <see cref="LineSum.Parts"/>.</param>
    public bool TryTake(TimeSpan duration, int parts = 0)
    {
        LineSum before;
        bool isSingle;
        lock (_lock)
        {
            var now = time.GetTimestamp();
            before = default;
            if (_singles == 0 || time.GetElapsedTime(_since, now) >= Second)
            {
                // The timer of the second before may be late.
                (before, _sum) = (_sum, default);
                (_since, _singles) = (now, 0);
            }

            isSingle = _singles < SinglesPerSecond;
            if (isSingle) _singles++;
            else
            {
                if (_sum.Count == 0) _ = FlushLaterAsync(Second - time.GetElapsedTime(_since, now));
                _sum = _sum.With(duration, parts);
            }
        }

        if (before.Count > 0) write(before);
        return isSingle;
    }

    /// <summary>Logs what was summed and not logged yet; for the end.</summary>
    public void Flush()
    {
        LineSum sum;
        lock (_lock) (sum, _sum) = (_sum, default);
        if (sum.Count > 0) write(sum);
    }

    // One task for each second that has a sum.
    private async Task FlushLaterAsync(TimeSpan rest)
    {
        await Task.Delay(rest, time, CancellationToken.None).ConfigureAwait(false);
        Flush();
    }
}

/// <summary>What happened in the rest of one second.</summary>
/// <param name="Count">How many times.</param>
/// <param name="Parts">The parts of all of them.</param>
/// <param name="Longest">The longest duration.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct LineSum(int Count, int Parts, TimeSpan Longest)
{
    internal LineSum With(TimeSpan duration, int parts) => new(Count + 1, Parts + parts, duration > Longest ? duration : Longest);
}
