using System.Text;
using BenchmarkDotNet.Attributes;
using DefectNotifier.Benchmarks.Load;
using DefectNotifier.Events;
using DefectNotifier.Outbox.Contract;
using DefectNotifier.Outbox.Intake;
using DefectNotifier.Routing;
using DefectNotifier.Sqlite;
using DefectNotifier.Telemetry;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;

namespace DefectNotifier.Benchmarks.Micro;

/// <summary>
/// Everything from the body of a webhook to its response, without the server: parse, route, store the event and its defect.
/// </summary>
[MemoryDiagnoser]
public class AcceptBenchmarks
{
    private const int AtOnce = 64;

    private readonly ServiceProvider _services = new ServiceCollection(
        ).AddMetrics().AddSingleton<NotifierMetrics>().BuildServiceProvider();
    private DirectoryInfo _folder = null!;
    private SqliteOutbox _outbox = null!;
    private EventIntake _intake = null!;
    private RouteTable _routes = null!;
    private int _defects;

    /// <summary>Each event matches the route in the middle.</summary>
    [Params(1, 64)]
    public int Routes { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        _folder = Directory.CreateTempSubdirectory("accept-benchmark-");
        var options = new SqliteOutboxOptions { Path = Path.Combine(_folder.FullName, "outbox.db") };
        _outbox = SqliteOutbox.Open(options, new OutboxSignals(), TimeProvider.System, NullLogger<SqliteOutbox>.Instance);
        var metrics = _services.GetRequiredService<NotifierMetrics>();
        var health = new ServiceHealth(TimeProvider.System, NullLogger<ServiceHealth>.Instance);
        _intake = new EventIntake(_outbox, metrics, health, TimeProvider.System, NullLogger<EventIntake>.Instance);
        _routes = new RouteTable(Enumerable.Range(0, Routes).Select(
            number => new RouteOptions { ProjectCodes = [Webhooks.Project(number)], To = [$"chat-{number}"] }));
    }

    [GlobalCleanup]
    public async Task CleanupAsync()
    {
        await _outbox.DisposeAsync();
        await _services.DisposeAsync();
        _folder.Delete(recursive: true);
    }

    /// <summary>64 run concurrently; the results are per event.</summary>
    [Benchmark(OperationsPerInvoke = AtOnce)]
    public Task AcceptAsync() => Task.WhenAll(Enumerable.Range(0, AtOnce).Select(_ => AcceptOneAsync()));

    private Task<IntakeResult> AcceptOneAsync()
    {
        var body = Encoding.UTF8.GetBytes(Webhooks.Body(100_000_000 + Interlocked.Increment(ref _defects), Webhooks.Project(Routes / 2)));
        return _intake.AcceptAsync(WebhookParser.Parse(body, "").Event!, body, _routes, canEnrich: false, CancellationToken.None);
    }
}
