using BenchmarkDotNet.Attributes;
using DefectNotifier.Events;
using DefectNotifier.Outbox.Contract;
using DefectNotifier.Sqlite;
using DefectNotifier.Testing;
using Microsoft.Extensions.Logging.Abstractions;

namespace DefectNotifier.Benchmarks.Micro;

/// <summary>A durable append: alone, and when several share a commit. Each commit is synced to disk.</summary>
[MemoryDiagnoser]
public class OutboxBenchmarks
{
    private DirectoryInfo _folder = null!;
    private SqliteOutbox _outbox = null!;
    private long _defects = 1;

    [Params(1, 64)]
    public int AtOnce { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        _folder = Directory.CreateTempSubdirectory("outbox-benchmark-");
        var options = new SqliteOutboxOptions { Path = Path.Combine(_folder.FullName, "outbox.db") };
        _outbox = SqliteOutbox.Open(options, new OutboxSignals(), TimeProvider.System, NullLogger<SqliteOutbox>.Instance);
    }

    [GlobalCleanup]
    public async Task CleanupAsync()
    {
        await _outbox.DisposeAsync();
        _folder.Delete(recursive: true);
    }

    /// <summary>The time is for all appends.</summary>
    [Benchmark]
    public Task<AppendResult[]> AppendAsync() =>
        Task.WhenAll(Enumerable.Range(0, AtOnce).Select(_ => _outbox.AppendAsync(Some.NewEvent("web-qa"), CancellationToken.None)));

    /// <summary>The same for new defects, which are stored too.</summary>
    [Benchmark]
    public Task<AppendResult[]> AppendDefectsAsync() =>
        Task.WhenAll(Enumerable.Range(0, AtOnce).Select(_ => AppendAsync(Some.DefectEvent with { SubjectId = ++_defects })));

    /// <summary>The same for a defect with a long history.</summary>
    [Benchmark]
    public Task<AppendResult[]> AppendUpdatesAsync() =>
        Task.WhenAll(Enumerable.Range(0, AtOnce).Select(_ => AppendAsync(
            Some.DefectEvent with { Name = "defect.updated", SubjectId = 1, OccurredAt = Some.Moment.AddSeconds(++_defects) })));

    private Task<AppendResult> AppendAsync(DefectEvent defectEvent) =>
        _outbox.AppendAsync(Some.NewDefectEvent(defectEvent, "web-qa"), CancellationToken.None);
}
