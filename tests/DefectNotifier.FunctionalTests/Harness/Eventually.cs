using System.Diagnostics;

namespace DefectNotifier.FunctionalTests.Harness;

/// <summary>Waits for what an operator or a chat would see. The one place that polls.</summary>
internal static class Eventually
{
    /// <summary>Far beyond what anything here takes: it ends a test that will never succeed, and is no measure of speed.</summary>
    public static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);

    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(20);

    public static Task TrueAsync(Func<bool> condition, Func<string> state) => TrueAsync(() => Task.FromResult(condition()), state);

    /// <param name="condition">What is waited for.</param>
    /// <param name="state">How things stand, for the message when it never comes.</param>
    public static async Task TrueAsync(Func<Task<bool>> condition, Func<string> state)
    {
        var started = Stopwatch.GetTimestamp();
        while (!await condition())
        {
            if (Stopwatch.GetElapsedTime(started) > Deadline) Assert.Fail($"Not within {Deadline.TotalSeconds} s. {state()}");
            await Task.Delay(Interval, TimeProvider.System, TestContext.Current.CancellationToken);
        }
    }
}
