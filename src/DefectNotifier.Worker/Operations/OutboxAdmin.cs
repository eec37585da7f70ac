using System.Runtime.CompilerServices;
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

    /// <summary>One event. The reasons of the routes are added if the active routes are those that decided.</summary>
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
        request,
        new BulkAction(
            Retryable,
            DeliveryState.Pending,
            one => PreviewRetry(one, request.Rendered),
            one => RetryAsync(one, request.Rendered),
            AdminProblems.NotRetried),
        cancellationToken);

    public Task<AdminResult<BulkResult>> DiscardAsync(BulkRequest request, CancellationToken cancellationToken) => ChangeAllAsync(
        request,
        new BulkAction(Discardable, DeliveryState.Discarded, PreviewDiscard, DiscardAsync, AdminProblems.NotDiscarded),
        cancellationToken);

    private async Task<AdminResult<BulkResult>> ChangeAllAsync(BulkRequest request, BulkAction action, CancellationToken cancellationToken)
    {
        var read = new FilterReader(time.GetUtcNow()).Read(request, action.Allowed);
        if (read.Value is not { } query) return read.Problem!;

        // The oldest deliveries are to be changed, and pages come newest first: the queue keeps the last ones read.
        var (oldest, refusals, refused, found) = (new Queue<ListedDelivery>(), new List<BulkRow>(), 0, 0);
        await foreach (var (id, delivery) in FindAllAsync(request, query, cancellationToken))
        {
            var would = delivery is null ? new DeliveryChange(DeliveryChangeStatus.NotFound) : action.Preview(delivery);
            if (would.Status != DeliveryChangeStatus.Done)
            {
                refused++;
                if (refusals.Count < MaxChanges) refusals.Add(action.RowOf(id, would));
                continue;
            }

            found++;
            oldest.Enqueue(delivery!);
            if (oldest.Count > MaxChanges) oldest.Dequeue();
        }

        var chosen = oldest.OrderBy(one => one.Id).ToList();
        // Started together: the store commits them in groups.
        var changes = request.DryRun ? [.. chosen.Select(action.Preview)] : await Task.WhenAll(chosen.Select(action.ChangeAsync));
        var changed = chosen.Where((_, i) => changes[i].Status == DeliveryChangeStatus.Done).Select(one => one.Id).ToList();
        return new BulkResult(request.DryRun, changed, refused + chosen.Count - changed.Count, found - chosen.Count)
        {
            Results = [.. chosen.Zip(changes, (one, change) => action.RowOf(one.Id, change)), .. refusals],
        };
    }

    /// <summary>The deliveries to change. Of those with known ids also the ones that do not exist; then the delivery is null.</summary>
    private async IAsyncEnumerable<(long Id, ListedDelivery? Delivery)> FindAllAsync(
        BulkRequest request, DeliveryQuery query, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        foreach (var id in (request.Ids ?? []).Distinct())
        {
            var delivery = await FindListedAsync(id, cancellationToken);
            if (delivery is null || (query.Covers(delivery) && !(delivery.ReceivedAt < query.Since))) yield return (id, delivery);
        }

        for (var before = request.Ids is null ? long.MaxValue : (long?)null; before is not null;)
        {
            var page = await history.ReadDeliveriesAsync(query with { BeforeId = before }, cancellationToken);
            before = page.Next;
            foreach (var delivery in page.Deliveries) yield return (delivery.Id, delivery);
        }
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

    /// <summary>What is done with many deliveries.</summary>
    /// <param name="Allowed">The states that may be asked for.</param>
    /// <param name="After">The state of a changed delivery.</param>
    /// <param name="Preview">What would be done with one.</param>
    /// <param name="ChangeAsync">Changes one.</param>
    /// <param name="ProblemOf">Why one can't be changed.</param>
    private sealed record BulkAction(
        DeliveryState[] Allowed,
        DeliveryState After,
        Func<ListedDelivery, DeliveryChange> Preview,
        Func<ListedDelivery, Task<DeliveryChange>> ChangeAsync,
        Func<long, DeliveryChange, Problem> ProblemOf)
    {
        public BulkRow RowOf(long id, DeliveryChange change) => change.Status == DeliveryChangeStatus.Done
            ? new BulkRow(id, change.Before, After, Problem: null)
            : new BulkRow(id, change.Before, After: null, ProblemOf(id, change).Detail);
    }

    private static partial class Log
    {
        [LoggerMessage(
            500, LogLevel.Information, "{Operator} retried delivery {Delivery} to {Destination}, which was {Before}; it is sent {How}")]
        public static partial void Retried(ILogger logger, string @operator, long delivery, string destination, string before, string how);

        [LoggerMessage(501, LogLevel.Information, "{Operator} discarded delivery {Delivery} to {Destination}, which was {Before}")]
        public static partial void Discarded(ILogger logger, string @operator, long delivery, string destination, string before);
    }
}
