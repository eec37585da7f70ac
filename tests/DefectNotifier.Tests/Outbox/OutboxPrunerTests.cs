using System.Diagnostics.Metrics;
using DefectNotifier.Events;
using DefectNotifier.Outbox.Contract;
using DefectNotifier.Outbox.Retention;
using DefectNotifier.Telemetry;
using DefectNotifier.Testing;
using DefectNotifier.Tests.Delivery;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;

namespace DefectNotifier.Tests.Outbox;

public sealed class OutboxPrunerTests : IAsyncDisposable
{
    private readonly JumpingTime _time = new(Some.Moment);
    private readonly InMemoryOutbox _outbox = new();
    private readonly LogLines<OutboxPruner> _log = new();
    private readonly ServiceHealth _health;
    private readonly IMeterFactory _meters = new ServiceCollection(
        ).AddMetrics().BuildServiceProvider().GetRequiredService<IMeterFactory>();
    private readonly NotifierMetrics _metrics;
    private readonly MeterListener _listener = new();
    private OutboxPruner? _pruner;
    private long _counted;

    public OutboxPrunerTests()
    {
        _metrics = new NotifierMetrics(_meters);
        _health = new ServiceHealth(_time, NullLogger<ServiceHealth>.Instance);
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (ReferenceEquals(instrument.Meter.Scope, _meters) && instrument.Name == "defectnotifier.pruned")
                listener.EnableMeasurementEvents(instrument);
        };
        _listener.SetMeasurementEventCallback<long>((_, count, _, _) => Interlocked.Add(ref _counted, count));
        _listener.Start();
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask DisposeAsync()
    {
        if (_pruner is not null) await _pruner.StopAsync(CancellationToken.None);
        _pruner?.Dispose();
        _listener.Dispose();
        _metrics.Dispose();
    }

