namespace DefectNotifier.Outbox;

/// <summary>
/// What is wanted of Qase's API and what it answered. Events make wishes, in their own commits (<see cref="NewEvent.MayAsk"/>): an event without a name for its defect
/// one for the defect's details, the id of a member one for the name, unless that is known and fresh. A wish that is over without a answer is remembered, so that
/// the next event does not begin it anew; only one that comes more than <see cref="AgainAfter"/> later does. Apart from <see cref="IOutbox"/>, because only one caller needs
/// it; an implementation of both passes the contract suite. Members throw <see cref="OutboxUnavailableException"/> when the store can't do it now.
/// </summary>
public interface IEnrichmentStore
{
    /// <summary>When an event may begin a wish anew that was given up.</summary>
    static readonly TimeSpan AgainAfter = TimeSpan.FromDays(1);

    /// <summary>So many of the latest defects of a workspace are looked through for a person whose name was learned; older messages show it with their next change.</summary>
    const int MaxNamed = 50;

    /// <summary>The workspaces of which anything is wanted, each with the time at which the first of it is due; at most so many.</summary>
    Task<IReadOnlyList<EnrichmentQueue>> ReadEnrichmentQueuesAsync(int limit, CancellationToken cancellationToken);

    /// <summary>What is wanted of a workspace and due, the longest due first.</summary>
    Task<IReadOnlyList<EnrichmentRequest>> ReadEnrichmentRequestsAsync(string source, DateTimeOffset until, int limit, CancellationToken cancellationToken);

    /// <summary>How many wishes wait, due or not.</summary>
    Task<long> CountEnrichmentRequestsAsync(CancellationToken cancellationToken);

    /// <summary>
    /// Makes durable what came of a wish, in one commit: what the defect is known by, or the name, and whether it is asked again. A answer about a defect that was forgotten
    /// meanwhile changes nothing. Where messages stand for the defect that are kept true, or a lane may be sending one just now, it is owed with the same commit that they are brought up to date
    /// (<see cref="MessageRefresh"/>); a name does so for the latest <see cref="MaxNamed"/> defects of the workspace. A name that was known stays when Qase does not know it any more. Whoever created the defect becomes wanted in turn.
    /// </summary>
    Task<MemoryChange> ApplyEnrichmentAsync(EnrichmentResult end);
}
