using BenchmarkDotNet.Attributes;
using DefectNotifier.Outbox.Contract;
using DefectNotifier.Sqlite;
using DefectNotifier.Testing;
using Microsoft.Extensions.Logging.Abstractions;

namespace DefectNotifier.Benchmarks.Micro;

/// <summary>
/// What a lane asks of the outbox for each message: to claim it (read what waits, begin the attempt) and to complete it (record the outcome), after an append that
/// gives it something to do. Several lanes share the commits.
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
        _outbox = SqliteOutbox.Open(
            new SqliteOutboxOptions { Path = Path.Combine(_folder.FullName, "outbox.db") }, TimeProvider.System, NullLogger<SqliteOutbox>.Instance);
    }

    [GlobalCleanup]
    public async Task CleanupAsync()
    {
        await _outbox.DisposeAsync();
        _folder.Delete(recursive: true);
    }

    /// <summary>One commit to begin and one to end. The time is that of all lanes together.</summary>
    [Benchmark]
    public Task AppendClaimAndCompleteAsync() => Task.WhenAll(Enumerable.Range(0, Lanes).Select(CompleteOneAsync));

    /// <summary>Four that wait: each outcome begins the next attempt, as a lane does that nothing holds.</summary>
    [Benchmark(OperationsPerInvoke = 4)]
    public Task AppendClaimAndCompleteFourAsync() => Task.WhenAll(Enumerable.Range(0, Lanes).Select(CompleteFourAsync));

    private async Task CompleteOneAsync(int lane)
    {
        await _outbox.AppendAsync(Some.NewEvent($"web-{lane}"), CancellationToken.None);
        var pending = await _outbox.ReadPendingAsync($"web-{lane}", 64, CancellationToken.None);
        await _outbox.StartAttemptAsync(pending[0].Id, Some.Moment);
        await _outbox.RecordAsync(Some.Outcome(pending[0]));
    }

    private async Task CompleteFourAsync(int lane)
    {
        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => _outbox.AppendAsync(Some.NewEvent($"web-{lane}"), CancellationToken.None)));
        var pending = await _outbox.ReadPendingAsync($"web-{lane}", 64, CancellationToken.None);
        await _outbox.StartAttemptAsync(pending[0].Id, Some.Moment);
        for (var i = 0; i < pending.Count; i++)
            await _outbox.RecordAsync(Some.Outcome(pending[i]) with { LaneIsUnchanged = true, Next = i + 1 < pending.Count ? new NextAttempt(pending[i + 1].Id) : null });
    }
}
