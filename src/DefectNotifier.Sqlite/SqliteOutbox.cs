using DefectNotifier.Events;
using DefectNotifier.Files;
using DefectNotifier.Outbox.Contract;
using DefectNotifier.Outbox.Rules;
using DefectNotifier.Sqlite.Database;
using DefectNotifier.Sqlite.Reading;
using DefectNotifier.Sqlite.Schema;
using DefectNotifier.Sqlite.Writing;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;

namespace DefectNotifier.Sqlite;

/// <summary>
/// The outbox in one SQLite file, for one process. One thread groups writes into commits and syncs them before their callers continue;
/// reads run beside it on connections of their own.
/// </summary>
public sealed partial class SqliteOutbox
    : IOutbox, IOutboxHistory, IOutboxView, ISilences, IEventArchive, IOutboxRetention, IEnrichmentStore, IClaims, IAsyncDisposable
{
    private readonly OutboxLock _lock;
    private readonly SqliteDatabase _database;
    private readonly OutboxWriter _writer;
    private readonly OutboxReader _reader;
    private readonly DiskSpace _space;
    private readonly SqliteOutboxOptions _options;
    private readonly SoleClaims _claims;
    private readonly TimeProvider _time;
    private int _waitingAppends;

    private SqliteOutbox(
        OutboxLock @lock,
        SqliteDatabase database,
        OutboxWriter writer,
        OutboxReader reader,
        DiskSpace space,
        SqliteOutboxOptions options,
        TimeProvider time)
    {
        _lock = @lock;
        _database = database;
        _writer = writer;
        _reader = reader;
        _space = space;
        _options = options;
        _time = time;
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
        WriteSession? session = null;
        try
        {
            session = OpenFirst(database);
            database.Pin();
            var reader = new OutboxReader(database);
            reader.Open();
            var committer = new BatchCommitter(
                session, () => new WriteSession(database.ConnectToWrite()), database.IsMoved, news, logger);
            var writer = new OutboxWriter(committer, logger);
            Log.Opened(logger, database.Path);
            writer.Start();
            var space = new DiskSpace(
                Path.GetDirectoryName(database.Path)!,
                options.MinFreeBytes,
                cancellationToken => reader.ReadAsync(reading => reading.ReadFreeBytes(), cancellationToken),
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
                $"The outbox {database.Path} can't be opened: {SqliteErrors.Describe(error)} ({error.Message}).{advice}", error);
        }
    }

    public Task<AppendResult> AppendAsync(NewEvent newEvent, CancellationToken cancellationToken) =>
        cancellationToken.IsCancellationRequested
            ? Task.FromCanceled<AppendResult>(cancellationToken)
            : AppendAsync(newEvent).WaitAsync(cancellationToken);

    public Task<Claim> ClaimAsync(string name, CancellationToken cancellationToken) => _claims.ClaimAsync(name, cancellationToken);

    public Task ReleaseAsync(Claim claim) => _claims.ReleaseAsync(claim);

    public Task<PendingPage> ReadPendingAsync(Claim claim, int limit, CancellationToken cancellationToken)
    {
        _claims.Verify(claim);
        return _reader.ReadHereAsync(
            session => session.ReadPending(claim.Name, _time.GetUtcNow(), limit, _options.PageBytes), cancellationToken);
    }

    public async Task StartAttemptAsync(Claim claim, long deliveryId, DateTimeOffset at, SendStep step = SendStep.Message)
    {
        _claims.Verify(claim);
        if (!await _writer.WriteAsync(rows => AttemptRules.Start(rows, deliveryId, at, step))) throw NotPending(deliveryId);
    }

    public async Task RecordAsync(Claim claim, AttemptOutcome outcome)
    {
        _claims.Verify(claim);
        if (await _writer.WriteAsync(rows => AttemptRules.Record(rows, outcome)) is { } notPending) throw NotPending(notPending);
    }

    public Task<Defect?> ReadDefectAsync(DefectKey key, CancellationToken cancellationToken) =>
        _reader.ReadHereAsync(session => session.ReadDefect(key), cancellationToken);

    public Task<DefectContext> ReadContextAsync(string destination, DefectKey key, CancellationToken cancellationToken) =>
        _reader.ReadHereAsync(
            session => session.AtOnce(one => new DefectContext(one.ReadDefect(key), one.ReadThread(destination, key))), cancellationToken);

    public Task<MessageThread?> JoinMessageAsync(Claim claim, PendingDelivery delivery, string place, string? titleKey, DateTimeOffset at)
    {
        _claims.Verify(claim);
        return _writer.WriteAsync(rows => SameTitleRules.Join(rows, delivery, place, titleKey, at));
    }

    public Task<IReadOnlyDictionary<long, string>> ReadNamesAsync(
        string source, IReadOnlyCollection<long> teamMemberIds, CancellationToken cancellationToken) =>
        _reader.ReadHereAsync(session => EnrichmentReader.ReadNames(session, source, teamMemberIds), cancellationToken);

    public Task<bool> IsRequestedAsync(IReadOnlyCollection<EnrichmentRequest> requests, CancellationToken cancellationToken) =>
        _reader.ReadHereAsync(session => requests.Any(request => EnrichmentReader.IsPending(session, request)), cancellationToken);

    public Task<DigestJoinResult> JoinDigestAsync(Claim claim, DigestJoin join)
    {
        _claims.Verify(claim);
        return _writer.WriteAsync(rows => DigestRules.Join(rows, join));
    }

    public Task<bool> ReleaseDeferredAsync(Claim claim, DigestScope scope)
    {
        _claims.Verify(claim);
        return _writer.WriteAsync(rows => DigestRules.ReleaseDeferred(rows, scope));
    }

    public Task<bool> TakeBackAsync(Claim claim, long digestId)
    {
        _claims.Verify(claim);
        return _writer.WriteAsync(rows => DigestRules.TakeBack(rows, digestId));
    }

    public Task<DigestView?> ReadDigestAsync(long digestId, CancellationToken cancellationToken) =>
        _reader.ReadAsync(session => session.AtOnce(one => DigestReader.Read(one, digestId)), cancellationToken);

    public Task<Digest?> ReadLatestDigestAsync(Claim claim, bool isUrgent, CancellationToken cancellationToken)
    {
        _claims.Verify(claim);
        return _reader.ReadHereAsync(
            session => DigestReader.FindLatest(session.Statements, claim.Name, DigestCause.Storm, isUrgent), cancellationToken);
    }

    public Task<DateTimeOffset?> ReadNextDueAsync(Claim claim, CancellationToken cancellationToken)
    {
        _claims.Verify(claim);
        return _reader.ReadHereAsync(
            session => session.AtOnce(one => DigestReader.ReadNextDue(one, claim.Name, _time.GetUtcNow())), cancellationToken);
    }

    public async Task SaveLaneAsync(Claim claim, LaneState lane)
    {
        _claims.Verify(claim);
        await WriteAsync(rows => rows.SaveLane(lane));
    }

    public Task<RateLimitState?> ReadRateLimitAsync(string key, CancellationToken cancellationToken) =>
        _reader.ReadHereAsync(session => session.ReadRateLimit(key), cancellationToken);

    public Task<IReadOnlyList<OverdueDeliveries>> ReadOverdueAsync(DateTimeOffset now, CancellationToken cancellationToken) =>
        _reader.ReadAsync(session => session.ReadOverdue(now), cancellationToken);

    public Task AnnounceAsync(OverdueDeliveries overdue, DateTimeOffset now, NewEvent notice) =>
        WriteAsync(rows => AppendRules.Announce(rows, overdue, now, notice));

    public Task<IReadOnlyList<Backlog>> ReadBacklogAsync(CancellationToken cancellationToken) =>
        _reader.ReadAsync(session => session.ReadBacklog(), cancellationToken);

    public Task<IReadOnlyList<DeferredCount>> ReadDeferredAsync(CancellationToken cancellationToken) =>
        _reader.ReadAsync(session => session.AtOnce(DigestReader.ReadDeferredCounts), cancellationToken);

    public async Task ProbeAsync(CancellationToken cancellationToken)
    {
        if (_database.IsMoved()) throw new OutboxUnavailableException(SqliteDatabase.Moved);
        if (_writer.IsDamaged) throw new OutboxUnavailableException(SqliteErrors.Damaged);
        if (await _space.IsLowAsync(cancellationToken)) throw new OutboxUnavailableException(DiskSpace.Low);
        await _writer.ProbeAsync(rows => Rehearsal.Run(rows, _time.GetUtcNow())).WaitAsync(cancellationToken);
    }

    /// <summary>
    /// Commits the pending writes, truncates the log and releases the file. Later calls fail as unavailable.
    /// </summary>
    public async ValueTask DisposeAsync()
    {
        // Readers first: the connection that writes is then the last one, which leaves the database as a single file.
        await _reader.DisposeAsync();
        _database.Unpin();
        await _writer.EndAsync();
        _lock.Dispose();
    }

    private async Task<AppendResult> AppendAsync(NewEvent newEvent)
    {
        try
        {
            if (Interlocked.Increment(ref _waitingAppends) > _options.WaitingLimit)
                return new AppendResult(AppendStatus.Busy, EventId: null, 0);
            if (await _space.IsLowAsync(CancellationToken.None)) return Unavailable(DiskSpace.Low);
            return await _writer.AppendAsync(rows => AppendRules.Append(rows, newEvent));
        }
        catch (OutboxUnavailableException error)
        {
            return Unavailable(error.Message);
        }
        finally
        {
            Interlocked.Decrement(ref _waitingAppends);
        }
    }

    private Task WriteAsync(Action<IOutboxTransaction> write) => _writer.WriteAsync(rows =>
    {
        write(rows);
        return true;
    });

    private static AppendResult Unavailable(string detail) => new(AppendStatus.Unavailable, EventId: null, 0, detail);

    private static InvalidOperationException NotPending(long deliveryId) => new($"Delivery {deliveryId} is not pending.");

    // On one connection: closing the last one would truncate the log first.
    private static WriteSession OpenFirst(SqliteDatabase database)
    {
        var connection = database.Connect(SqliteOpenMode.ReadWriteCreate);
        try
        {
            var isPresent = OutboxSchema.IsPresent(connection, database.Path);
            SqliteDatabase.Configure(connection);
            if (!isPresent) OutboxSchema.Create(connection);
            return new WriteSession(connection);
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
