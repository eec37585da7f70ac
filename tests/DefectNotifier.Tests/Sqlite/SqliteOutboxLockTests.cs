using System.Diagnostics;
using DefectNotifier.Outbox.Contract;
using DefectNotifier.Sqlite;
using DefectNotifier.Testing;

namespace DefectNotifier.Tests.Sqlite;

/// <summary>One outbox is used by one process, whatever name it is opened by.</summary>
public sealed class SqliteOutboxLockTests : IAsyncDisposable
{
    private readonly TemporaryDatabase _database = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public ValueTask DisposeAsync() => _database.DisposeAsync();

    [Theory]
    [InlineData("symbolic link")]
    [InlineData("link to a link")]
    [InlineData("linked folder")]
    [InlineData("lock file deleted")]
    [InlineData("lock file deleted, symbolic link")]
    public async Task Open_InUseUnderAnotherName_IsRefused(string how)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "The database itself is locked only on Linux.");
        var path = _database.Path;
        var outbox = _database.Open();
        if (how.StartsWith("lock file deleted", StringComparison.Ordinal)) File.Delete(path + ".lock");
        if (how.EndsWith("symbolic link", StringComparison.Ordinal)) path = LinkTo(path, "link.db");
        if (how == "link to a link") path = LinkTo(LinkTo(path, "one.db"), "two.db");
        if (how == "linked folder") path = Path.Combine(LinkTo(_database.Folder.FullName, "folder"), "outbox.db");

        var opening = Task.Run(() => _database.Open(options => options.Path = path), Token);
        await AdvanceUntilAsync(() => opening.IsCompleted);

        var refused = await Assert.ThrowsAsync<OutboxInUseException>(() => opening);
        Assert.Contains("is in use by another process", refused.Message, StringComparison.Ordinal);
        Assert.Equal(AppendStatus.Accepted, (await outbox.AppendAsync(Some.NewEvent("web-qa"), Token)).Status);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Open_HardLink_IsRefusedUnderBothNames(bool isOpen)
    {
        var link = _database.Path + ".hard";
        var outbox = _database.Open();
        await outbox.AppendAsync(Some.NewEvent("web-qa"), Token);
        if (!isOpen) await outbox.DisposeAsync();
        using (var ln = Process.Start("ln", [_database.Path, link]))
        {
            await ln.WaitForExitAsync(Token);
            Assert.SkipUnless(ln.ExitCode == 0 && OperatingSystem.IsLinux(), "Hard links are counted only on Linux.");
        }

        foreach (var path in (string[])[link, _database.Path])
        {
            var opening = Task.Run(() => _database.Open(options => options.Path = path), Token);
            await AdvanceUntilAsync(() => opening.IsCompleted);
            var refused = await Assert.ThrowsAnyAsync<Exception>(() => opening);
            if (isOpen) Assert.IsType<OutboxInUseException>(refused);
            else Assert.Contains("2 names (hard links)", Assert.IsType<OutboxOpenException>(refused).Message, StringComparison.Ordinal);
        }

        // What is open stays usable; a name more does no harm until it is opened.
        if (isOpen) await outbox.ProbeAsync(Token);
        File.Delete(link);
        await outbox.DisposeAsync();
        Assert.Single(await _database.Open().ReadBacklogAsync(Token));
    }

    [Fact]
    public async Task Open_SymbolicLink_KeepsLockAndLogBesideTheFile()
    {
        var link = LinkTo(_database.Path, "link.db");

        var outbox = _database.Open(options => options.Path = link);
        await outbox.ProbeAsync(Token);

        Assert.Equal(
            ["link.db", "outbox.db", "outbox.db-shm", "outbox.db-wal", "outbox.db.lock"],
            _database.Folder.GetFiles().Select(file => file.Name).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Open_SymbolicLinkToItself_IsRefused()
    {
        File.CreateSymbolicLink(_database.Path, _database.Path);

        var refused = Assert.Throws<OutboxOpenException>(() => _database.Open());

        Assert.Contains(_database.Path, refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Open_NothingThere_CreatesFilesAndFolderThatOnlyTheOwnerMayRead()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no such modes.");
        var folder = Path.Combine(_database.Folder.FullName, "new", "data");
        var outbox = _database.Open(options => options.Path = Path.Combine(folder, "outbox.db"));
        await outbox.AppendAsync(Some.NewEvent("web-qa"), Token);
        await outbox.ReadBacklogAsync(Token);

        const UnixFileMode Own = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        Assert.Equal(Own | UnixFileMode.UserExecute, ModeOf(folder));
        Assert.Equal(
            [("outbox.db", Own), ("outbox.db-shm", Own), ("outbox.db-wal", Own), ("outbox.db.lock", Own)],
            Directory.GetFiles(folder).Order(StringComparer.Ordinal).Select(file => (Path.GetFileName(file), ModeOf(file))));
    }

    [Fact]
    public async Task Open_ExistingFileAndFolder_KeepTheirModes()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no such modes.");
        await _database.Open().DisposeAsync();
        const UnixFileMode Shared = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead;
        SetMode(_database.Path, Shared);
        SetMode(_database.Folder.FullName, Shared | UnixFileMode.UserExecute | UnixFileMode.GroupExecute);

        await _database.Open().ProbeAsync(Token);

        Assert.Equal(Shared, ModeOf(_database.Path));
        Assert.Equal(Shared, ModeOf(_database.Path + "-wal"));
        Assert.Equal(Shared | UnixFileMode.UserExecute | UnixFileMode.GroupExecute, ModeOf(_database.Folder.FullName));
    }

    private string LinkTo(string target, string name)
    {
        var link = Path.Combine(_database.Folder.FullName, name);
        File.CreateSymbolicLink(link, target);
        return link;
    }

    private static UnixFileMode ModeOf(string path) => OperatingSystem.IsWindows() ? default : File.GetUnixFileMode(path);

    private static void SetMode(string path, UnixFileMode mode)
    {
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(path, mode);
    }

    private Task AdvanceUntilAsync(Func<bool> holds) => Eventually.HoldsAsync(
        () =>
        {
            if (holds()) return true;
            _database.Time.Advance(TimeSpan.FromMilliseconds(20));
            return false;
        },
        "the other end");
}
