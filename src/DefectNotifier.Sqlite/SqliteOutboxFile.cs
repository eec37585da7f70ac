using DefectNotifier.Outbox.Contract;
using DefectNotifier.Sql;
using DefectNotifier.Sql.Database;
using DefectNotifier.Sqlite.Database;
using DefectNotifier.Sqlite.Schema;
using Microsoft.Data.Sqlite;

namespace DefectNotifier.Sqlite;

/// <summary>
/// An outbox file whose rows are moved into another engine. Its lock keeps the service away; the lock of SQLite's writer, other programs.
/// Nothing in the file is changed.
/// </summary>
public sealed class SqliteOutboxFile : OutboxTables
{
    /// <summary>Is added to the name of a file whose rows were moved.</summary>
    public const string Suffix = ".moved";

    private readonly OutboxLock _lock;
    private readonly SqliteDatabase _database;
    private readonly SqliteStatements _statements;

    private SqliteOutboxFile(OutboxLock @lock, SqliteDatabase database, SqliteStatements statements)
    {
        _lock = @lock;
        _database = database;
        _statements = statements;
    }

    public override string Name => _database.Path;

    internal override SqlErrors Errors => SqliteErrors.Instance;

    internal override Statements Statements => _statements;

    /// <param name="path">The database file.</param>
    /// <param name="time">The clock.</param>
    /// <exception cref="OutboxInUseException">A process uses it.</exception>
    /// <exception cref="OutboxOpenException">It does not exist, or is no outbox of this version; the message says why.</exception>
    public static SqliteOutboxFile Open(string path, TimeProvider time)
    {
        var database = new SqliteDatabase(Path.GetFullPath(path));
        // Taking the lock would create it.
        if (!File.Exists(database.Path)) throw new OutboxOpenException($"There is no outbox {database.Path}.");
        if (File.Exists(database.Path + Suffix))
        {
            throw new OutboxOpenException(
                $"The outbox {database.Path} can't be moved: there is a file {database.Path}{Suffix} of an earlier move. Rename it.");
        }

        var @lock = OutboxLock.Take(database.Path, time);
        SqliteStatements? statements = null;
        try
        {
            // Not for reading only: the last connection then leaves the database as a single file.
            var connection = database.Connect(SqliteOpenMode.ReadWrite);
            statements = new SqliteStatements(connection);
            if (!OutboxSchema.IsPresent(connection, database.Path)) throw new OutboxOpenException($"The outbox {database.Path} is empty.");
            statements.Run("BEGIN IMMEDIATE");
            return new SqliteOutboxFile(@lock, database, statements);
        }
        catch (Exception error)
        {
            statements?.Dispose();
            @lock.Dispose();
            if (error is not SqliteException) throw;
            throw new OutboxOpenException($"The outbox {database.Path} can't be read: {SqliteErrors.Instance.Describe(error)}.", error);
        }
    }

    /// <summary>Closes the file and renames it, so that no service sends its deliveries again.</summary>
    /// <returns>The new path.</returns>
    /// <exception cref="OutboxOpenException">It can't be renamed; the message says why.</exception>
    public string Rename()
    {
        var renamed = Name + Suffix;
        _statements.Dispose();
        try
        {
            if (File.Exists(Name + "-wal")) throw new IOException("another program has it open, so a part of it is still in its -wal file");
            File.Move(Name, renamed);
            return renamed;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new OutboxOpenException(
                $"Everything was moved, but the file {Name} can't be renamed ({error.Message}). Rename it to {renamed} yourself: a service "
                + "that is started with it would send its waiting deliveries again.",
                error);
        }
    }

    public override void Dispose()
    {
        _statements.Dispose();
        _lock.Dispose();
    }

    internal override long ReadLastNumber(string table)
    {
        var key = All.Single(one => one.Name == table).Key;
        return _statements.ReadNumber(
            $"SELECT max(coalesce((SELECT max({key}) FROM {table}), 0), "
            + $"coalesce((SELECT seq FROM sqlite_sequence WHERE name = '{table}'), 0))");
    }
}
