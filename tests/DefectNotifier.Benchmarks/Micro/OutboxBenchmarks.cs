using BenchmarkDotNet.Attributes;
using DefectNotifier.Outbox;
using DefectNotifier.Storage;
using DefectNotifier.Testing;
using Microsoft.Extensions.Logging.Abstractions;

namespace DefectNotifier.Benchmarks.Micro;

/// <summary>What a durable append costs: alone, and when several share a commit. Each commit is synced to disk.</summary>
[MemoryDiagnoser]
public class OutboxBenchmarks
{
    private DirectoryInfo _folder = null!;
    private SqliteOutbox _outbox = null!;

    [Params(1, 64)]
    public int AtOnce { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        _folder = Directory.CreateTempSubdirectory("outbox-benchmark-");
        _outbox = SqliteOutbox.Open(
            new SqliteOutboxOptions { Path = Path.Combine(_folder.FullName, "outbox.db") }, TimeProvider.System, NullLogger<SqliteOutbox>.Instance);
    }

    [GlobalCleanup]
    public async Task CleanupAsync()
    {
        await _outbox.DisposeAsync();
        _folder.Delete(recursive: true);
    }

    /// <summary>The time is that of all appends together.</summary>
    [Benchmark]
    public Task<AppendResult[]> AppendAsync() =>
        Task.WhenAll(Enumerable.Range(0, AtOnce).Select(_ => _outbox.AppendAsync(Some.NewEvent("web-qa"), CancellationToken.None)));
}
