using DefectNotifier.Outbox.Contract;
using DefectNotifier.Routing;
using DefectNotifier.Sqlite.Database;
using DefectNotifier.Sqlite.Reading;
using DefectNotifier.Sqlite.Schema;
using Microsoft.Data.Sqlite;

namespace DefectNotifier.Sqlite;

/// <summary>
/// The events and silences of an outbox that another process may be writing: the file is opened for reading only, and nothing in it is
/// changed.
/// </summary>
public sealed class SqliteEventArchive : IEventArchive, IAsyncDisposable
{
    private readonly OutboxReader _reader;

    private SqliteEventArchive(OutboxReader reader) => _reader = reader;

    /// <param name="path">The database file.</param>
    /// <exception cref="OutboxOpenException">It can't be read, or is no outbox of this version; the message says why.</exception>
    public static SqliteEventArchive Open(string path)
    {
        var database = new SqliteDatabase(Path.GetFullPath(path));
        try
        {
            using var connection = database.Connect(SqliteOpenMode.ReadOnly);
            if (!OutboxSchema.IsPresent(connection, database.Path)) throw new OutboxOpenException($"The outbox {database.Path} is empty.");
            return new SqliteEventArchive(new OutboxReader(database));
        }
        catch (SqliteException error)
        {
            throw new OutboxOpenException(
                $"The outbox {database.Path} can't be read: {SqliteErrors.Describe(error)} ({error.Message}).", error);
        }
    }

    public Task<ArchivePage> ReadArchiveAsync(ArchiveQuery query, CancellationToken cancellationToken) =>
        _reader.ReadAsync(session => EventReader.ReadArchive(session, query), cancellationToken);

    /// <summary>The silences that end after this time, by their numbers.</summary>
    public Task<IReadOnlyList<Silence>> ReadSilencesAsync(DateTimeOffset endsAfter, CancellationToken cancellationToken) =>
        _reader.ReadAsync(session => SilenceReader.Read(session.Statements, endsAfter), cancellationToken);

    public ValueTask DisposeAsync() => _reader.DisposeAsync();
}
