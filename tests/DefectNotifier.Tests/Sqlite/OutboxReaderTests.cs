using DefectNotifier.Sql.Reading;
using DefectNotifier.Sqlite;
using DefectNotifier.Sqlite.Database;

namespace DefectNotifier.Tests.Sqlite;

public sealed class OutboxReaderTests : IAsyncDisposable
{
    private readonly TemporaryDatabase _database = new();
    private readonly OutboxReader _reader;

    public OutboxReaderTests()
    {
        _database.Open();
        _reader = SqliteOutbox.ReaderOf(new SqliteDatabase(_database.Path));
    }

    [Fact]
    public async Task ReadHereAsync_OnAThreadOfThePool_ReadsThere()
    {
        var (caller, reader) = await Task.Run(async () =>
        {
            var caller = Environment.CurrentManagedThreadId;
            return (caller, await _reader.ReadHereAsync(_ => Environment.CurrentManagedThreadId, CancellationToken.None));
        });

        Assert.Equal(caller, reader);
    }

    [Fact]
    public async Task ReadHereAsync_OnAnotherThread_ReadsInThePool()
    {
        var asked = new TaskCompletionSource<Task<bool>>(TaskCreationOptions.RunContinuationsAsynchronously);
        new Thread(() => asked.SetResult(_reader.ReadHereAsync(_ => Thread.CurrentThread.IsThreadPoolThread, CancellationToken.None)))
            .Start();

        Assert.True(await await asked.Task);
    }

    public async ValueTask DisposeAsync()
    {
        await _reader.DisposeAsync();
        await _database.DisposeAsync();
    }
}
