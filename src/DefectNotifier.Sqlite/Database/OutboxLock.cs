using DefectNotifier.Outbox.Contract;

namespace DefectNotifier.Sqlite.Database;

/// <summary>
/// Keeps a second process away from the outbox. SQLite alone would let two writers take turns, and both would send every delivery. The
/// kernel releases the lock however the process ends. The file is never deleted: a process that had opened it just before would then hold a
/// lock on a file that no one else can see.
/// </summary>
internal static class OutboxLock
{
    // HResult of flock's EWOULDBLOCK on Linux and on macOS, and of ERROR_SHARING_VIOLATION on Windows.
    private static readonly int[] HeldElsewhere = [11, 35, unchecked((int)0x80070020)];

    /// <summary>A command holds it for a moment; a service that starts just then waits for this long.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);

    private static readonly TimeSpan RetryEvery = TimeSpan.FromMilliseconds(50);

    /// <exception cref="OutboxInUseException">Another process holds it for longer than a command would.</exception>
    /// <exception cref="OutboxOpenException">The lock file can't be written.</exception>
    public static FileStream Take(string databasePath, TimeProvider time)
    {
        var path = databasePath + ".lock";
        var started = time.GetTimestamp();
        while (true)
        {
            try
            {
                return Open(databasePath, path);
            }
            catch (OutboxInUseException) when (time.GetElapsedTime(started) < Patience)
            {
                Task.Delay(RetryEvery, time).GetAwaiter().GetResult();
            }
        }
    }

    private static FileStream Open(string databasePath, string path)
    {
        try
        {
            return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, bufferSize: 0);
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
            throw new OutboxOpenException(
                $"The outbox {databasePath} can't be opened: its lock file {path} can't be written ({error.Message}).", error);
        }
    }
}
