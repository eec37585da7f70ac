using DefectNotifier.Delivery.Lanes;
using DefectNotifier.Outbox.Contract;
using DefectNotifier.Routing;
using DefectNotifier.Worker.Http;
using DefectNotifier.Worker.Operations.Status;
using Microsoft.AspNetCore.Http.HttpResults;

namespace DefectNotifier.Worker.Operations;

/// <summary>
/// What an operator can do with the outbox. The running service works on its own store. A command asks the service over HTTP or, when the
/// service does not run, opens the store.
/// </summary>
internal interface IOutboxAdmin
{
    Task<AdminResult<EventSummaryPage>> ListEventsAsync(EventSummaryQuery query, CancellationToken cancellationToken);

    Task<AdminResult<DeliveryPage>> ListAsync(DeliveryQuery query, CancellationToken cancellationToken);

    Task<AdminResult<DeliveryTimeline>> FindAsync(long deliveryId, CancellationToken cancellationToken);

    /// <summary>The message of a delivery; one that is not stored is rendered now.</summary>
    Task<AdminResult<DeliveryMessage>> ReadMessageAsync(long deliveryId, CancellationToken cancellationToken);

    Task<AdminResult<StoredEvent>> FindEventAsync(string eventId, CancellationToken cancellationToken);

    /// <summary>What needs a person, and what every destination does.</summary>
    Task<AdminResult<ServiceStatus>> ReadStatusAsync(CancellationToken cancellationToken);

    /// <summary>The state of each destination's lane.</summary>
    Task<IReadOnlyList<LaneStatus>> ReadLanesAsync(CancellationToken cancellationToken);

    Task<AdminResult<ChangeResult>> RetryAsync(long deliveryId, bool asRendered, bool dryRun, CancellationToken cancellationToken);

    Task<AdminResult<ChangeResult>> DiscardAsync(long deliveryId, bool dryRun, CancellationToken cancellationToken);

    /// <summary>Retries all deliveries that match, oldest first, at most 1,000 per call.</summary>
    Task<AdminResult<BulkResult>> RetryAsync(BulkRequest request, CancellationToken cancellationToken);

    /// <summary>Discards all deliveries that match, oldest first, at most 1,000 per call.</summary>
    Task<AdminResult<BulkResult>> DiscardAsync(BulkRequest request, CancellationToken cancellationToken);

    Task<AdminResult<ResumeResponse>> ResumeAsync(string destination, CancellationToken cancellationToken);

    /// <summary>The silences that have not ended; with <paramref name="all"/>, also ended ones.</summary>
    Task<AdminResult<IReadOnlyList<Silence>>> ListSilencesAsync(bool all, CancellationToken cancellationToken);

    Task<AdminResult<Silence>> AddSilenceAsync(SilenceRequest request, CancellationToken cancellationToken);

    /// <summary>Ends a silence now.</summary>
    Task<AdminResult<Silence>> ExpireSilenceAsync(long id, CancellationToken cancellationToken);
}

/// <summary>The result of one request to <see cref="IOutboxAdmin"/>: a value, or the reason why there is none.</summary>
internal sealed record AdminResult<T>(T? Value, Problem? Problem)
    where T : class
{
    /// <summary>The result with another value.</summary>
    public AdminResult<T> Select(Func<T, T> change) => Value is { } value ? change(value) : this;

    public static implicit operator AdminResult<T>(T value) => new(value, Problem: null);

    public static implicit operator AdminResult<T>(Problem problem) => new(Value: null, problem);

    public Results<Ok<T>, ProblemResult> ToHttp() => Value is { } value ? TypedResults.Ok(value) : new ProblemResult(Problem!);
}

/// <summary>One delivery with everything that happened to it.</summary>
/// <param name="Delivery">The delivery as in a list.</param>
/// <param name="Reference">The chat's reference to the message; null when there is none.</param>
/// <param name="History">Every attempt, in order.</param>
/// <param name="Actions">What operators did, in order.</param>
internal sealed record DeliveryTimeline(
    ListedDelivery Delivery, string? Reference, IReadOnlyList<StoredAttempt> History, IReadOnlyList<StoredAction> Actions)
{
    /// <summary>The silence that defers or has discarded it; null: none, or it is no longer stored.</summary>
    public Silence? Silence { get; init; }

    /// <summary>The digest that contains it; null: none.</summary>
    public StoredDigest? Digest { get; init; }

    /// <summary>The version of the configuration that its event was routed with; null when it is not known.</summary>
    public string? Version { get; init; }

    /// <inheritdoc cref="StoredDelivery.Sentence"/>
    public string? Sentence { get; init; }

    /// <inheritdoc cref="StoredDelivery.Advice"/>
    public string? Advice { get; init; }

    /// <summary>The delivery as part of its event.</summary>
    public StoredDelivery ToStored() => new(
        Delivery.Id,
        Delivery.Destination,
        Delivery.State,
        Delivery.Reason,
        Delivery.Detail,
        Reference,
        Delivery.EndedAt,
        History)
    {
        Actions = Actions,
        IsMessageStored = Delivery.IsMessageStored,
        DueAt = Delivery.DueAt,
        Silence = Silence,
        Digest = Digest,
        Sentence = Sentence,
        Advice = Advice,
    };
}

/// <summary>The result of retrying or discarding one delivery.</summary>
/// <param name="Id">The delivery.</param>
/// <param name="Destination">Its destination.</param>
/// <param name="Before">The state before.</param>
/// <param name="State">The state now or, after a dry run, the state that it would have.</param>
/// <param name="DryRun">True when nothing was changed.</param>
internal sealed record ChangeResult(long Id, string Destination, DeliveryState Before, DeliveryState State, bool DryRun);

/// <summary>A parked destination is being tried again.</summary>
/// <param name="Destination">The destination.</param>
/// <param name="Detail">What happens now.</param>
internal sealed record ResumeResponse(string Destination, string Detail);
