namespace DefectNotifier.Testing;

/// <summary>Waits until a condition holds. The only place in the tests that waits in real time.</summary>
public static class Eventually
{
    /// <summary>Much longer than any operation takes: it only ends a test that would never succeed.</summary>
    public static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);

    internal static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(2);

    /// <summary>Longer, because a request to a process uses CPU time.</summary>
    private static readonly TimeSpan ProcessPollInterval = TimeSpan.FromMilliseconds(20);

    /// <exception cref="TimeoutException">The condition did not hold within the deadline.</exception>
    public static Task HoldsAsync(Func<bool> condition, string what) =>
        HoldsAsync(() => Task.FromResult(condition()), () => what, PollInterval);

    /// <exception cref="TimeoutException">The condition did not hold within the deadline.</exception>
    public static Task HoldsAsync(Func<bool> condition, Func<string> state) =>
        HoldsAsync(() => Task.FromResult(condition()), state, PollInterval);

    /// <param name="condition">The condition.</param>
    /// <param name="state">The current state, for the message of the exception.</param>
    /// <exception cref="TimeoutException">The condition did not hold within the deadline.</exception>
    public static Task HoldsAsync(Func<Task<bool>> condition, Func<string> state) => HoldsAsync(condition, state, ProcessPollInterval);

    internal static async Task HoldsAsync(Func<Task<bool>> condition, Func<string> state, TimeSpan interval)
    {
        var started = TimeProvider.System.GetTimestamp();
        while (!await condition())
        {
            if (TimeProvider.System.GetElapsedTime(started) > Deadline)
                throw new TimeoutException($"The condition did not hold within {Deadline.TotalSeconds} s: {state()}");
            await Task.Delay(interval, TimeProvider.System);
        }
    }
}
