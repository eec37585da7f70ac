using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using DefectNotifier.Enrichment;
using DefectNotifier.Events;
using DefectNotifier.Outbox.Contract;
using DefectNotifier.Routing;
using DefectNotifier.Telemetry;
using DefectNotifier.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace DefectNotifier.Tests.Enrichment;

/// <summary>An <see cref="DefectNotifier.Enrichment.Enricher"/> with a fake clock, an in-memory outbox and a scripted Qase API.</summary>
internal sealed class EnricherWorld : IAsyncDisposable
{
    private readonly IMeterFactory _meters = new ServiceCollection(
        ).AddMetrics().BuildServiceProvider().GetRequiredService<IMeterFactory>();
    private readonly ConcurrentDictionary<string, long> _counted = new(StringComparer.Ordinal);
    private readonly MeterListener _listener = new();
    private readonly NotifierMetrics _metrics;

    public EnricherWorld()
    {
        _metrics = new NotifierMetrics(_meters);
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (ReferenceEquals(instrument.Meter.Scope, _meters) && instrument.Name == "defectnotifier.qase.requests")
                listener.EnableMeasurementEvents(instrument);
        };
        _listener.SetMeasurementEventCallback<long>(
            (_, count, labels, _) => _counted.AddOrUpdate((string)labels[0].Value!, count, (_, before) => before + count));
        _listener.Start();
        Outbox = new InMemoryOutbox(Signals) { Time = Time };
        var health = new ServiceHealth(Time, HealthLog);
        Enricher = new Enricher(Outbox, Outbox, Accounts, () => Routes, Signals, Progress, _metrics, health, Time, Log);
    }

    public JumpingTime Time { get; } = new(Some.Moment) { RequestTimeout = Enricher.ResponseTimeout };

    public InMemoryOutbox Outbox { get; }

    public ScriptedQase Qase { get; } = new();

    public OutboxSignals Signals { get; } = new();

    public EnrichmentProgress Progress { get; } = new();

    public RouteTable Routes { get; set; } = new([]);

    public LogLines<Enricher> Log { get; } = new();

    public LogLines<ServiceHealth> HealthLog { get; } = new();

    public Enricher Enricher { get; }

    /// <summary>Stands for the token: another key is another account.</summary>
    public string Key { get; set; } = "token";

    public int RequestsPerMinute { get; set; } = 60;

    /// <summary>The endpoints with an account; null for all.</summary>
    public string[]? Sources { get; set; }

    public long Counted(string outcome) => _counted.GetValueOrDefault(outcome);

    public Task StartAsync() => Enricher.StartAsync(CancellationToken.None);

    public async Task AppendAsync(DefectEvent defectEvent, DateTimeOffset? at = null)
    {
        var newEvent = Some.NewDefectEvent(defectEvent) with { CanEnrich = true, ReceivedAt = at ?? Time.GetUtcNow() };
        await Outbox.AppendAsync(newEvent, CancellationToken.None);
    }

    public async Task<(string? Title, string? Status)> DefectAsync(DefectKey key)
    {
        var defect = (await Outbox.ReadDefectAsync(key, CancellationToken.None))!;
        return (defect.Title, defect.Status);
    }

    /// <summary>Lets time pass until the condition holds.</summary>
    public Task RunUntilAsync(Func<bool> condition) => Time.UntilAsync(condition, State);

    public Task NothingIsPendingAsync() => Time.UntilAsync(
        async () => await Outbox.CountEnrichmentRequestsAsync(CancellationToken.None) == 0, State);

    public async ValueTask DisposeAsync()
    {
        await Enricher.StopAsync(CancellationToken.None);
        Enricher.Dispose();
        _listener.Dispose();
        _metrics.Dispose();
    }

    private string State() => $"{Qase.Asked.Count} requests, {string.Join(" | ", Log.Texts)}";

    private QaseAccounts Accounts()
    {
        var account = new QaseAccount("Qase", Key, RequestsPerMinute, Qase);
        return Sources is null
            ? new QaseAccounts(account, QaseAccounts.None.BySource)
            : new QaseAccounts(null, Sources.ToDictionary(source => source, _ => account, StringComparer.OrdinalIgnoreCase));
    }
}
