using DefectNotifier.Outbox.Contract;
using DefectNotifier.Outbox.Rules;
using DefectNotifier.Routing;
using DefectNotifier.Sql.Reading;

namespace DefectNotifier.Sql;

/// <content>The outbox for operators and background work.</content>
public abstract partial class SqlOutbox
{
    public Task<IReadOnlyList<StoredEvent>> ReadEventsAsync(EventQuery query, CancellationToken cancellationToken) =>
        _reader.ReadLongAsync(session => session.AtOnce(one => EventReader.Read(one, query)), cancellationToken);

    public Task<ArchivePage> ReadArchiveAsync(ArchiveQuery query, CancellationToken cancellationToken) =>
        _reader.ReadLongAsync(session => EventReader.ReadArchive(session, query), cancellationToken);

    public Task<EventSummaryPage> ReadSummariesAsync(EventSummaryQuery query, CancellationToken cancellationToken) =>
        _reader.ReadLongAsync(
            session => session.AtOnce(one => SummaryReader.Read(one, query, EndOfPage(cancellationToken))), cancellationToken);

    public Task<DeliveryPage> ReadDeliveriesAsync(DeliveryQuery query, CancellationToken cancellationToken) =>
        _reader.ReadLongAsync(session => DeliveryReader.Read(session, query, EndOfPage(cancellationToken)), cancellationToken);

    public Task<PendingDelivery?> ReadDeliveryAsync(long deliveryId, CancellationToken cancellationToken) =>
        _reader.ReadAsync(session => session.ReadDelivery(deliveryId), cancellationToken);

    public Task<byte[]?> ReadMessageAsync(long deliveryId, CancellationToken cancellationToken) =>
        _reader.ReadAsync(session => DeliveryReader.ReadMessage(session, deliveryId), cancellationToken);

    public Task<DeliveryChange> RetryAsync(long deliveryId, bool asRendered, DateTimeOffset at, string? by = null) =>
        _writer.WriteAsync(rows => OperatorRules.Retry(rows, deliveryId, asRendered, at, by));

    public Task<DeliveryChange> DiscardAsync(long deliveryId, bool alsoPending, DateTimeOffset at, string? by = null) =>
        _writer.WriteAsync(rows => OperatorRules.Discard(
            rows, deliveryId, alsoPending, destination => IsClaimed(rows, destination), at, by));

    public Task<IReadOnlyList<LaneState>> ReadLanesAsync(CancellationToken cancellationToken) =>
        _reader.ReadAsync(session => session.ReadLanes(), cancellationToken);

    public Task<IReadOnlyList<FailedCount>> ReadFailedAsync(CancellationToken cancellationToken) =>
        _reader.ReadAsync(session => session.AtOnce(StatisticsReader.ReadFailed), cancellationToken);

    public Task<IReadOnlyList<UnroutedCount>> ReadUnroutedAsync(DateTimeOffset since, CancellationToken cancellationToken) =>
        _reader.ReadAsync(session => StatisticsReader.ReadUnrouted(session, since), cancellationToken);

    public Task<IReadOnlyList<RecentCount>> ReadRecentAsync(
        DateTimeOffset since, DateTimeOffset before, CancellationToken cancellationToken) =>
        _reader.ReadAsync(session => StatisticsReader.ReadRecent(session, since, before), cancellationToken);

    public virtual Task<bool> ResumeAsync(string destination) => _writer.WriteAsync(rows => OperatorRules.Resume(rows, destination));

    public Task<Silence?> AddSilenceAsync(Silence silence, DateTimeOffset at) =>
        _writer.WriteAsync(rows => SilenceRules.Add(rows, silence, at));

    public Task<Silence?> ExpireSilenceAsync(long id, DateTimeOffset at) =>
        _writer.WriteAsync(rows => SilenceRules.Expire(rows, id, at));

    public Task<IReadOnlyList<Silence>> ReadSilencesAsync(DateTimeOffset? endsAfter, CancellationToken cancellationToken) =>
        _reader.ReadAsync(session => SilenceReader.Read(session.Statements, endsAfter), cancellationToken);

    public Task<long> ReadUsedBytesAsync(CancellationToken cancellationToken) =>
        _reader.ReadAsync(ReadUsedBytes, cancellationToken);

    public Task<DateTimeOffset?> ReadClockAsync(CancellationToken cancellationToken) =>
        _reader.ReadAsync(session => session.ReadClock(), cancellationToken);

    public Task SaveClockAsync(DateTimeOffset now) => _writer.WriteAsync(rows => Do(() => rows.SaveClock(now)));

    public Task<PruneResult> PruneAsync(PruneRequest request) => _writer.WriteAsync(rows => RetentionRules.PruneEvents(rows, request));

    public Task<PruneResult> PruneDefectsAsync(PruneRequest request) =>
        _writer.WriteAsync(rows => RetentionRules.PruneDefects(rows, request));

    public Task<IReadOnlyList<EnrichmentQueue>> ReadEnrichmentQueuesAsync(int limit, CancellationToken cancellationToken) =>
        _reader.ReadAsync(session => EnrichmentReader.ReadQueues(session, limit), cancellationToken);

    public Task<IReadOnlyList<EnrichmentRequest>> ReadEnrichmentRequestsAsync(
        string source, DateTimeOffset until, int limit, CancellationToken cancellationToken) =>
        _reader.ReadAsync(session => EnrichmentReader.Read(session, source, until, limit), cancellationToken);

    public Task<long> CountEnrichmentRequestsAsync(CancellationToken cancellationToken) =>
        _reader.ReadAsync(EnrichmentReader.Count, cancellationToken);

    public Task<EnrichmentChange> ApplyEnrichmentAsync(EnrichmentResult end) =>
        _writer.WriteAsync(rows => EnrichmentRules.Apply(rows, end));

    private PageEnd EndOfPage(CancellationToken cancellationToken) => new(_limits.PageRows, _time, cancellationToken);
}
