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

/// <summary>All that is done for a webhook between its body and its answer: read, route, store durably, remember the defect. The server is not in it.</summary>
[MemoryDiagnoser]
public class AcceptBenchmarks
{
    private const int AtOnce = 64;

    private readonly ServiceProvider _services = new ServiceCollection().AddMetrics().AddSingleton<NotifierMetrics>().BuildServiceProvider();
    private DirectoryInfo _folder = null!;
    private SqliteOutbox _outbox = null!;
    private EventIntake _intake = null!;
    private RouteTable _routes = null!;
    private int _defects;

    /// <summary>The event is for one in the middle.</summary>
    [Params(1, 64)]
    public int Routes { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        _folder = Directory.CreateTempSubdirectory("accept-benchmark-");
        _outbox = SqliteOutbox.Open(
            new SqliteOutboxOptions { Path = Path.Combine(_folder.FullName, "outbox.db") }, TimeProvider.System, NullLogger<SqliteOutbox>.Instance);
        _intake = new EventIntake(_outbox, new LaneSignals(), new EnrichmentSignal(), _services.GetRequiredService<NotifierMetrics>(), TimeProvider.System);
        _routes = new RouteTable(Enumerable.Range(0, Routes).Select(number => new RouteOptions { ProjectCodes = [Webhooks.Project(number)], To = [$"chat-{number}"] }));
    }

    [GlobalCleanup]
    public async Task CleanupAsync()
    {
        await _outbox.DisposeAsync();
        await _services.DisposeAsync();
        _folder.Delete(recursive: true);
    }

    /// <summary>64 at once; time and memory are those of one.</summary>
    [Benchmark(OperationsPerInvoke = AtOnce)]
    public Task AcceptAsync() => Task.WhenAll(Enumerable.Range(0, AtOnce).Select(_ => AcceptOneAsync()));

    private Task<IntakeResult> AcceptOneAsync()
    {
        var body = Encoding.UTF8.GetBytes(Webhooks.Body(100_000_000 + Interlocked.Increment(ref _defects), Webhooks.Project(Routes / 2)));
        return _intake.AcceptAsync(WebhookParser.Parse(body, "").Event!, body, _routes, mayAsk: false, CancellationToken.None);
    }
}
