using System.Diagnostics;
using DefectNotifier.Outbox.Contract;
using DefectNotifier.Sqlite;
using DefectNotifier.Testing;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging.Abstractions;

namespace DefectNotifier.Tests.Sqlite;

/// <summary>An outbox file in its own folder. Dispose closes all opened outboxes and deletes the folder.</summary>
internal sealed class TemporaryDatabase : IAsyncDisposable
{
    private readonly List<SqliteOutbox> _opened = [];

    public DirectoryInfo Folder { get; } = Directory.CreateTempSubdirectory("outbox-");

    public string Path => System.IO.Path.Combine(Folder.FullName, "outbox.db");

    public JumpingTime Time { get; } = new(Some.Moment);

    /// <summary>Opens the outbox, by default without a minimum of free space.</summary>
    public SqliteOutbox Open(Action<SqliteOutboxOptions>? configure = null, IOutboxNews? news = null)
    {
        var options = new SqliteOutboxOptions { Path = Path, MinFreeBytes = 0 };
        configure?.Invoke(options);
        var outbox = SqliteOutbox.Open(options, news ?? new OutboxSignals(), Time, NullLogger<SqliteOutbox>.Instance);
        _opened.Add(outbox);
        return outbox;
    }

    /// <summary>
    /// Copies a file that may be open. Not with .NET: it respects the lock, and closing the file would release SQLite's own locks.
    /// </summary>
    public static void Copy(string from, string to)
    {
        using var cp = Process.Start("cp", [from, to]);
        cp.WaitForExit();
        Assert.Equal(0, cp.ExitCode);
    }

    /// <summary>A second connection to the database, like an operator's sqlite3 shell.</summary>
    public SqliteConnection Connect()
    {
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = Path, Pooling = false }.ConnectionString);
        connection.Open();
        return connection;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var outbox in _opened)
            await outbox.DisposeAsync();
        Folder.Delete(recursive: true);
    }
}
