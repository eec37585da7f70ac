using DefectNotifier.Sqlite;

namespace DefectNotifier.Tests.Sqlite;

public sealed class DiskReserveTests : IAsyncDisposable
{
    private const int Bytes = 256 * 1024;

    private readonly TemporaryDatabase _database = new();
    private readonly LogLines<DiskReserve> _log = new();

    private string ReservePath => _database.Path + ".reserve";

    public ValueTask DisposeAsync() => _database.DisposeAsync();

    [Fact]
    public void Make_NoneThere_WritesBytesThatDoNotCompress()
    {
        var reserve = Opened(Bytes);

        Assert.False(reserve.IsSpent);
        var written = File.ReadAllBytes(ReservePath);
        Assert.Equal(Bytes, written.Length);
        using var compressed = new MemoryStream();
        using (var zip = new System.IO.Compression.BrotliStream(compressed, System.IO.Compression.CompressionLevel.Fastest, leaveOpen: true))
            zip.Write(written);
        Assert.True(compressed.Length >= Bytes);
        Assert.Empty(_log.EventIds);
    }

    [Fact]
    public void Make_OneStands_LeavesItAsItIs()
    {
        Opened(Bytes);
        var before = File.ReadAllBytes(ReservePath);

        Assert.False(Opened(Bytes).IsSpent);

        Assert.Equal(before, File.ReadAllBytes(ReservePath));
    }

    [Theory]
    [InlineData(Bytes / 2, Bytes / 2)]
    [InlineData(Bytes * 2, Bytes * 2)]
    [InlineData(0, null)]
    public void Make_OtherSizeWanted_IsAsWanted(int wanted, int? length)
    {
        Opened(Bytes);

        Assert.False(Opened(wanted).IsSpent);

        Assert.Equal(length, File.Exists(ReservePath) ? (int)new FileInfo(ReservePath).Length : null);
    }

    [Fact]
    public void TrySpend_Standing_GivesTheRoomFreeOnce()
    {
        var reserve = Opened(Bytes);

        Assert.True(reserve.TrySpend());
        Assert.False(reserve.TrySpend());

        Assert.True(reserve.IsSpent);
        Assert.False(File.Exists(ReservePath));
        Assert.Equal([204], _log.EventIds);
    }

    [Fact]
    public void TrySpend_NoneWanted_HasNothingToGive()
    {
        var reserve = Opened(0);

        Assert.False(reserve.TrySpend());
        Assert.False(reserve.IsSpent);
    }

    [Fact]
    public void TryRestore_RoomAgain_StandsASecondLater()
    {
        var reserve = Opened(Bytes);
        reserve.TrySpend();

        reserve.TryRestore(() => { });
        Assert.True(reserve.IsSpent);
        _database.Time.Advance(TimeSpan.FromSeconds(1));
        reserve.TryRestore(() => { });

        Assert.False(reserve.IsSpent);
        Assert.Equal(Bytes, new FileInfo(ReservePath).Length);
        Assert.Equal([204, 205], _log.EventIds);
    }

    [Fact]
    public void Make_PathThatCanNotBeAFile_GoesWithoutAndRefusesNobody()
    {
        Directory.CreateDirectory(ReservePath);

        var reserve = Opened(Bytes);

        Assert.False(reserve.IsSpent);
        Assert.False(reserve.TrySpend());
        Assert.Equal([207], _log.EventIds);
    }

    [Fact]
    public void Make_DiskTooSmall_IsSpentAndLeavesNoHalfOne()
    {
        using var disk = SmallDisk.MountOrSkip("size=1m");
        var reserve = new DiskReserve(disk.File("outbox.db"), 2 * 1024 * 1024, _database.Time, _log);

        reserve.Find();
        reserve.Make();
        _database.Time.Advance(TimeSpan.FromSeconds(1));
        reserve.TryRestore(() => { });

        Assert.True(reserve.IsSpent);
        Assert.False(File.Exists(disk.File("outbox.db.reserve")));
        Assert.Equal([206], _log.EventIds);
    }

    [Theory]
    [InlineData(500, true)]
    [InlineData(100, false)]
    public void TryRestore_RoomOnlyInTheLog_EmptiesItWhenThatIsEnough(int logKilobytes, bool isEnough)
    {
        using var disk = SmallDisk.MountOrSkip("size=1m");
        var reserve = new DiskReserve(disk.File("outbox.db"), 400 * 1024, _database.Time, _log);
        File.WriteAllBytes(disk.File("outbox.db-wal"), new byte[logKilobytes * 1024]);
        disk.Fill("filler");
        reserve.Find();
        var emptied = 0;

        reserve.TryRestore(() =>
        {
            emptied++;
            File.WriteAllBytes(disk.File("outbox.db-wal"), []);
        });

        Assert.Equal(isEnough, !reserve.IsSpent);
        Assert.Equal(isEnough ? 1 : 0, emptied);
    }

    private DiskReserve Opened(int bytes)
    {
        var reserve = new DiskReserve(_database.Path, bytes, _database.Time, _log);
        reserve.Find();
        reserve.Make();
        return reserve;
    }
}
