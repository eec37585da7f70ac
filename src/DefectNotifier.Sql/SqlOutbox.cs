using DefectNotifier.Events;
using DefectNotifier.Outbox.Contract;
using DefectNotifier.Outbox.Rules;
using DefectNotifier.Sql.Reading;
using DefectNotifier.Sql.Writing;

namespace DefectNotifier.Sql;

/// <summary>
/// The outbox in an SQL database. One thread groups writes into commits, and they are on disk before their callers continue; reads run
/// beside it on connections of their own.
/// </summary>
public abstract partial class SqlOutbox
    : IOutbox, IOutboxHistory, IOutboxView, ISilences, IEventArchive, IOutboxRetention, IEnrichmentStore, IClaims, IAsyncDisposable
{
    private readonly OutboxWriter _writer;
    private readonly OutboxReader _reader;
    private readonly SqlOutboxLimits _limits;
    private readonly TimeProvider _time;
    private int _waitingAppends;

    private protected SqlOutbox(OutboxWriter writer, OutboxReader reader, SqlOutboxLimits limits, TimeProvider time)
    {
        _writer = writer;
        _reader = reader;
        _limits = limits;
        _time = time;
    }

    public Task<AppendResult> AppendAsync(NewEvent newEvent, CancellationToken cancellationToken) =>
        cancellationToken.IsCancellationRequested
            ? Task.FromCanceled<AppendResult>(cancellationToken)
            : AppendAsync(newEvent).WaitAsync(cancellationToken);

    public abstract Task<Claim> ClaimAsync(string name, CancellationToken cancellationToken);

    public abstract Task ReleaseAsync(Claim claim);

    public abstract Roster Roster { get; }

    public virtual Task<Roster> ReadRosterAsync(CancellationToken cancellationToken) => Task.FromResult(Roster);

    public abstract void Group(IReadOnlyDictionary<string, string> groups);

    public Task<PendingPage> ReadPendingAsync(Claim claim, int limit, CancellationToken cancellationToken)
    {
        Verify(claim);
        return _reader.ReadHereAsync(
            session => session.ReadPending(claim.Name, _time.GetUtcNow(), limit, _limits.PageBytes), cancellationToken);
    }

    public async Task StartAttemptAsync(Claim claim, long deliveryId, DateTimeOffset at, SendStep step = SendStep.Message)
    {
        if (!await WriteAsync(claim, rows => AttemptRules.Start(rows, deliveryId, at, step), deliveryId)) throw NotPending(deliveryId);
    }

    public async Task RecordAsync(Claim claim, AttemptOutcome outcome)
    {
        IReadOnlyList<long> ids = outcome.Next is { } next ? [outcome.DeliveryId, next.DeliveryId] : [outcome.DeliveryId];
        if (await WriteAsync(claim, rows => AttemptRules.Record(rows, outcome), [.. ids]) is { } notPending) throw NotPending(notPending);
    }

    public Task<Defect?> ReadDefectAsync(DefectKey key, CancellationToken cancellationToken) =>
        _reader.ReadHereAsync(session => session.ReadDefect(key), cancellationToken);

    public Task<DefectContext> ReadContextAsync(string destination, DefectKey key, CancellationToken cancellationToken) =>
        _reader.ReadHereAsync(
            session => session.AtOnce(one => new DefectContext(one.ReadDefect(key), one.ReadThread(destination, key))), cancellationToken);

    public Task<MessageThread?> JoinMessageAsync(
        Claim claim, PendingDelivery delivery, string place, string? titleKey, DateTimeOffset at) =>
        WriteAsync(claim, rows => SameTitleRules.Join(rows, delivery, place, titleKey, at));

    public Task<IReadOnlyDictionary<long, string>> ReadNamesAsync(
        string source, IReadOnlyCollection<long> teamMemberIds, CancellationToken cancellationToken) =>
        _reader.ReadHereAsync(session => EnrichmentReader.ReadNames(session, source, teamMemberIds), cancellationToken);

    public Task<bool> IsRequestedAsync(IReadOnlyCollection<EnrichmentRequest> requests, CancellationToken cancellationToken) =>
        _reader.ReadHereAsync(session => requests.Any(request => EnrichmentReader.IsPending(session, request)), cancellationToken);

    public Task<DigestJoinResult> JoinDigestAsync(Claim claim, DigestJoin join) => WriteAsync(claim, rows => DigestRules.Join(rows, join));

    public Task<bool> ReleaseDeferredAsync(Claim claim, DigestScope scope) =>
        WriteAsync(claim, rows => DigestRules.ReleaseDeferred(rows, scope));

    public Task<bool> TakeBackAsync(Claim claim, long digestId) => WriteAsync(claim, rows => DigestRules.TakeBack(rows, digestId));

    public Task<DigestView?> ReadDigestAsync(long digestId, CancellationToken cancellationToken) =>
        _reader.ReadAsync(session => session.AtOnce(one => DigestReader.Read(one, digestId)), cancellationToken);

    public Task<Digest?> ReadLatestDigestAsync(Claim claim, bool isUrgent, CancellationToken cancellationToken)
    {
        Verify(claim);
        return _reader.ReadHereAsync(
            session => DigestReader.FindLatest(session.Statements, claim.Name, DigestCause.Storm, isUrgent), cancellationToken);
    }

    public Task<DateTimeOffset?> ReadNextDueAsync(Claim claim, CancellationToken cancellationToken)
    {
        Verify(claim);
        return _reader.ReadHereAsync(
            session => session.AtOnce(one => DigestReader.ReadNextDue(one, claim.Name, _time.GetUtcNow())), cancellationToken);
    }

    public Task SaveLaneAsync(Claim claim, LaneState lane) => WriteAsync(claim, rows => Do(() => rows.SaveLane(lane)));

    public Task<RateLimitState?> ReadRateLimitAsync(string key, CancellationToken cancellationToken) =>
        _reader.ReadHereAsync(session => session.ReadRateLimit(key), cancellationToken);

    public Task<IReadOnlyList<OverdueDeliveries>> ReadOverdueAsync(DateTimeOffset now, CancellationToken cancellationToken) =>
        _reader.ReadAsync(session => session.ReadOverdue(now), cancellationToken);

    public Task AnnounceAsync(OverdueDeliveries overdue, DateTimeOffset now, NewEvent notice) =>
        _writer.WriteAsync(rows => Do(() => AppendRules.Announce(rows, overdue, now, notice)));

    public Task<IReadOnlyList<Backlog>> ReadBacklogAsync(CancellationToken cancellationToken) =>
        _reader.ReadAsync(session => session.ReadBacklog(), cancellationToken);

    public Task<IReadOnlyList<DeferredCount>> ReadDeferredAsync(CancellationToken cancellationToken) =>
        _reader.ReadAsync(session => session.AtOnce(DigestReader.ReadDeferredCounts), cancellationToken);

    public virtual async Task ProbeAsync(CancellationToken cancellationToken)
    {
        if (await FindReasonToRefuseAsync(cancellationToken) is { } reason) throw new OutboxUnavailableException(reason);
        await _writer.ProbeAsync(rows => Rehearsal.Run(rows, _time.GetUtcNow())).WaitAsync(cancellationToken);
    }

    public abstract ValueTask DisposeAsync();

    /// <summary>Checks a claim as far as this process knows.</summary>
    /// <exception cref="ClaimLostException">It was lost or given up.</exception>
    protected abstract void Verify(Claim claim);

    /// <summary>True when a lane may be sending deliveries of this destination.</summary>
    protected abstract bool IsClaimed(IOutboxTransaction rows, string destination);

    /// <summary>Why no event can be accepted now; null: one can.</summary>
    protected abstract ValueTask<string?> FindReasonToRefuseAsync(CancellationToken cancellationToken);

    /// <summary>The bytes that the stored data takes.</summary>
    private protected abstract long ReadUsedBytes(ReadSession session);

    private async Task<AppendResult> AppendAsync(NewEvent newEvent)
    {
        try
        {
            if (Interlocked.Increment(ref _waitingAppends) > _limits.WaitingLimit)
                return new AppendResult(AppendStatus.Busy, EventId: null, 0);
            if (await FindReasonToRefuseAsync(CancellationToken.None) is { } reason) return Unavailable(reason);
            return await _writer.WriteAsync(
                new WriteOperation<AppendResult>(rows => AppendRules.Append(rows, newEvent)) { IsAppend = true, Event = newEvent });
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

    private Task<T> WriteAsync<T>(Claim claim, Func<IOutboxTransaction, T> write, params IReadOnlyList<long> deliveryIds)
    {
        Verify(claim);
        return _writer.WriteAsync(new WriteOperation<T>(write) { Claim = claim, DeliveryIds = deliveryIds });
    }

    private static bool Do(Action write)
    {
        write();
        return true;
    }

    private static AppendResult Unavailable(string detail) => new(AppendStatus.Unavailable, EventId: null, 0, detail);

    private static InvalidOperationException NotPending(long deliveryId) => new($"Delivery {deliveryId} is not pending.");
}
