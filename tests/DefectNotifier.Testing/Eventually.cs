namespace DefectNotifier.Testing;

/// <summary>Waits for something that can be observed. The only place in the tests where real time passes on purpose.</summary>
public static class Eventually
{
    /// <summary>Far more than anything takes; reached only when a test fails.</summary>
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(30);

    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(2);

    /// <summary>Returns when the condition holds.</summary>
    /// <exception cref="TimeoutException">It did not within 30 seconds.</exception>
    public static async Task HoldsAsync(Func<bool> condition, string what)
    {
        var started = TimeProvider.System.GetTimestamp();
        while (!condition())
        {
            if (TimeProvider.System.GetElapsedTime(started) > Deadline) throw new TimeoutException($"Waited {Deadline.TotalSeconds} s in vain for: {what}");
            await Task.Delay(Look, TimeProvider.System);
        }
    }
}
