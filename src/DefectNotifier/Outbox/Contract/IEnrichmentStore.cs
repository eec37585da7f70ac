namespace DefectNotifier.Outbox.Contract;

/// <summary>
/// The pending requests to Qase's API, and their results. Events add requests in their own commits (<see cref="NewEvent.CanEnrich"/>): one
/// for the details of a defect without a title, one for the name of a member, unless a fresh one is known. A request that ended without a
/// result is stored, so that the next event does not repeat it before <see cref="AgainAfter"/>. Separate from <see cref="IOutbox"/>,
/// because only one caller needs it; an implementation of both passes the contract suite. Members throw
/// <see cref="OutboxUnavailableException"/> when the store can't be used now.
/// </summary>
public interface IEnrichmentStore
{
    /// <summary>When an event may repeat a request that was given up.</summary>
    static readonly TimeSpan AgainAfter = TimeSpan.FromDays(1);

    /// <summary>A new name updates the messages of this many of the latest defects; older ones show it with their next change.</summary>
    const int MaxNamed = 50;

    /// <summary>The workspaces with pending requests, each with the time at which the first one is due.</summary>
    Task<IReadOnlyList<EnrichmentQueue>> ReadEnrichmentQueuesAsync(int limit, CancellationToken cancellationToken);

    /// <summary>The requests of a workspace that are due, the longest due first.</summary>
    Task<IReadOnlyList<EnrichmentRequest>> ReadEnrichmentRequestsAsync(
        string source, DateTimeOffset until, int limit, CancellationToken cancellationToken);

    /// <summary>The number of pending requests, due or not.</summary>
    Task<long> CountEnrichmentRequestsAsync(CancellationToken cancellationToken);

    /// <summary>
    /// Stores the result of a request in one commit: the details or the name, and when it is tried again. A result for a defect that was
    /// deleted meanwhile changes nothing. The same commit adds the deliveries that update the messages of the defect,
    /// where one was posted or may be in progress; a name does so for the latest <see cref="MaxNamed"/> defects. A stored name is kept
    /// when Qase no longer knows the member.
    /// </summary>
    Task<EnrichmentChange> ApplyEnrichmentAsync(EnrichmentResult end);
}
