namespace DefectNotifier.Tests.Postgres;

/// <summary>A machine's clocks: the wall clock may be wrong, the steady clock and all waits may be faster than real ones.</summary>
/// <param name="speed">How many seconds pass in each real one.</param>
internal sealed class MachineTime(int speed = 1) : TimeProvider
{
    /// <summary>How far the wall clock is ahead of the right time.</summary>
    public TimeSpan Ahead { get; set; }

    public override long TimestampFrequency => System.TimestampFrequency;

    public override DateTimeOffset GetUtcNow() => System.GetUtcNow() + Ahead;

    public override long GetTimestamp() => System.GetTimestamp() * speed;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
        new Timer(this, System.CreateTimer(callback, state, RealOf(dueTime), RealOf(period)));

    private TimeSpan RealOf(TimeSpan span) => span == Timeout.InfiniteTimeSpan ? span : span / speed;

    private sealed class Timer(MachineTime time, ITimer real) : ITimer
    {
        public bool Change(TimeSpan dueTime, TimeSpan period) => real.Change(time.RealOf(dueTime), time.RealOf(period));

        public void Dispose() => real.Dispose();

        public ValueTask DisposeAsync() => real.DisposeAsync();
    }
}
