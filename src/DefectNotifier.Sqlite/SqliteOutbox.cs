using DefectNotifier.Files;
using DefectNotifier.Outbox.Contract;
using DefectNotifier.Outbox.Rules;
using DefectNotifier.Sql;
using DefectNotifier.Sql.Database;
using DefectNotifier.Sql.Reading;
using DefectNotifier.Sql.Writing;
using DefectNotifier.Sqlite.Database;
using DefectNotifier.Sqlite.Schema;
using DefectNotifier.Sqlite.Writing;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;

namespace DefectNotifier.Sqlite;

/// <summary>The outbox in one SQLite file, for one process.</summary>
public sealed partial class SqliteOutbox : SqlOutbox
{
    private readonly OutboxLock _lock;
    private readonly SqliteDatabase _database;
    private readonly OutboxWriter _writer;
    private readonly OutboxReader _reader;
    private readonly DiskSpace _space;
    private readonly SoleClaims _claims;

    private SqliteOutbox(
        OutboxLock @lock,
        SqliteDatabase database,
        OutboxWriter writer,
        OutboxReader reader,
        DiskSpace space,
        SqliteOutboxOptions options,
        TimeProvider time)
        : base(writer, reader, new SqlOutboxLimits(options.WaitingLimit, options.PageBytes, options.PageRows), time)
    {
        _lock = @lock;
        _database = database;
        _writer = writer;
        _reader = reader;
        _space = space;
        _claims = new SoleClaims(name => writer.WriteAsync(rows => AttemptRules.TakeLane(rows, name, time.GetUtcNow())));
    }

    /// <summary>
    /// Opens the outbox, or creates it with its folder; only the owner may read what is created. Blocks while it does so.
    /// </summary>
    /// <param name="options">Where it is.</param>
    /// <param name="news">Receives what was committed.</param>
    /// <param name="timeProvider">The clock.</param>
    /// <param name="logger">The log.</param>
    /// <exception cref="OutboxInUseException">Another process, or another instance in this one, holds it.</exception>
    /// <exception cref="OutboxOpenException">The file or its folder can't be used; the message says why.</exception>
    public static SqliteOutbox Open(
        SqliteOutboxOptions options, IOutboxNews news, TimeProvider timeProvider, ILogger<SqliteOutbox> logger)
    {
        var database = new SqliteDatabase(Path.GetFullPath(options.Path));
        CreateFolder(database.Path);
        var @lock = OutboxLock.Take(database.Path, timeProvider);
        SqliteWriteSession? session = null;
        try
        {
            session = OpenFirst(database);
            database.Pin();
            var reader = ReaderOf(database);
            reader.Open();
            var committer = new BatchCommitter(
                session,
                () => new SqliteWriteSession(database.ConnectToWrite()),
                () => database.IsMoved() ? SqliteDatabase.Moved : null,
                SqliteErrors.Instance,
                news,
                logger);
            var writer = new OutboxWriter(committer, logger);
            Log.Opened(logger, database.Path);
            writer.Start();
            var space = new DiskSpace(
                Path.GetDirectoryName(database.Path)!,
                options.MinFreeBytes,
                cancellationToken => reader.ReadAsync(reading => reading.Statements.ReadNumber(SpaceSql.FreeBytes), cancellationToken),
                timeProvider,
                logger);
            return new SqliteOutbox(@lock, database, writer, reader, space, options, timeProvider);
        }
        catch (Exception error)
        {
            session?.Dispose();
            @lock.Dispose();
            if (error is not SqliteException) throw;
            // Even reading needs the log and its index (-wal, -shm), which are deleted when the service stops.
            var advice = SqliteErrors.IsDiskFull(error) ? " Free some space for SQLite's -wal and -shm files, and start again." : "";
            throw new OutboxOpenException(
                $"The outbox {database.Path} can't be opened: {SqliteErrors.Instance.Describe(error)} ({error.Message}).{advice}", error);
        }
    }

    /// <summary>The connections that read a file.</summary>
    internal static OutboxReader ReaderOf(SqliteDatabase database) => new(
        () => new ReadSession(new SqliteStatements(database.Connect(SqliteOpenMode.ReadOnly))), SqliteErrors.Instance);

    public override Task<Claim> ClaimAsync(string name, CancellationToken cancellationToken) => _claims.ClaimAsync(name, cancellationToken);

    public override Task ReleaseAsync(Claim claim) => _claims.ReleaseAsync(claim);

    public override Roster Roster => _claims.Roster;

    public override void Group(IReadOnlyDictionary<string, string> groups) => _claims.Group(groups);

    /// <summary>
    /// Commits the pending writes, truncates the log and releases the file. Later calls fail as unavailable.
    /// </summary>
    public override async ValueTask DisposeAsync()
    {
        // Readers first: the connection that writes is then the last one, which leaves the database as a single file.
        await _reader.DisposeAsync();
        _database.Unpin();
        await _writer.EndAsync();
        _lock.Dispose();
    }

    public override Task ProbeAsync(CancellationToken cancellationToken)
    {
        if (_database.IsMoved()) throw new OutboxUnavailableException(SqliteDatabase.Moved);
        if (_writer.IsDamaged) throw new OutboxUnavailableException(SqlErrors.Damaged);
        return base.ProbeAsync(cancellationToken);
    }

    protected override void Verify(Claim claim) => _claims.Verify(claim);

    protected override bool IsClaimed(IOutboxTransaction rows, string destination) => _claims.IsClaimed(destination);

    protected override async ValueTask<string?> FindReasonToRefuseAsync(CancellationToken cancellationToken) =>
        await _space.IsLowAsync(cancellationToken) ? DiskSpace.Low : null;

    private protected override long ReadUsedBytes(ReadSession session) => session.Statements.ReadNumber(SpaceSql.UsedBytes);

    // On one connection: closing the last one would truncate the log first.
    private static SqliteWriteSession OpenFirst(SqliteDatabase database)
    {
        var connection = database.Connect(SqliteOpenMode.ReadWriteCreate);
        try
        {
            var isPresent = OutboxSchema.IsPresent(connection, database.Path);
            SqliteDatabase.Configure(connection);
            if (!isPresent) OutboxSchema.Create(connection);
            return new SqliteWriteSession(connection);
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    private static void CreateFolder(string path)
    {
        try
        {
            PrivateFolder.Create(Path.GetDirectoryName(path)!);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new OutboxOpenException($"The folder of the outbox {path} can't be created ({error.Message}).", error);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(200, LogLevel.Information, "Outbox {Path} opened")]
        public static partial void Opened(ILogger logger, string path);
    }
}
