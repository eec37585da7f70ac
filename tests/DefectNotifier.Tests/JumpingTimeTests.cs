using DefectNotifier.Testing;

namespace DefectNotifier.Tests;

public sealed class JumpingTimeTests
{
    private static readonly TimeSpan RequestTimeout = TimeSpan.FromSeconds(15);

    private readonly JumpingTime _time = new(Some.Moment) { RequestTimeout = RequestTimeout };

    [Fact]
    public async Task UntilAsync_TimersPending_JumpsToEachExactly()
    {
        var seen = new List<double>();
        var running = RunAsync([2, 3600, 0.5], seen);

        await UntilAsync(() => running.IsCompleted);

        Assert.Equal([2, 3602, 3602.5], seen);
    }

    [Fact]
    public async Task UntilAsync_RequestInFlight_DoesNotJumpToItsTimeout()
    {
        using var timeout = new CancellationTokenSource(RequestTimeout, _time);
        var answer = Task.Run(() => Thread.Yield(), CancellationToken.None);

        await UntilAsync(() => answer.IsCompleted);

        Assert.Equal((Some.Moment, false), (_time.GetUtcNow(), timeout.IsCancellationRequested));
    }

    [Fact]
    public async Task UntilAsync_RequestHangs_JumpsToItsTimeoutAndToNoLaterOne()
    {
        using var timeout = new CancellationTokenSource(RequestTimeout, _time);
        var request = _time.HangAsync(timeout.Token);
        await UntilAsync(() => request.IsCompleted);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => request);

        using var next = new CancellationTokenSource(RequestTimeout, _time);
        var answer = Task.Run(() => Thread.Yield(), CancellationToken.None);
        await UntilAsync(() => answer.IsCompleted);

        Assert.Equal((RequestTimeout, false), (_time.GetUtcNow() - Some.Moment, next.IsCancellationRequested));
    }

    [Fact]
    public async Task UntilAsync_OneOfTwoWorks_DoesNotJumpToTheTimerOfTheOther()
    {
        var seen = new List<double>();
        var waiting = RunAsync([10], seen);
        var worked = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var working = RunAfterAsync(worked.Task, 4, seen);

        var ended = _time.UntilAsync(() => waiting.IsCompleted && working.IsCompleted, () => "both", timers: 2);
        Assert.Equal(Some.Moment, _time.GetUtcNow());
        worked.SetResult();
        await Eventually.HoldsAsync(() => working.IsCompleted, "the second");

        Assert.Equal([4], seen);
        await UntilAsync(() => waiting.IsCompleted);
        await ended;
    }

    [Fact]
    public async Task UntilAsync_TimerCreatedDuringTheCheck_ChecksAgainBeforeAJump()
    {
        var waiting = Task.CompletedTask;

        await UntilAsync(() =>
        {
            if (!waiting.IsCompleted) return true;
            waiting = Task.Delay(TimeSpan.FromSeconds(10), _time);
            return false;
        });

        Assert.Equal(Some.Moment, _time.GetUtcNow());
    }

    [Fact]
    public async Task RunAsync_SomeTime_EndsAtItsEndAndNotAtATimer()
    {
        var seen = new List<double>();
        var running = RunAsync([4, 4, 4], seen);

        await _time.RunAsync(TimeSpan.FromSeconds(10));

        Assert.Equal([4, 8], seen);
        Assert.Equal((10, false), ((_time.GetUtcNow() - Some.Moment).TotalSeconds, running.IsCompleted));
    }

    [Fact]
    public async Task UntilAsync_MinJump_JumpsAtLeastSoFar()
    {
        var seen = new List<double>();
        _time.MinJump = TimeSpan.FromMinutes(5);
        var running = RunAsync([2, 3600], seen);

        await UntilAsync(() => running.IsCompleted);

        Assert.Equal([300, 3900], seen);
    }

    private Task UntilAsync(Func<bool> condition) => _time.UntilAsync(condition, () => "the end");

    private async Task RunAsync(double[] waits, List<double> seen)
    {
        foreach (var seconds in waits)
        {
            await Task.Delay(TimeSpan.FromSeconds(seconds), _time);
            seen.Add((_time.GetUtcNow() - Some.Moment).TotalSeconds);
        }
    }

    private async Task RunAfterAsync(Task work, double wait, List<double> seen)
    {
        await work;
        await RunAsync([wait], seen);
    }
}
