using System.Text;
using DefectNotifier.Storage;
using DefectNotifier.Testing;
using Microsoft.Extensions.Logging.Abstractions;

namespace DefectNotifier.Benchmarks.Load;

/// <summary>Outboxes with much in them.</summary>
internal static class StoredEvents
{
    /// <summary>New defects, each owed to the destination <c>web</c>.</summary>
    public static async Task FillAsync(string path, int count)
    {
        await using var outbox = SqliteOutbox.Open(new SqliteOutboxOptions { Path = path }, TimeProvider.System, NullLogger<SqliteOutbox>.Instance);
        foreach (var batch in Enumerable.Range(1, count).Chunk(4096))
        {
            await Task.WhenAll(batch.Select(defect =>
                outbox.AppendAsync(Some.NewEvent("web") with { Body = Encoding.UTF8.GetBytes(Webhooks.Body(defect)), ReceivedAt = TimeProvider.System.GetUtcNow() }, CancellationToken.None)));
        }
    }
}
