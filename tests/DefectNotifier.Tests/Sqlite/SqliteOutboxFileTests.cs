using DefectNotifier.Outbox.Contract;
using DefectNotifier.Sqlite;
using DefectNotifier.Testing;
using Microsoft.Data.Sqlite;

namespace DefectNotifier.Tests.Sqlite;

public sealed class SqliteOutboxFileTests : IAsyncDisposable
{
    private readonly TemporaryDatabase _database = new();

    public ValueTask DisposeAsync() => _database.DisposeAsync();

    [Fact]
    public void Open_NoFile_CreatesNone()
    {
        Refuses("There is no outbox");
        Assert.Empty(_database.Folder.GetFiles());
    }

    [Fact]
    public async Task Open_EmptyFile_IsRefused()
    {
        await File.WriteAllBytesAsync(_database.Path, [], TestContext.Current.CancellationToken);

        Refuses("is empty");
    }

    [Fact]
    public async Task Open_OtherVersion_IsRefused()
    {
        await FillAsync();
        Run("PRAGMA user_version = 999");

        Refuses("was written by a newer DefectNotifier");
    }

    [Fact]
    public async Task Open_FileOfAnEarlierMove_IsNotOverwritten()
    {
        await FillAsync();
        await File.WriteAllTextAsync(_database.Path + ".moved", "", TestContext.Current.CancellationToken);

        Refuses("of an earlier move. Rename it.");
    }

    [Fact]
    public async Task Open_NotRenamed_KeepsOthersAwayUntilItIsDisposed()
    {
        await FillAsync();
        using (SqliteOutboxFile.Open(_database.Path, _database.Time))
        {
            Assert.True(SqliteEventArchive.IsInUse(_database.Path));
            Assert.Throws<SqliteException>(() => Run("DELETE FROM clock"));
        }

        _database.Open();
        Run("DELETE FROM clock");
    }

    [Fact]
    public async Task Rename_OtherProgramHasItOpen_LeavesTheFileAndSaysSo()
    {
        await FillAsync();
        using var shell = _database.Connect();
        using var read = shell.CreateCommand();
        read.CommandText = "SELECT count(*) FROM event";
        read.ExecuteScalar();
        using var file = SqliteOutboxFile.Open(_database.Path, _database.Time);

        var error = Assert.Throws<OutboxOpenException>(file.Rename);

        Assert.Contains("another program has it open", error.Message, StringComparison.Ordinal);
        Assert.True(File.Exists(_database.Path));
    }

    private void Refuses(string reason) => Assert.Contains(
        reason,
        Assert.Throws<OutboxOpenException>(() => SqliteOutboxFile.Open(_database.Path, _database.Time)).Message,
        StringComparison.Ordinal);

    private async Task FillAsync()
    {
        await using var outbox = _database.Open();
        await outbox.AppendAsync(Some.NewEvent("web-qa"), TestContext.Current.CancellationToken);
    }

    private void Run(string sql)
    {
        using var connection = _database.Connect();
        using var command = connection.CreateCommand();
        command.CommandTimeout = 1;
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }
}