    [Fact]
    public async Task Run_MoreThanOneStep_DeletesAllOldEventsAndLogsOnce()
    {
        await EndedAsync(700);
        _time.Advance(TimeSpan.FromDays(30));
        var young = Some.NewEvent() with { ReceivedAt = _time.GetUtcNow() };
        await _outbox.AppendAsync(young, Token);
        await StartAsync();

        await RunUntilAsync(() => _log.EventIds.Count > 0);

        Assert.Equal(young.Id, Assert.Single(await StoredAsync()).Id);
        Assert.Equal(700, _counted);
        Assert.StartsWith("Deleted 700 events", Assert.Single(_log.Texts), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_DefectsClosedLongAgo_AreDeletedWithTheirEvents()
    {
        for (var id = 1; id <= 600; id++)
            await _outbox.AppendAsync(Some.NewDefectEvent(Some.DefectEvent with
            {
                Name = id <= 300
                ? "defect.resolved"
                : "defect.created",
                SubjectId = id
            }), Token);
        _time.Advance(TimeSpan.FromDays(30));
        await StartAsync();

        await RunUntilAsync(() => _log.EventIds.Count > 1);

        Assert.StartsWith("Deleted 300 defects", _log.Texts[1], StringComparison.Ordinal);
        Assert.Equal(600, _counted);
        Assert.Null(await _outbox.ReadDefectAsync(new DefectKey("", "WEB", 300), Token));
        Assert.NotNull(await _outbox.ReadDefectAsync(new DefectKey("", "WEB", 301), Token));
    }

    [Fact]
    public async Task Run_NothingOld_LogsNothingAndRunsAgainAfterAnHour()
    {
        await EndedAsync(1);
        _time.Advance(TimeSpan.FromDays(30) - TimeSpan.FromMinutes(30));
        await StartAsync();
        await FirstRunAsync();
        Assert.Single(await StoredAsync());
        Assert.Empty(_log.EventIds);

        await RunUntilAsync(() => _log.EventIds.Count > 0);

        Assert.Empty(await StoredAsync());
    }

    [Fact]
    public async Task Run_TooLarge_DeletesTheOldestEarlyUntilItFits()
    {
        var ended = await EndedAsync(1000);
        var bytes = ended[0].Body.Length;
        _time.Advance(TimeSpan.FromDays(1));
        await StartAsync(new RetentionOptions { MaxBytes = 600 * bytes });

        await RunUntilAsync(() => _log.EventIds.Count > 0);

        var left = await StoredAsync(500);
        Assert.Equal(1000 - 512, left.Count);
        Assert.Equal(ended[^1].Id, left[0].Id);
        Assert.Equal([221], _log.EventIds);
        Assert.Equal(512, _counted);
    }

    [Fact]
    public async Task Run_TooLargeWithEventsThatMustStay_DeletesTheRestAndLogsIt()
    {
        foreach (var state in (DeliveryState[])[DeliveryState.Dead, DeliveryState.Delivered, DeliveryState.Held, DeliveryState.Pending])
        {
            await _outbox.AppendAsync(Some.NewEvent("web-qa"), Token);
            var pending = (await _outbox.ReadPendingAsync("web-qa", 1, Token))[0];
            await _outbox.RecordAsync(Some.Outcome(pending) with { State = state });
        }

        _time.Advance(TimeSpan.FromDays(1));
        await StartAsync(new RetentionOptions { MaxBytes = 1 });
        await RunUntilAsync(() => _log.EventIds.Count > 1);

        Assert.Equal(
            [DeliveryState.Pending, DeliveryState.Held, DeliveryState.Dead],
            (await StoredAsync()).Select(stored => stored.Deliveries[0].State));
        Assert.Equal([222, 221], _log.EventIds);
    }

    [Fact]
    public async Task Run_TooLargeWithEventsThatEndedToday_KeepsThemBecauseTheyMayBeSentAgain()
    {
        await EndedAsync(3);
        _time.Advance(TimeSpan.FromHours(20));
        await StartAsync(new RetentionOptions { MaxBytes = 1 });

        await RunUntilAsync(() => _log.EventIds.Count > 0);

        Assert.Equal(3, (await StoredAsync()).Count);
        Assert.Equal([222], _log.EventIds);
    }

    [Fact]
    public async Task Run_NoMaxBytes_NeverDeletesBySize()
    {
        await EndedAsync(1);
        await StartAsync(new RetentionOptions { MaxBytes = 0 });

        await FirstRunAsync();

        Assert.Single(await StoredAsync());
    }

    [Fact]
    public async Task Run_StoreNotWritable_TriesAgainAtTheNextRun()
    {
        await EndedAsync(1);
        _time.Advance(TimeSpan.FromDays(30));
        await StartAsync();
        _outbox.Error = "disk full";
        await RunUntilAsync(() => _health.Problems.Count > 0);
        Assert.Equal(("retention", "disk full", false), Only(_health.Problems));

        _outbox.Error = null;
        await RunUntilAsync(() => _log.EventIds.Count > 0);

        Assert.Empty(await StoredAsync());
        await Eventually.HoldsAsync(() => _health.Problems.Count == 0, "no problem");
    }

    [Fact]
    public async Task StopAsync_BetweenRuns_EndsAtOnce()
    {
        await StartAsync();
        await FirstRunAsync();

        await _pruner!.StopAsync(CancellationToken.None);

        Assert.True(_pruner.ExecuteTask!.IsCompleted);
    }

    private async Task StartAsync(RetentionOptions? options = null)
    {
        // As when the service was running until now.
        await _outbox.SaveClockAsync(_time.GetUtcNow());
        _pruner = new OutboxPruner(_outbox, _outbox, () => options ?? new RetentionOptions(), _metrics, _health, _time, _log);
        await _pruner.StartAsync(Token);
    }

    private static (string, string, bool) Only(IReadOnlyList<HealthProblem> problems)
    {
        var problem = Assert.Single(problems);
        return (problem.Part, problem.Detail, problem.IsVital);
    }

    private Task RunUntilAsync(Func<bool> condition) => _time.UntilAsync(condition, () => string.Join('\n', _log.Texts));

    private Task FirstRunAsync() => RunUntilAsync(() => _outbox.Prunings > 0);

    private async Task<List<NewEvent>> EndedAsync(int count)
    {
        var events = Enumerable.Range(0, count).Select(_ => Some.NewEvent()).ToList();
        foreach (var newEvent in events) await _outbox.AppendAsync(newEvent, Token);
        return events;
    }

    private Task<IReadOnlyList<StoredEvent>> StoredAsync(int limit = 50) =>
        _outbox.ReadEventsAsync(new EventQuery { Limit = limit }, Token);
}
