namespace DefectNotifier.Tests.Rendering.Templates;

/// <summary>Time in which the first timers, or all, expire at once and the others never.</summary>
internal sealed class ExpiringTime(int expiringTimers = int.MaxValue) : TimeProvider
{
    private int _timers;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        if (Interlocked.Increment(ref _timers) <= expiringTimers) callback(state);
        return System.CreateTimer(_ => { }, null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }
}
