using DefectNotifier.Outbox.Contract;
using DefectNotifier.Sqlite.Database;
using DefectNotifier.Testing;
using Microsoft.Data.Sqlite;

namespace DefectNotifier.Tests.Sqlite;

/// <summary>The files of the outbox are deleted, replaced or overwritten while it is open.</summary>
public sealed class SqliteOutboxMovedTests : IAsyncDisposable
{
    private readonly TemporaryDatabase _database = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public static TheoryData<string> Changes =>
        ["delete", "delete all", "replace", "move away", "empty", "copy over", "delete the log", "replace the log"];

    public ValueTask DisposeAsync() => _database.DisposeAsync();

    [Theory]
    [MemberData(nameof(Changes))]
    public async Task AppendAsync_FileIsGone_IsRefusedWhileAcceptedEventsAreStillDelivered(string change)
    {
        var outbox = _database.Open();
        for (var i = 0; i < 3; i++) await AcceptAsync(outbox);
        await outbox.ProbeAsync(Token);
        var claim = await outbox.ClaimAsync("web-qa", Token);
        Assert.Equal(3, (await outbox.ReadPendingAsync(claim, 10, Token)).Deliveries.Count);

        Change(change);

        var refused = await outbox.AppendAsync(Some.NewEvent("web-qa"), Token);
        Assert.Equal((AppendStatus.Unavailable, SqliteDatabase.Moved), (refused.Status, refused.Detail));
        Assert.Equal(
            SqliteDatabase.Moved, (await Assert.ThrowsAsync<OutboxUnavailableException>(() => outbox.ProbeAsync(Token))).Message);
        foreach (var delivery in (await outbox.ReadPendingAsync(claim, 3, Token)).Deliveries)
        {
            await outbox.StartAttemptAsync(claim, delivery.Id, Some.Moment);
            await outbox.RecordAsync(claim, Some.Outcome(delivery));
        }

        Assert.Equal(refused, await outbox.AppendAsync(Some.NewEvent("web-qa"), Token));
    }

    [Fact]
    public async Task AppendAsync_FileIsGone_StoresNothing()
    {
        var outbox = _database.Open();
        await AcceptAsync(outbox);
        await outbox.ReadBacklogAsync(Token);
        Change("delete");

        for (var i = 0; i < 5; i++) await outbox.AppendAsync(Some.NewEvent("web-qa"), Token);

        Assert.Equal(1, Assert.Single(await outbox.ReadBacklogAsync(Token)).Waiting);
    }

    [Fact]
    public async Task AppendAsync_FileIsMovedAwayAndBack_IsAcceptedAgain()
    {
        var outbox = _database.Open();
        await AcceptAsync(outbox);
        Change("move away");
        await Assert.ThrowsAsync<OutboxUnavailableException>(() => outbox.ProbeAsync(Token));

        File.Move(_database.Path + ".away", _database.Path);

        await AcceptAsync(outbox);
        await outbox.ProbeAsync(Token);
    }

    [Fact]
    public async Task AppendAsync_FileWasOverwrittenAndHasGrownAgain_IsRefused()
    {
        var outbox = _database.Open();
        await AcceptAsync(outbox);
        Change("empty");
        await Assert.ThrowsAsync<OutboxUnavailableException>(() => outbox.ProbeAsync(Token));

        await File.WriteAllBytesAsync(_database.Path + ".backup", new byte[1024 * 1024], Token);
        TemporaryDatabase.Copy(_database.Path + ".backup", _database.Path);

        Assert.Equal(SqliteDatabase.Moved, (await outbox.AppendAsync(Some.NewEvent("web-qa"), Token)).Detail);
    }

    [Fact]
    public async Task AppendAsync_FileGrows_IsAccepted()
    {
        var outbox = _database.Open();
        for (var i = 0; i < 10; i++)
        {
            var large = Some.NewEvent("web-qa") with { Body = new byte[1_000_000] };
            Assert.Equal(AppendStatus.Accepted, (await outbox.AppendAsync(large, Token)).Status);
        }

        await outbox.ProbeAsync(Token);
    }

    [Fact]
    public async Task AppendAsync_SymbolicLinkLeadsToAnotherFile_IsRefused()
    {
        var link = Path.Combine(_database.Folder.FullName, "link.db");
        File.CreateSymbolicLink(link, _database.Path);
        var outbox = _database.Open(options => options.Path = link);
        await AcceptAsync(outbox);

        File.Delete(link);
        await File.WriteAllBytesAsync(_database.Path + ".other", [], Token);
        File.CreateSymbolicLink(link, _database.Path + ".other");

        Assert.Equal(SqliteDatabase.Moved, (await outbox.AppendAsync(Some.NewEvent("web-qa"), Token)).Detail);
    }

