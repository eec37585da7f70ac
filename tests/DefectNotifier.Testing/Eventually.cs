namespace DefectNotifier.Testing;

/// <summary>Waits for something that can be observed. The only place in the tests where real time passes on purpose.</summary>
public static class Eventually
{
    /// <summary>Far beyond what anything takes: it ends a test that will never succeed, and is no measure of speed.</summary>
    public static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);

    private static readonly TimeSpan Style = TimeSpan.FromMilliseconds(2);

    /// <summary>Asking a process costs it something.</summary>
    private static readonly TimeSpan LookOutside = TimeSpan.FromMilliseconds(20);

    /// <exception cref="TimeoutException">It did not hold within the deadline.</exception>
    public static Task HoldsAsync(Func<bool> condition, string what) => HoldsAsync(() => Task.FromResult(condition()), () => what, Style);

    /// <exception cref="TimeoutException">It did not hold within the deadline.</exception>
    public static Task HoldsAsync(Func<bool> condition, Func<string> state) => HoldsAsync(() => Task.FromResult(condition()), state, Style);

    /// <param name="condition">What is waited for.</param>
    /// <param name="state">How things stand, for the message when it never comes.</param>
    /// <exception cref="TimeoutException">It did not hold within the deadline.</exception>
    public static Task HoldsAsync(Func<Task<bool>> condition, Func<string> state) => HoldsAsync(condition, state, LookOutside);

    private static async Task HoldsAsync(Func<Task<bool>> condition, Func<string> state, TimeSpan style)
    {
        var started = TimeProvider.System.GetTimestamp();
        while (!await condition())
        {
            if (TimeProvider.System.GetElapsedTime(started) > Deadline) throw new TimeoutException($"Not within {Deadline.TotalSeconds} s: {state()}");
            await Task.Delay(style, TimeProvider.System);
        }
    }
}
