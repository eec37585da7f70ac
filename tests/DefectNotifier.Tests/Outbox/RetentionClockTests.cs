using System.Diagnostics.Metrics;
using DefectNotifier.Outbox.Contract;
using DefectNotifier.Outbox.Retention;
using DefectNotifier.Telemetry;
using DefectNotifier.Testing;
using DefectNotifier.Tests.Delivery;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;

namespace DefectNotifier.Tests.Outbox;

/// <summary>Retention with a clock that was set, while the service ran or while it was stopped.</summary>
public sealed class RetentionClockTests : IAsyncDisposable
{
    private static readonly DateTimeOffset Used = Some.Moment.AddDays(20);

    private readonly JumpingTime _time = new(Used);
    private readonly ShiftedTime _clock;
    private readonly InMemoryOutbox _outbox = new();
    private readonly LogLines<ServiceHealth> _healthLog = new();
    private readonly ServiceHealth _health;
    private readonly NotifierMetrics _metrics = new(
        new ServiceCollection().AddMetrics().BuildServiceProvider().GetRequiredService<IMeterFactory>());
    private OutboxPruner? _pruner;

    public RetentionClockTests()
    {
        _clock = new ShiftedTime(_time);
        _health = new ServiceHealth(_time, _healthLog);
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _metrics.Dispose();
    }

    [Theory]
    [InlineData(100)]
    [InlineData(400)]
    [InlineData(2)]
    [InlineData(-3)]
    public async Task Run_ClockWasSetWhileTheServiceWasStopped_DeletesNothingAndSaysSo(int days)
    {
        await StoreAsync();
        await _outbox.SaveClockAsync(Used);
        _clock.Shift = TimeSpan.FromDays(days);

        await StartAsync();
        await RunUntilAsync(() => _health.Problems.Count > 0);

        var problem = Assert.Single(_health.Problems);
        Assert.Equal(("retention", false), (problem.Part, problem.IsVital));
        var how = days > 0 ? "ahead of" : "behind";
        Assert.Contains($"the clock is {Math.Abs(days)} days {how} the last time", problem.Detail, StringComparison.Ordinal);
        await IsCompleteAsync();
        Assert.Equal([50], _healthLog.EventIds);
    }

    [Fact]
    public async Task Run_OutboxWithoutASavedClock_ComparesWithTheNewestEvent()
    {
        await StoreAsync();
        _clock.Shift = TimeSpan.FromDays(100);

        await StartAsync();
        await RunUntilAsync(() => _health.Problems.Count > 0);

        Assert.Contains("120 days ahead", Assert.Single(_health.Problems).Detail, StringComparison.Ordinal);
        await IsCompleteAsync();
    }

    [Fact]
    public async Task Run_RestartsWithTheSameWrongClock_StillDoubtsItAlthoughNewEventsHaveItsTime()
    {
        await StoreAsync();
        await _outbox.SaveClockAsync(Used);
        _clock.Shift = TimeSpan.FromDays(100);
        await StartAsync();
        await RunUntilAsync(() => _health.Problems.Count > 0);
        await _outbox.AppendAsync(Some.NewEvent() with { ReceivedAt = _clock.GetUtcNow() }, Token);

        await StopAsync();
        await StartAsync();
        await _time.RunAsync(TimeSpan.FromHours(5));

        Assert.Single(_health.Problems);
        Assert.Equal(3, (await StoredAsync()).Count);
    }

    [Fact]
    public async Task Run_SixHoursWithThatClock_TrustsItAndSavesIt()
    {
        await StoreAsync();
        await _outbox.SaveClockAsync(Used);
        _clock.Shift = TimeSpan.FromDays(100);
        await StartAsync();
        await RunUntilAsync(() => _health.Problems.Count > 0);

        await RunUntilAsync(() => _health.Problems.Count == 0);

        Assert.InRange(_time.GetUtcNow() - Used, TimeSpan.FromHours(6), TimeSpan.FromHours(7.1));
        Assert.Empty(await StoredAsync());
        Assert.True(await _outbox.ReadClockAsync(Token) >= Used.AddDays(100));
        Assert.Equal([50, 51], _healthLog.EventIds);
    }

    [Theory]
    [InlineData(20)]
    [InlineData(0)]
    public async Task Run_AfterAShortStop_TrustsTheClock(int hours)
    {
        await StoreAsync();
        await _outbox.SaveClockAsync(Used);
        _time.Advance(TimeSpan.FromHours(hours));

        await StartAsync(new RetentionOptions { Delivered = TimeSpan.FromDays(20) - TimeSpan.FromHours(1) });
        await RunUntilAsync(() => _outbox.Prunings > 0);

        Assert.Empty(_health.Problems);
    }

    [Theory]
    [InlineData(400)]
    [InlineData(-2)]
    public async Task Run_ClockWasSetWhileItRuns_DeletesNothingForSixHours(int days)
    {
        await StoreAsync();
        await _outbox.SaveClockAsync(Used);
        await StartAsync();
        await RunUntilAsync(() => _outbox.Prunings > 0);

        _clock.Shift = TimeSpan.FromDays(days);
        await RunUntilAsync(() => _health.Problems.Count > 0);
        Assert.Contains($"the clock was changed by {days} days", Assert.Single(_health.Problems).Detail, StringComparison.Ordinal);
        var noticed = _time.GetUtcNow();
        await IsCompleteAsync();

        await RunUntilAsync(() => _health.Problems.Count == 0);

        Assert.InRange(_time.GetUtcNow() - noticed, TimeSpan.FromHours(6), TimeSpan.FromHours(7.1));
        Assert.Equal(days > 0, (await StoredAsync()).Count == 0);
    }

    [Fact]
    public async Task Run_EveryLongerThanADay_StillSavesTheClockEachHour()
    {
        await StoreAsync();
        await StartAsync(new RetentionOptions { Every = TimeSpan.FromDays(7) }, saved: Used);

        await _time.RunAsync(TimeSpan.FromHours(30));

        Assert.True(await _outbox.ReadClockAsync(Token) > Used.AddHours(28));
        Assert.Equal(1, _outbox.Prunings);
    }

    // An event without deliveries, and one with a dead letter, both 20 days old.
    private async Task StoreAsync()
    {
        await _outbox.AppendAsync(Some.NewEvent(), Token);
        await _outbox.AppendAsync(Some.NewEvent("web-qa"), Token);
        var pending = (await _outbox.ReadPendingAsync("web-qa", 1, Token))[0];
        await _outbox.RecordAsync(Some.Outcome(pending) with { State = DeliveryState.Dead, At = Some.Moment });
    }

    private async Task IsCompleteAsync() => Assert.Equal(2, (await StoredAsync()).Count);

    private Task<IReadOnlyList<StoredEvent>> StoredAsync() => _outbox.ReadEventsAsync(new EventQuery(), Token);

    private async Task StartAsync(RetentionOptions? options = null, DateTimeOffset? saved = null)
    {
        if (saved is { } at) await _outbox.SaveClockAsync(at);
        _pruner = new OutboxPruner(
            _outbox, _outbox, () => options ?? new RetentionOptions(), _metrics, _health, _clock, NullLogger<OutboxPruner>.Instance);
        await _pruner.StartAsync(Token);
    }

    private async Task StopAsync()
    {
        if (_pruner is null) return;
        await _pruner.StopAsync(CancellationToken.None);
        _pruner.Dispose();
        _pruner = null;
    }

    private Task RunUntilAsync(Func<bool> holds) => _time.UntilAsync(holds, () => string.Join('\n', _healthLog.Texts));
}