    [Theory]
    [InlineData("delete the log")]
    [InlineData("replace the log")]
    public async Task DisposeAsync_LogIsGone_SavesEverythingThatWasAccepted(string change)
    {
        var outbox = _database.Open();
        for (var i = 0; i < 20; i++) await AcceptAsync(outbox);
        var pending = (await outbox.ReadPendingAsync("web-qa", 1, Token))[0];
        Change(change);
        Assert.Equal(AppendStatus.Unavailable, (await outbox.AppendAsync(Some.NewEvent("web-qa"), Token)).Status);
        await outbox.StartAttemptAsync(pending, Some.Moment);
        await outbox.RecordAsync(Some.Outcome(pending));

        await outbox.DisposeAsync();

        Assert.Equal(19, Assert.Single(await _database.Open().ReadBacklogAsync(Token)).Waiting);
    }

    [Fact]
    public async Task DisposeAsync_ReplacedByABackup_LeavesTheBackupAsItIs()
    {
        var other = Path.Combine(_database.Folder.FullName, "other.db");
        var second = _database.Open(options => options.Path = other);
        for (var i = 0; i < 7; i++) await AcceptAsync(second);
        var outbox = _database.Open();
        await AcceptAsync(outbox);
        // As a backup that was made while the other service was running: the file and its log.
        foreach (var end in (string[])["", "-wal"]) TemporaryDatabase.Copy(other + end, _database.Path + end + ".backup");
        foreach (var end in (string[])["", "-wal"]) File.Move(_database.Path + end + ".backup", _database.Path + end, overwrite: true);
        Assert.Equal(AppendStatus.Unavailable, (await outbox.AppendAsync(Some.NewEvent("web-qa"), Token)).Status);

        await outbox.DisposeAsync();

        Assert.Equal(7, Assert.Single(await _database.Open().ReadBacklogAsync(Token)).Waiting);
    }

    [Theory]
    [MemberData(nameof(Changes))]
    public async Task ReadAsync_FileIsGoneBeforeTheFirstRead_ReadsTheOpenFile(string change)
    {
        var outbox = _database.Open();
        for (var i = 0; i < 3; i++) await AcceptAsync(outbox);
        Change(change);

        var reads = Enumerable.Range(0, 20).Select(_ => outbox.ReadBacklogAsync(Token));

        Assert.All(await Task.WhenAll(reads), backlog => Assert.Equal(3, Assert.Single(backlog).Waiting));
    }

    [Theory]
    [MemberData(nameof(Changes))]
    public async Task Connect_FileIsGone_IsRefused(string change)
    {
        await _database.Open().DisposeAsync();
        var database = new SqliteDatabase(_database.Path);
        using var open = database.ConnectToWrite();
        database.Pin();
        Change(change);

        foreach (var mode in (SqliteOpenMode[])[SqliteOpenMode.ReadOnly, SqliteOpenMode.ReadWrite])
            Assert.Equal(SqliteDatabase.Moved, Assert.Throws<OutboxUnavailableException>(() => database.Connect(mode)).Message);
    }

    private static async Task AcceptAsync(IOutbox outbox) =>
        Assert.Equal(AppendStatus.Accepted, (await outbox.AppendAsync(Some.NewEvent("web-qa"), Token)).Status);

    private void Change(string what)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Files are compared by their inodes only on Linux.");
        var (path, log) = (_database.Path, _database.Path + "-wal");
        switch (what)
        {
            case "delete":
                File.Delete(path);
                break;
            case "delete all":
                foreach (var file in Directory.GetFiles(_database.Folder.FullName)) File.Delete(file);
                break;
            case "replace":
                File.WriteAllBytes(path + ".new", []);
                File.Move(path + ".new", path, overwrite: true);
                break;
            case "move away":
                File.Move(path, path + ".away");
                break;
            // Not with .NET: a file that it closes loses the locks that SQLite has on it.
            case "empty":
                TemporaryDatabase.Copy("/dev/null", path);
                break;
            case "copy over":
                File.WriteAllBytes(path + ".backup", new byte[1024]);
                TemporaryDatabase.Copy(path + ".backup", path);
                break;
            case "delete the log":
                File.Delete(log);
                break;
            default:
                File.WriteAllBytes(log + ".new", []);
                File.Move(log + ".new", log, overwrite: true);
                break;
        }
    }
}
