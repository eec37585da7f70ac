using System.ComponentModel.DataAnnotations;

namespace DefectNotifier.Sqlite;

/// <summary>Settings of the outbox on SQLite; section <c>Outbox</c>.</summary>
public sealed class SqliteOutboxOptions
{
    /// <summary>8 MiB.</summary>
    public const long StandardReserveBytes = 8 * 1024 * 1024;

    /// <summary>
    /// The database file. Its folder is made when it is not there. Beside it stand <c>-wal</c> and <c>-shm</c> (SQLite's own; never delete them
    /// on their own), <c>.lock</c> (held while a process uses the outbox) and <c>.reserve</c> (see <see cref="ReserveBytes"/>). It must be on a local disk: SQLite's log does not work on a network share.
    /// </summary>
    [Required]
    public string Path { get; set; } = "data/defect-notifier.db";

    /// <summary>How many appends may wait for their commit. One more is answered with <see cref="Outbox.AppendStatus.Busy"/> at once. Default 8192.</summary>
    [Range(1, int.MaxValue)]
    public int WaitingLimit { get; set; } = 8192;

    /// <summary>
    /// How many bytes of the disk are kept in a file beside the database, to be given up when the disk is full: what lanes have sent is recorded in their place. Default
    /// 8 MiB, 0: none. Until it could be written again in full, appends are refused as "disk full". SQLite's log takes up to 4 MiB of it before it is
    /// used again from its beginning; the rest is for a database that grows: thousands of outcomes.
    /// </summary>
    [Range(0, long.MaxValue)]
    public long ReserveBytes { get; set; } = StandardReserveBytes;

    /// <summary>
    /// How many bytes of request bodies one page of pending deliveries may hold. A page holds at least one delivery, however large it is. Default 1 MiB.
    /// </summary>
    [Range(1, int.MaxValue)]
    public int PageBytes { get; set; } = 1024 * 1024;

    /// <summary>How many deliveries one page of the history looks at; one that finds less ends early and says where to go on. Default 20,000, some 50 ms.</summary>
    [Range(1, int.MaxValue)]
    public int PageRows { get; set; } = 20_000;
}
