namespace DefectNotifier.Storage;

/// <summary>
/// Keeps a second process away from the outbox. SQLite alone would let two writers take turns, and both would send every delivery.
/// The kernel releases the lock when the process ends, however it ends. The file is never deleted: a process that had opened it just before
/// would then hold a lock on a file that nobody else can see.
/// </summary>
internal static class OutboxLock
{
    // flock's EWOULDBLOCK on Linux and on macOS, ERROR_SHARING_VIOLATION on Windows: what the runtime hands on as HResult.
    private static readonly int[] HeldElsewhere = [11, 35, unchecked((int)0x80070020)];

    public static FileStream Take(string databasePath)
    {
        var path = databasePath + ".lock";
        try
        {
            return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, bufferSize: 0);
        }
        catch (IOException fault) when (HeldElsewhere.Contains(fault.HResult))
        {
            throw new OutboxInUseException(
                $"The outbox {databasePath} is in use by another process (it holds {path}). Stop that process, or set Outbox:Path to another file.", fault);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new OutboxOpenException($"The outbox {databasePath} can't be opened: its lock file {path} can't be written ({fault.Message}).", fault);
        }
    }
}
