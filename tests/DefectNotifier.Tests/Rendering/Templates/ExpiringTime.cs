namespace DefectNotifier.Tests.Rendering.Templates;

/// <summary>Time whose first timers, or all, are due at once; the others never.</summary>
internal sealed class ExpiringTime(int hastyTimers = int.MaxValue) : TimeProvider
{
    private int _timers;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        if (Interlocked.Increment(ref _timers) <= hastyTimers) callback(state);
        return System.CreateTimer(_ => { }, null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }
}
