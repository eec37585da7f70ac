using DefectNotifier.Outbox.Contract;
using DefectNotifier.Sqlite;
using DefectNotifier.Testing;

namespace DefectNotifier.Tests.Sqlite;

public sealed class SqliteOutboxCheckTests : IAsyncDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(1);

    private readonly TemporaryDatabase _database = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public ValueTask DisposeAsync() => _database.DisposeAsync();

    [Fact]
    public async Task RunAsync_SoundOutbox_FindsNothing()
    {
        await FillAsync();

        Assert.Empty((await RunAsync())!);
    }

    [Fact]
    public async Task RunAsync_OutboxInUse_FindsNothingAndDisturbsNothing()
    {
        var outbox = _database.Open();
        for (var i = 0; i < 50; i++) await outbox.AppendAsync(Some.NewEvent("web-qa"), Token);

        var checks = Enumerable.Range(0, 5).Select(_ => RunAsync()).ToList();
        for (var i = 0; i < 50; i++)
            Assert.Equal(AppendStatus.Accepted, (await outbox.AppendAsync(Some.NewEvent("web-qa"), Token)).Status);

        Assert.All(await Task.WhenAll(checks), errors => Assert.Empty(errors!));
        await outbox.ProbeAsync(Token);
    }

    [Fact]
    public async Task RunAsync_AnyRootPageOverwritten_FindsIt()
    {
        await FillAsync();
        var sound = await File.ReadAllBytesAsync(_database.Path, Token);
        foreach (var (name, page) in DamagedOutbox.RootPages(_database.Path))
        {
            DamagedOutbox.Overwrite(_database.Path, page, offset: 0, 0xFF);

            var errors = (await RunAsync())!;

            Assert.True(errors.Count is > 0 and <= 10, name);
            Assert.DoesNotContain(errors, error => error.Contains('\n', StringComparison.Ordinal));
            await File.WriteAllBytesAsync(_database.Path, sound, Token);
        }
    }

    [Fact]
    public async Task RunAsync_FirstPageOverwritten_IsAnError()
    {
        await FillAsync();
        DamagedOutbox.Overwrite(_database.Path, page: 1, offset: 0, 0xFF);

        Assert.Contains("not a database", Assert.Single((await RunAsync())!), StringComparison.Ordinal);
    }

    [Fact]
    public async Task RunAsync_NoTime_IsNotComplete()
    {
        await FillAsync(events: 2000);

        Assert.Null(await RunAsync(TimeSpan.Zero));
    }

    [Fact]
    public async Task RunAsync_EmptyFile_FindsNothing()
    {
        await File.WriteAllBytesAsync(_database.Path, [], Token);

        Assert.Empty((await RunAsync())!);
    }

    [Fact]
    public async Task RunAsync_NewerSchema_IsRefused()
    {
        await FillAsync();
        using (var connection = _database.Connect())
        {
            using var command = connection.CreateCommand();
            command.CommandText = "PRAGMA user_version = 999";
            command.ExecuteNonQuery();
        }

        await Assert.ThrowsAsync<OutboxOpenException>(() => RunAsync());
    }

    private Task<IReadOnlyList<string>?> RunAsync(TimeSpan? limit = null) =>
        SqliteOutboxCheck.RunAsync(_database.Path, limit ?? Limit, TimeProvider.System, Token);

    private async Task FillAsync(int events = 100)
    {
        await using var outbox = _database.Open();
        await Task.WhenAll(Enumerable.Range(0, events).Select(_ => outbox.AppendAsync(Some.NewEvent("web-qa"), Token)));
    }
}
