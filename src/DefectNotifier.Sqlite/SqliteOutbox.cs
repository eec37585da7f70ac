using DefectNotifier.Events;
using DefectNotifier.Outbox;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;

namespace DefectNotifier.Sqlite;

/// <summary>
/// The outbox in one SQLite file, for one process. Writes are group-committed by one thread and synced before anybody is told of them; reads run beside
/// them on connections of their own.
/// </summary>
public sealed partial class SqliteOutbox : IOutbox, IOutboxHistory, IEventArchive, IOutboxRetention, IEnrichmentStore, IAsyncDisposable
{
    private readonly FileStream _lock;
    private readonly OutboxWriter _writer;
    private readonly OutboxReader _reader;
    private readonly SqliteOutboxOptions _options;

    private SqliteOutbox(FileStream @lock, OutboxWriter writer, OutboxReader reader, SqliteOutboxOptions options)
    {
        _lock = @lock;
        _writer = writer;
        _reader = reader;
        _options = options;
    }

    /// <summary>
    /// Opens the outbox, or makes it, folder and all; brings it to the newest schema and closes the attempts that a process which died left open.
    /// Blocks while it does so.
    /// </summary>
    /// <exception cref="OutboxInUseException">Another process, or another instance in this one, holds it.</exception>
    /// <exception cref="OutboxOpenException">The file or its folder can't be used; the message says why.</exception>
    public static SqliteOutbox Open(SqliteOutboxOptions options, TimeProvider timeProvider, ILogger<SqliteOutbox> logger)
    {
        var database = new SqliteDatabase(Path.GetFullPath(options.Path));
        CreateFolder(database.Path);
        var @lock = OutboxLock.Take(database.Path, timeProvider);
        try
        {
            var reserve = new DiskReserve(database.Path, options.ReserveBytes, timeProvider, logger);
            reserve.Find();
            var (session, interrupted) = Prepare(database, reserve, timeProvider.GetUtcNow());
            Log.Opened(logger, database.Path, interrupted);
            var writer = new OutboxWriter(new BatchCommitter(session, database.OpenWriteSession, reserve, logger), options.WaitingLimit, logger);
            writer.Start();
            return new SqliteOutbox(@lock, writer, new OutboxReader(database), options);
        }
        catch (Exception error)
        {
            @lock.Dispose();
            if (error is SqliteException)
                throw new OutboxOpenException($"The outbox {database.Path} can't be opened: {SqliteErrors.Describe(error)} ({error.Message}).", error);
            throw;
        }
    }

    public Task<AppendResult> AppendAsync(NewEvent newEvent, CancellationToken cancellationToken) =>
        cancellationToken.IsCancellationRequested
            ? Task.FromCanceled<AppendResult>(cancellationToken)
            : _writer.AppendAsync(newEvent).WaitAsync(cancellationToken);

    public Task<IReadOnlyList<PendingDelivery>> ReadPendingAsync(string destination, int limit, CancellationToken cancellationToken) =>
        _reader.ReadHereAsync(session => session.ReadPending(destination, limit, _options.PageBytes), cancellationToken);

    public Task StartAttemptAsync(long deliveryId, DateTimeOffset at, SendStep step = SendStep.Message) => _writer.WriteAsync(new StartAttemptOperation(deliveryId, at, step));

    public Task RecordAsync(AttemptOutcome outcome) => _writer.WriteAsync(new RecordOperation(outcome));

    public Task<Defect?> ReadDefectAsync(DefectKey key, CancellationToken cancellationToken) =>
        _reader.ReadHereAsync(session => session.ReadDefect(key), cancellationToken);

    public Task<IReadOnlyDictionary<DefectKey, Defect>> ReadDefectsAsync(IReadOnlyCollection<DefectKey> keys, CancellationToken cancellationToken) =>
        _reader.ReadHereAsync(session => session.ReadDefects(keys), cancellationToken);

    public Task<MessageThread?> ReadThreadAsync(string destination, DefectKey key, CancellationToken cancellationToken) =>
        _reader.ReadHereAsync(session => session.ReadThread(destination, key), cancellationToken);

    public Task<IReadOnlyDictionary<long, string>> ReadNamesAsync(string source, IReadOnlyCollection<long> teamMemberIds, CancellationToken cancellationToken) =>
        _reader.ReadHereAsync(session => session.EnrichmentRequests.ReadNames(source, teamMemberIds), cancellationToken);

    public Task<LaneState> ReadLaneAsync(string destination, CancellationToken cancellationToken) =>
        _reader.ReadHereAsync(session => session.ReadLane(destination), cancellationToken);

    public Task<RateLimitState?> ReadRateLimitAsync(string key, CancellationToken cancellationToken) =>
        _reader.ReadHereAsync(session => session.ReadRateLimit(key), cancellationToken);

