using System.ComponentModel.DataAnnotations;

namespace DefectNotifier.Sqlite;

/// <summary>Settings of the outbox on SQLite; section <c>Outbox</c>.</summary>
public sealed class SqliteOutboxOptions
{
    /// <summary>64 MiB.</summary>
    public const long DefaultMinFreeBytes = 64 * 1024 * 1024;

    /// <summary>
    /// The database file. Its folder is created when it is missing. Beside it are <c>-wal</c> and <c>-shm</c> (SQLite's own; never delete
    /// them alone) and <c>.lock</c> (held while a process uses the outbox). What is created is readable by its owner only. It must be on a
    /// local disk: SQLite's log does not work on a network share.
    /// </summary>
    [Required]
    public string Path { get; set; } = "data/defect-notifier.db";

    /// <summary>
    /// How many appends may wait for their commit. One more gets <see cref="Outbox.Contract.AppendStatus.Busy"/> at once. Default 8192.
    /// </summary>
    [Range(1, int.MaxValue)]
    public int WaitingLimit { get; set; } = 8192;

    /// <summary>
    /// Appends are refused while the disk has less free space than this, counting space that the file can use again. Default 64 MiB; 0:
    /// webhooks are refused only when the disk is full.
    /// </summary>
    [Range(0, long.MaxValue)]
    public long MinFreeBytes { get; set; } = DefaultMinFreeBytes;

    /// <summary>
    /// How many bytes of request bodies a page of pending deliveries may hold. A page holds at least one delivery. Default 1 MiB.
    /// </summary>
    [Range(1, int.MaxValue)]
    public int PageBytes { get; set; } = 1024 * 1024;

    /// <summary>
    /// How many deliveries a page of the history looks at; it ends early when it finds too few among them. Default 20,000, about 50 ms.
    /// </summary>
    [Range(1, int.MaxValue)]
    public int PageRows { get; set; } = 20_000;
}
