using DefectNotifier.Outbox.Contract;
using DefectNotifier.Routing;
using DefectNotifier.Sql.Reading;
using DefectNotifier.Sqlite.Database;
using DefectNotifier.Sqlite.Schema;
using Microsoft.Data.Sqlite;

namespace DefectNotifier.Sqlite;

/// <summary>
/// The events, silences and counts of an outbox that another process may be writing: the file is opened for reading only, and nothing in
/// it is changed.
/// </summary>
public sealed class SqliteEventArchive : IEventArchive, IOutboxView, IAsyncDisposable
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
            return new SqliteEventArchive(SqliteOutbox.ReaderOf(database));
        }
        catch (SqliteException error)
        {
            throw new OutboxOpenException(
                $"The outbox {database.Path} can't be read: {SqliteErrors.Instance.Describe(error)} ({error.Message}).", error);
        }
    }

    /// <summary>True while another process uses the outbox.</summary>
    /// <param name="path">The database file.</param>
    public static bool IsInUse(string path) => OutboxLock.IsHeld(Path.GetFullPath(path));

    public Task<ArchivePage> ReadArchiveAsync(ArchiveQuery query, CancellationToken cancellationToken) =>
        _reader.ReadAsync(session => EventReader.ReadArchive(session, query), cancellationToken);

    public Task<IReadOnlyList<FailedCount>> ReadFailedAsync(CancellationToken cancellationToken) =>
        _reader.ReadAsync(session => session.AtOnce(StatisticsReader.ReadFailed), cancellationToken);

    public Task<IReadOnlyList<UnroutedCount>> ReadUnroutedAsync(DateTimeOffset since, CancellationToken cancellationToken) =>
        _reader.ReadAsync(session => StatisticsReader.ReadUnrouted(session, since), cancellationToken);

    public Task<IReadOnlyList<RecentCount>> ReadRecentAsync(
        DateTimeOffset since, DateTimeOffset before, CancellationToken cancellationToken) =>
        _reader.ReadAsync(session => StatisticsReader.ReadRecent(session, since, before), cancellationToken);

    public Task<IReadOnlyList<LaneState>> ReadLanesAsync(CancellationToken cancellationToken) =>
        _reader.ReadAsync(session => session.ReadLanes(), cancellationToken);

    public Task<IReadOnlyList<Backlog>> ReadBacklogAsync(CancellationToken cancellationToken) =>
        _reader.ReadAsync(session => session.ReadBacklog(), cancellationToken);

    public Task<IReadOnlyList<DeferredCount>> ReadDeferredAsync(CancellationToken cancellationToken) =>
        _reader.ReadAsync(session => session.AtOnce(DigestReader.ReadDeferredCounts), cancellationToken);

    public Task<IReadOnlyList<Silence>> ReadSilencesAsync(DateTimeOffset? endsAfter, CancellationToken cancellationToken) =>
        _reader.ReadAsync(session => SilenceReader.Read(session.Statements, endsAfter), cancellationToken);

    public Task<Roster> ReadRosterAsync(CancellationToken cancellationToken) => Task.FromResult(Roster.Empty);

    public ValueTask DisposeAsync() => _reader.DisposeAsync();
}
