using DefectNotifier.Outbox;
using Microsoft.Data.Sqlite;

namespace DefectNotifier.Sqlite;

/// <summary>The events of an outbox that another process may be writing, or nobody: the file is opened for reading only, and nothing in it is changed or brought up to date.</summary>
public sealed class SqliteEventArchive : IEventArchive, IAsyncDisposable
{
    private readonly OutboxReader _reader;

    private SqliteEventArchive(OutboxReader reader) => _reader = reader;

    /// <param name="path">The database file.</param>
    /// <exception cref="OutboxOpenException">It can't be read, or was written by another version; the message says why.</exception>
    public static SqliteEventArchive Open(string path)
    {
        var database = new SqliteDatabase(Path.GetFullPath(path));
        try
        {
            if (database.ReadVersion() is var version && version < SchemaMigrations.All.Count)
                throw new OutboxOpenException($"The outbox {database.Path} is of an older version (schema {version}): start the service once, which brings it up to date.");
            return new SqliteEventArchive(new OutboxReader(database));
        }
        catch (SqliteException error)
        {
            throw new OutboxOpenException($"The outbox {database.Path} can't be read: {SqliteErrors.Describe(error)} ({error.Message}).", error);
        }
    }

    public Task<ArchivePage> ReadArchiveAsync(ArchiveQuery query, CancellationToken cancellationToken) => _reader.ReadAsync(session => session.ReadArchive(query), cancellationToken);

    public ValueTask DisposeAsync() => _reader.DisposeAsync();
}
