using DefectNotifier.Outbox.Contract;
using DefectNotifier.Outbox.Rules;
using DefectNotifier.Routing;
using DefectNotifier.Worker.Http;

namespace DefectNotifier.Worker.Operations;

/// <summary>Carries out operator actions on the store.</summary>
/// <param name="history">The store.</param>
/// <param name="routes">The active routes, for the reasons of a routing decision; null when they are not known.</param>
/// <param name="isServed">
/// True for a destination with a lane: its pending deliveries may be in progress, so they can't be discarded.
/// </param>
/// <param name="time">The clock.</param>
/// <param name="logger">The log.</param>
internal sealed partial class OutboxAdmin(
    IOutboxHistory history,
    Func<RouteTable?> routes,
    Func<string, bool> isServed,
    TimeProvider time,
    ILogger<OutboxAdmin> logger)
{
    /// <summary>The maximum number of changes per call, so that a request ends within seconds.</summary>
    private const int MaxChanges = 1000;

    private static readonly DeliveryState[] Retryable = [DeliveryState.Dead, DeliveryState.Held, DeliveryState.Discarded];
    private static readonly DeliveryState[] Discardable =
        [DeliveryState.Dead, DeliveryState.Held, DeliveryState.Pending, DeliveryState.Deferred];

    private Operator By { get; init; } = Operator.Unnamed;

    /// <summary>Acts for this operator, whose name is stored with each change.</summary>
    public OutboxAdmin As(Operator by) => new(history, routes, isServed, time, logger) { By = by };

    public Task<EventSummaryPage> ListEventsAsync(EventSummaryQuery query, CancellationToken cancellationToken) =>
        history.ReadSummariesAsync(query, cancellationToken);

    public Task<DeliveryPage> ListAsync(DeliveryQuery query, CancellationToken cancellationToken) =>
        history.ReadDeliveriesAsync(query, cancellationToken);

    public async Task<AdminResult<DeliveryTimeline>> FindAsync(long deliveryId, CancellationToken cancellationToken)
    {
        if (await FindListedAsync(deliveryId, cancellationToken) is not { } listed) return AdminProblems.UnknownDelivery(deliveryId);
        var events = await history.ReadEventsAsync(new EventQuery { Id = listed.EventId, Limit = 1 }, cancellationToken);
        // It may have been purged between the two reads.
        if (events is not [var owner] || owner.Deliveries.FirstOrDefault(delivery => delivery.Id == deliveryId) is not { } stored)
            return AdminProblems.UnknownDelivery(deliveryId);
        return new DeliveryTimeline(listed, stored.Reference, stored.History, stored.Actions)
        {
            Silence = stored.Silence,
            Digest = stored.Digest,
            Version = owner.Decision.Version,
        };
    }

    public async Task<AdminResult<byte[]>> ReadMessageAsync(long deliveryId, CancellationToken cancellationToken)
    {
        if (await history.ReadMessageAsync(deliveryId, cancellationToken) is { } message) return message;
        return await FindListedAsync(deliveryId, cancellationToken) is null
            ? AdminProblems.UnknownDelivery(deliveryId)
            : AdminProblems.NoMessage(deliveryId);
    }

    /// <summary>One event. The reasons of the routes are added if the active configuration is the one that decided.</summary>
    public async Task<AdminResult<StoredEvent>> FindEventAsync(string eventId, CancellationToken cancellationToken)
    {
        if (await history.ReadEventsAsync(new EventQuery { Id = eventId, Limit = 1 }, cancellationToken) is not [var stored])
            return AdminProblems.UnknownEvent;
        return routes() is { } table
            ? stored with { Decision = table.Explain(stored.Decision, stored.Name, stored.ProjectCode) }
            : stored;
    }

    public async Task<AdminResult<ChangeResult>> RetryAsync(
        long deliveryId, bool asRendered, bool dryRun, CancellationToken cancellationToken)
    {
        if (await FindListedAsync(deliveryId, cancellationToken) is not { } listed) return AdminProblems.UnknownDelivery(deliveryId);
        var change = dryRun ? PreviewRetry(listed, asRendered) : await RetryAsync(listed, asRendered);
        return change.Status == DeliveryChangeStatus.Done
            ? ToResult(deliveryId, change, DeliveryState.Pending, dryRun)
            : AdminProblems.NotRetried(deliveryId, change);
    }

    public async Task<AdminResult<ChangeResult>> DiscardAsync(long deliveryId, bool dryRun, CancellationToken cancellationToken)
    {
        if (await FindListedAsync(deliveryId, cancellationToken) is not { } listed) return AdminProblems.UnknownDelivery(deliveryId);
        var change = dryRun ? PreviewDiscard(listed) : await DiscardAsync(listed);
        return change.Status == DeliveryChangeStatus.Done
            ? ToResult(deliveryId, change, DeliveryState.Discarded, dryRun)
            : AdminProblems.NotDiscarded(deliveryId, change);
    }

    public Task<AdminResult<BulkResult>> RetryAsync(BulkRequest request, CancellationToken cancellationToken) => ChangeAllAsync(
        request, Retryable, one => PreviewRetry(one, request.Rendered), one => RetryAsync(one, request.Rendered), cancellationToken);

    public Task<AdminResult<BulkResult>> DiscardAsync(BulkRequest request, CancellationToken cancellationToken) =>
        ChangeAllAsync(request, Discardable, PreviewDiscard, DiscardAsync, cancellationToken);

    private async Task<AdminResult<BulkResult>> ChangeAllAsync(
        BulkRequest request,
        DeliveryState[] allowed,
        Func<ListedDelivery, DeliveryChange> preview,
        Func<ListedDelivery, Task<DeliveryChange>> change,
        CancellationToken cancellationToken)
    {
        var read = new FilterReader(time.GetUtcNow()).Read(request, allowed);
        if (read.Problem is { } problem) return problem;

        // Pages come newest first, and the oldest deliveries are to be changed: the queue keeps the last ones read.
        var (oldest, refused, found) = (new Queue<ListedDelivery>(), 0, 0);
        for (long? before = long.MaxValue; before is not null;)
        {
            var page = await history.ReadDeliveriesAsync(read.Value! with { BeforeId = before }, cancellationToken);
            before = page.Next;
            foreach (var delivery in page.Deliveries)
            {
                if (preview(delivery).Status != DeliveryChangeStatus.Done)
                {
                    refused++;
                    continue;
                }

                found++;
                oldest.Enqueue(delivery);
                if (oldest.Count > MaxChanges) oldest.Dequeue();
            }
        }

        var chosen = oldest.Reverse().ToList();
        if (request.DryRun) return new BulkResult(DryRun: true, [.. chosen.Select(one => one.Id)], refused, found - chosen.Count);

        // Started together: the store commits them in groups.
        var changes = await Task.WhenAll(chosen.Select(change));
        var changed = chosen.Where((_, i) => changes[i].Status == DeliveryChangeStatus.Done).Select(one => one.Id).ToList();
        return new BulkResult(DryRun: false, changed, refused + chosen.Count - changed.Count, found - chosen.Count);
    }

    private async Task<DeliveryChange> RetryAsync(ListedDelivery delivery, bool asRendered)
    {
        var change = await history.RetryAsync(delivery.Id, asRendered, time.GetUtcNow(), By.Name);
        if (change.Status != DeliveryChangeStatus.Done) return change;
        var how = asRendered ? "as stored" : "after rendering it again";
        Log.Retried(logger, By.Title, delivery.Id, change.Destination!, change.Before!.Value.Word(), how);
        return change;
    }

    private async Task<DeliveryChange> DiscardAsync(ListedDelivery delivery)
    {
        var change = await history.DiscardAsync(delivery.Id, !isServed(delivery.Destination), time.GetUtcNow(), By.Name);
        if (change.Status != DeliveryChangeStatus.Done) return change;
        Log.Discarded(logger, By.Title, delivery.Id, change.Destination!, change.Before!.Value.Word());
        return change;
    }

    private static DeliveryChange PreviewRetry(ListedDelivery delivery, bool asRendered) =>
        new(OperatorRules.Retry(delivery.State, asRendered, delivery.IsMessageStored), delivery.State, delivery.Destination);

    private DeliveryChange PreviewDiscard(ListedDelivery delivery) =>
        new(OperatorRules.Discard(delivery.State, !isServed(delivery.Destination)), delivery.State, delivery.Destination);

    private async Task<ListedDelivery?> FindListedAsync(long deliveryId, CancellationToken cancellationToken)
    {
        var query = new DeliveryQuery { Id = deliveryId, States = Enum.GetValues<DeliveryState>() };
        return (await history.ReadDeliveriesAsync(query, cancellationToken)).Deliveries is [var found] ? found : null;
    }

    private static ChangeResult ToResult(long id, DeliveryChange change, DeliveryState after, bool dryRun) =>
        new(id, change.Destination!, change.Before!.Value, after, dryRun);

    private static partial class Log
    {
        [LoggerMessage(
            500, LogLevel.Information, "{Operator} retried delivery {Delivery} to {Destination}, which was {Before}; it is sent {How}")]
        public static partial void Retried(ILogger logger, string @operator, long delivery, string destination, string before, string how);

        [LoggerMessage(501, LogLevel.Information, "{Operator} discarded delivery {Delivery} to {Destination}, which was {Before}")]
        public static partial void Discarded(ILogger logger, string @operator, long delivery, string destination, string before);
    }
}
