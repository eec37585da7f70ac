using DefectNotifier.Outbox.Contract;

namespace DefectNotifier.Sqlite.Database;

/// <summary>
/// Keeps a second process away from the outbox. SQLite alone would let two writers take turns, and both would send every delivery. The
/// kernel releases the locks however the process ends.
/// <para>
/// Two files are locked. The lock file beside the database protects its path, also when another file is put there. It is never deleted,
/// because a process that had opened it just before would then hold a lock on a file that no one else can see. The database itself is
/// locked in case someone else deletes the lock file or uses another name of the database: a lock belongs to the file, not to the name.
/// </para>
/// </summary>
internal sealed class OutboxLock : IDisposable
{
    // HResult of flock's EWOULDBLOCK on Linux and on macOS, and of ERROR_SHARING_VIOLATION on Windows.
    private static readonly int[] HeldElsewhere = [11, 35, unchecked((int)0x80070020)];

    /// <summary>A command holds it for a moment; a service that starts just then waits for this long.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);

    private static readonly TimeSpan RetryEvery = TimeSpan.FromMilliseconds(50);

    private readonly FileStream _lockFile;
    private readonly FileStream _database;

    private OutboxLock(FileStream lockFile, FileStream database)
    {
        _lockFile = lockFile;
        _database = database;
    }

    /// <summary>Creates the files when they are missing, and locks them.</summary>
    /// <exception cref="OutboxInUseException">Another process holds it for longer than a command would.</exception>
    /// <exception cref="OutboxOpenException">The files can't be written, or the database has another name besides this one.</exception>
    public static OutboxLock Take(string databasePath, TimeProvider time)
    {
        var started = time.GetTimestamp();
        while (true)
        {
            try
            {
                return Take(databasePath);
            }
            catch (OutboxInUseException) when (time.GetElapsedTime(started) < Patience)
            {
                Task.Delay(RetryEvery, time).GetAwaiter().GetResult();
            }
        }
    }

    /// <summary>True while another process holds it. Creates no file; what can't be opened is taken as free.</summary>
    public static bool IsHeld(string databasePath)
    {
        try
        {
            using var lockFile = new FileStream(databasePath + ".lock", FileMode.Open, FileAccess.Read, FileShare.Read);
            return false;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return HeldElsewhere.Contains(error.HResult);
        }
    }

    /// <summary>
    /// Only when no connection to the database is open: closing a file releases all of the process's locks on it that SQLite holds.
    /// </summary>
    public void Dispose()
    {
        _database.Dispose();
        _lockFile.Dispose();
    }

    private static OutboxLock Take(string databasePath)
    {
        var lockFile = Open(databasePath, databasePath + ".lock", FileShare.None);
        try
        {
            // On Linux this lock (flock) and SQLite's (fcntl) do not see each other. Elsewhere it would keep SQLite out too.
            var share = OperatingSystem.IsLinux() ? FileShare.None : FileShare.ReadWrite | FileShare.Delete;
            var database = Open(databasePath, databasePath, share);
            if (!OperatingSystem.IsLinux()) database.Dispose();
            if (FileStat.Of(databasePath) is not { Links: > 1 and var links }) return new OutboxLock(lockFile, database);
            database.Dispose();
            throw new OutboxOpenException(
                $"The outbox {databasePath} has {links} names (hard links). SQLite keeps a log (-wal) beside each name, and what one of "
                + $"them contains is lost under another. Remove the other names: find / -xdev -samefile '{databasePath}'.");
        }
        catch
        {
            lockFile.Dispose();
            throw;
        }
    }

    // Only the owner may read what is stored. SQLite gives its own files (-wal, -shm) the mode of the database.
    private static FileStream Open(string databasePath, string path, FileShare share)
    {
        var options = new FileStreamOptions
        {
            Mode = FileMode.OpenOrCreate,
            Access = FileAccess.ReadWrite,
            Share = share,
            BufferSize = 0,
        };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        try
        {
            return new FileStream(path, options);
        }
        catch (IOException error) when (HeldElsewhere.Contains(error.HResult))
        {
            throw new OutboxInUseException(
                $"The outbox {databasePath} is in use by another process (it holds {path}). "
                + "Stop that process, or set Outbox:Path to another file.",
                error);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new OutboxOpenException($"The outbox {databasePath} can't be opened: {path} can't be written ({error.Message}).", error);
        }
    }
}