    public Task<IReadOnlyList<OverdueDeliveries>> ReadOverdueAsync(DateTimeOffset now, CancellationToken cancellationToken) =>
        _reader.ReadAsync(session => session.ReadOverdue(now), cancellationToken);

    public Task AnnounceAsync(OverdueDeliveries overdue, DateTimeOffset now, NewEvent notice) => _writer.WriteAsync(new AnnounceOperation(overdue, now, notice));

    public Task SaveLaneAsync(LaneState lane) => _writer.WriteAsync(new SaveLaneOperation(lane));

    public Task<IReadOnlyList<Backlog>> ReadBacklogAsync(CancellationToken cancellationToken) =>
        _reader.ReadAsync(session => session.ReadBacklog(), cancellationToken);

    public Task<IReadOnlyList<StoredEvent>> ReadEventsAsync(EventQuery query, CancellationToken cancellationToken) =>
        _reader.ReadAsync(session => session.ReadEvents(query), cancellationToken);

    public Task<ArchivePage> ReadArchiveAsync(ArchiveQuery query, CancellationToken cancellationToken) =>
        _reader.ReadAsync(session => session.ReadArchive(query), cancellationToken);

    public Task<DeliveryPage> ReadDeliveriesAsync(DeliveryQuery query, CancellationToken cancellationToken) =>
        _reader.ReadAsync(session => session.ReadDeliveries(query, _options.PageRows), cancellationToken);

    public Task<byte[]?> ReadMessageAsync(long deliveryId, CancellationToken cancellationToken) =>
        _reader.ReadAsync(session => session.ReadMessage(deliveryId), cancellationToken);

    public Task<DeliveryChange> RetryAsync(long deliveryId, bool asRendered, DateTimeOffset at) => _writer.ChangeAsync(new RetryOperation(deliveryId, asRendered, at));

    public Task<DeliveryChange> DiscardAsync(long deliveryId, bool alsoPending, DateTimeOffset at) =>
        _writer.ChangeAsync(new DiscardOperation(deliveryId, alsoPending, at));

    public Task ProbeAsync(CancellationToken cancellationToken) => _writer.WriteAsync(new ProbeOperation()).WaitAsync(cancellationToken);

    public Task<long> ReadUsedBytesAsync(CancellationToken cancellationToken) =>
        _reader.ReadAsync(session => session.ReadUsedBytes(), cancellationToken);

    public Task<PruneResult> PruneAsync(PruneRequest request) => _writer.PruneAsync(new PruneOperation(request));

    public Task<PruneResult> PruneDefectsAsync(PruneRequest request) => _writer.PruneAsync(new PruneDefectsOperation(request));

    public Task<IReadOnlyList<EnrichmentQueue>> ReadEnrichmentQueuesAsync(int limit, CancellationToken cancellationToken) =>
        _reader.ReadAsync(session => session.EnrichmentRequests.ReadQueues(limit), cancellationToken);

    public Task<IReadOnlyList<EnrichmentRequest>> ReadEnrichmentRequestsAsync(string source, DateTimeOffset until, int limit, CancellationToken cancellationToken) =>
        _reader.ReadAsync(session => session.EnrichmentRequests.Read(source, until, limit), cancellationToken);

    public Task<long> CountEnrichmentRequestsAsync(CancellationToken cancellationToken) => _reader.ReadAsync(session => session.EnrichmentRequests.Count(), cancellationToken);

    public Task<MemoryChange> ApplyEnrichmentAsync(EnrichmentResult end) => _writer.ApplyEnrichmentAsync(new ApplyEnrichmentOperation(end));

    /// <summary>Commits what waits, empties the log and gives the file free. What is asked of it afterwards is refused as unavailable.</summary>
    public async ValueTask DisposeAsync()
    {
        // Readers first: the connection that writes is then the last one, which leaves the database as a single file.
        await _reader.DisposeAsync();
        await _writer.EndAsync();
        await _lock.DisposeAsync();
    }

    private static (WriteSession Session, int Interrupted) Prepare(SqliteDatabase database, DiskReserve reserve, DateTimeOffset now)
    {
        try
        {
            return database.Prepare(SchemaMigrations.All, now);
        }
        catch (SqliteException error) when (SqliteErrors.IsDiskFull(error) && reserve.TrySpend())
        {
            return database.Prepare(SchemaMigrations.All, now);
        }
    }

    private static void CreateFolder(string path)
    {
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new OutboxOpenException($"The folder of the outbox {path} can't be made ({error.Message}).", error);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(EventId = 200, Level = LogLevel.Information, Message = "Outbox {Path} opened; {Interrupted} attempts were cut off by the end of the last process")]
        public static partial void Opened(ILogger logger, string path, int interrupted);
    }
}
