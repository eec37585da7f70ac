using BenchmarkDotNet.Attributes;
using DefectNotifier.Outbox.Contract;
using DefectNotifier.Sqlite;
using DefectNotifier.Testing;
using Microsoft.Extensions.Logging.Abstractions;

namespace DefectNotifier.Benchmarks.Micro;

/// <summary>
/// The outbox operations of a lane for each message, after an append: read the page, start the attempt, record the outcome. Several lanes
/// share commits.
/// </summary>
[MemoryDiagnoser]
public class LaneBenchmarks
{
    private DirectoryInfo _folder = null!;
    private SqliteOutbox _outbox = null!;

    [Params(1, 64)]
    public int Lanes { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        _folder = Directory.CreateTempSubdirectory("lane-benchmark-");
        var options = new SqliteOutboxOptions { Path = Path.Combine(_folder.FullName, "outbox.db") };
        _outbox = SqliteOutbox.Open(options, new OutboxSignals(), TimeProvider.System, NullLogger<SqliteOutbox>.Instance);
    }

    [GlobalCleanup]
    public async Task CleanupAsync()
    {
        await _outbox.DisposeAsync();
        _folder.Delete(recursive: true);
    }

    /// <summary>One commit to start and one to record. The time is for all lanes.</summary>
    [Benchmark]
    public Task AppendClaimAndCompleteAsync() => Task.WhenAll(Enumerable.Range(0, Lanes).Select(CompleteOneAsync));

    /// <summary>Four waiting deliveries: each outcome starts the next attempt in the same commit.</summary>
    [Benchmark(OperationsPerInvoke = 4)]
    public Task AppendClaimAndCompleteFourAsync() =>
        Task.WhenAll(Enumerable.Range(0, Lanes).Select(CompleteFourAsync));

    private async Task CompleteOneAsync(int lane)
    {
        await _outbox.AppendAsync(Some.NewEvent($"web-{lane}"), CancellationToken.None);
        var pending = await _outbox.ReadPendingAsync($"web-{lane}", 64, CancellationToken.None);
        await _outbox.StartAttemptAsync(pending[0], Some.Moment);
        await _outbox.RecordAsync(Some.Outcome(pending[0]));
    }

    private async Task CompleteFourAsync(int lane)
    {
        var events = Enumerable.Range(0, 4).Select(_ => Some.NewEvent($"web-{lane}"));
        await Task.WhenAll(events.Select(newEvent => _outbox.AppendAsync(newEvent, CancellationToken.None)));
        var pending = await _outbox.ReadPendingAsync($"web-{lane}", 64, CancellationToken.None);
        await _outbox.StartAttemptAsync(pending[0], Some.Moment);
        for (var i = 0; i < pending.Count; i++)
        {
            var next = i + 1 < pending.Count ? new NextAttempt(pending[i + 1].Id) : null;
            await _outbox.RecordAsync(Some.Outcome(pending[i]) with { LaneIsUnchanged = true, Next = next });
        }
    }
}
