using CsCheck;
using DefectNotifier.Events;
using DefectNotifier.Outbox.Contract;
using DefectNotifier.Testing;
using DefectNotifier.Tests.Events;

namespace DefectNotifier.Tests.Sqlite;

public sealed class SqliteOutboxDefectTests : IAsyncDisposable
{
    private readonly TemporaryDatabase _database = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public ValueTask DisposeAsync() => _database.DisposeAsync();

    [Fact]
    public async Task AppendAsync_AnyOrderBatchesAndARestart_StoresTheSameDefects()
    {
        var number = 0;
        var outbox = _database.Open();
        await Gen.Select(DefectEvents.Life.SelectMany(events => Gen.Shuffle(events)), Gen.Int[1, 12], Gen.Int[1, 8]).SampleAsync(
            async (events, atOnce, restartAfter) =>
            {
                var id = ++number;
                foreach (var (index, batch) in events.Chunk(atOnce).Index())
                {
                    await Task.WhenAll(batch.Select(one => outbox.AppendAsync(Stored(one, id), Token)));
                    if (index + 1 != restartAfter) continue;
                    await outbox.DisposeAsync();
                    outbox = _database.Open();
                }

                var expected = events.OrderBy(one => one.Id, StringComparer.Ordinal)
                    .Aggregate(
                        default(Defect), (before, one) => Defect.After(before, one.Event, $"{one.Id} of {id}", one.ReceivedAt, one.Body));
                Assert.Equal(
                    DefectEvents.Describe(expected),
                    DefectEvents.Describe(await outbox.ReadDefectAsync(new DefectKey("", "WEB", id), Token)));
            },
            iter: 60,
            threads: 1);
    }

    [Fact]
    public async Task AppendAsync_DefectCantBeWritten_RejectsTheEventAndAcceptsTheOthersOfItsBatch()
    {
        var outbox = _database.Open();
        using (var connection = _database.Connect())
        {
            using var command = connection.CreateCommand();
            command.CommandText =
                "CREATE TRIGGER no_13 BEFORE INSERT ON defect WHEN NEW.number = 13 "
                    + "BEGIN SELECT RAISE(ABORT, 'thirteen'); END";
            command.ExecuteNonQuery();
        }

        var results = await Task.WhenAll(
            Enumerable.Range(11, 5)
                .Select(id => outbox.AppendAsync(Some.NewDefectEvent(Some.DefectEvent with { SubjectId = id }, "web-qa"), Token)));

        Assert.Equal(
            [AppendStatus.Accepted, AppendStatus.Accepted, AppendStatus.Unavailable, AppendStatus.Accepted, AppendStatus.Accepted],
            results.Select(result => result.Status));
        Assert.Equal(
            [11, 12, 14, 15],
            (await outbox.ReadEventsAsync(new EventQuery(), Token)).Select(stored => (int)stored.SubjectId!.Value).Order());
        Assert.Null(await outbox.ReadDefectAsync(new DefectKey("", "WEB", 13), Token));
        Assert.NotNull(await outbox.ReadDefectAsync(new DefectKey("", "WEB", 14), Token));
    }

    [Fact]
    public async Task Open_FilesOfAProcessThatWasKilled_IncludesEveryStoredEvent()
    {
        var outbox = _database.Open();
        await Task.WhenAll(
            Enumerable.Range(1, 50).Select(id => outbox.AppendAsync(Some.NewDefectEvent(Some.DefectEvent with { SubjectId = id }), Token)));
        var copy = _database.Folder.CreateSubdirectory("copy");
        foreach (var file in (string[])["outbox.db", "outbox.db-wal"])
            TemporaryDatabase.Copy(Path.Combine(_database.Folder.FullName, file), Path.Combine(copy.FullName, file));

        var after = _database.Open(options => options.Path = Path.Combine(copy.FullName, "outbox.db"));

        var stored = await after.ReadEventsAsync(new EventQuery { Limit = 500 }, Token);
        Assert.Equal(50, stored.Count);
        foreach (var one in stored)
            Assert.Equal(one.Id, (await after.ReadDefectAsync(new DefectKey("", "WEB", one.SubjectId!.Value), Token))!.Opening.EventId);
    }

    private static NewEvent Stored(NewDefectEvent one, long id) => Some.NewDefectEvent(one.Event with { SubjectId = id }) with
    {
        Id = $"{one.Id} of {id}",
        ReceivedAt = one.ReceivedAt,
        Body = one.Body,
    };
}
