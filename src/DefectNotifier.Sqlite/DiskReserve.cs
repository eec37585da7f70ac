using System.Security.Cryptography;
using Microsoft.Extensions.Logging;

namespace DefectNotifier.Sqlite;

/// <summary>
/// A file beside the database that does nothing but take room on the disk. When the disk is full it is deleted, and what was sent already is recorded in its
/// place. Whoever would add to what is owed waits until it stands again: the room that was given free is not for them. Only the writer's thread touches it.
/// </summary>
internal sealed partial class DiskReserve(string databasePath, long bytes, TimeProvider time, ILogger logger)
{
    private static readonly TimeSpan TryEvery = TimeSpan.FromSeconds(1);

    private readonly string _path = databasePath + ".reserve";
    private State _state;
    private long? _triedAt;

    /// <summary>True while the disk has no room for it.</summary>
    public bool IsSpent => _state == State.Spent;

    /// <summary>Looks for what an earlier process left.</summary>
    public void Find()
    {
        try
        {
            var file = new FileInfo(_path);
            _state = bytes == 0 ? State.None : file.Exists && file.Length == bytes ? State.Stands : State.Spent;
            if (_state != State.Stands) file.Delete();
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            GiveUp(error);
        }
    }

    /// <summary>Makes it when there is none yet.</summary>
    public void Make()
    {
        if (_state != State.Spent || _triedAt is not null) return;
        _triedAt = time.GetTimestamp();
        if (!TryWrite() && IsSpent) Log.NoRoom(logger, _path, bytes);
    }

    /// <summary>Gives its room free; false when there is none to give.</summary>
    public bool TrySpend()
    {
        if (_state != State.Stands) return false;
        try
        {
            File.Delete(_path);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            GiveUp(error);
            return false;
        }

        _state = State.Spent;
        _triedAt = time.GetTimestamp();
        Log.Spent(logger, bytes);
        return true;
    }

    /// <summary>Writes it again when the disk has room for the whole of it; looks at most once a second.</summary>
    /// <param name="emptyLog">Moves SQLite's log into the database. A disk that our own files fill gets its room back from there and nowhere else.</param>
    public void TryRestore(Action emptyLog)
    {
        if (_triedAt is { } triedAt && time.GetElapsedTime(triedAt) < TryEvery) return;
        _triedAt = time.GetTimestamp();
        var isWritten = TryWrite();
        if (!isWritten && IsSpent && LogMakesRoom())
        {
            emptyLog();
            isWritten = TryWrite();
        }

        if (isWritten) Log.Restored(logger, bytes);
    }

    // Not otherwise: the log is room that lanes have for sure, and whoever fills the disk would take it.
    private bool LogMakesRoom()
    {
        try
        {
            return new FileInfo(databasePath + "-wal") is { Exists: true } log
                && new DriveInfo(Path.GetDirectoryName(databasePath)!).AvailableFreeSpace + log.Length >= bytes;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or ArgumentException)
        {
            return false;
        }
    }

    private bool TryWrite()
    {
        try
        {
            Write();
            _state = State.Stands;
            return true;
        }
        catch (IOException)
        {
            // The disk is full, or as good as that. Half a reserve would only take what others need.
            _state = State.Spent;
            Remove();
        }
        catch (UnauthorizedAccessException error)
        {
            GiveUp(error);
        }

        return false;
    }

    private void Write()
    {
        // Asked for as a whole: a disk without room for it says so at once, before anything is written.
        using var file = new FileStream(_path, new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write, PreallocationSize = bytes, BufferSize = 0 });
        // Random: a file system that compresses would keep no room for zeroes.
        var block = new byte[64 * 1024];
        for (var left = bytes; left > 0; left -= block.Length)
        {
            RandomNumberGenerator.Fill(block);
            file.Write(block.AsSpan(0, (int)Math.Min(left, block.Length)));
        }

        file.Flush(flushToDisk: true);
    }

    private void Remove()
    {
        try
        {
            File.Delete(_path);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // The next try writes over it.
        }
    }

    // A file that can't be used for another reason than the disk: no cause to refuse webhooks.
    private void GiveUp(Exception error)
    {
        _state = State.None;
        Log.Unusable(logger, _path, error.Message);
    }

    private enum State
    {
        /// <summary>None is wanted, or none can be had.</summary>
        None,

        /// <summary>On disk, whole.</summary>
        Stands,

        /// <summary>Wanted, and the disk has no room for it.</summary>
        Spent,
    }

    private static partial class Log
    {
        [LoggerMessage(EventId = 204, Level = LogLevel.Error, Message = "The outbox's disk is full. Its reserve of {Bytes} bytes was given up, so that what is sent can still be recorded; webhooks are refused until there is room for it again")]
        public static partial void Spent(ILogger logger, long bytes);

        [LoggerMessage(EventId = 205, Level = LogLevel.Information, Message = "The outbox's disk has room again: its reserve of {Bytes} bytes stands, webhooks are accepted")]
        public static partial void Restored(ILogger logger, long bytes);

        [LoggerMessage(EventId = 206, Level = LogLevel.Warning, Message = "The outbox's disk has no room for the reserve {Path} of {Bytes} bytes; webhooks are refused until it has. Outbox:ReserveBytes sets how much is kept")]
        public static partial void NoRoom(ILogger logger, string path, long bytes);

        [LoggerMessage(EventId = 207, Level = LogLevel.Warning, Message = "The outbox keeps no reserve on its disk, because {Path} can't be used: {Detail}")]
        public static partial void Unusable(ILogger logger, string path, string detail);
    }
}
