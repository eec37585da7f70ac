using DefectNotifier.Routing;

namespace DefectNotifier.Outbox.Contract;

/// <summary>
/// The state of an outbox, for a status. Also for an outbox that another process is using. Members throw
/// <see cref="OutboxUnavailableException"/> when the store can't be read now.
/// </summary>
public interface IOutboxView : IOutboxStatistics
{
    /// <inheritdoc cref="IOutboxHistory.ReadLanesAsync"/>
    Task<IReadOnlyList<LaneState>> ReadLanesAsync(CancellationToken cancellationToken);

    /// <inheritdoc cref="IOutbox.ReadBacklogAsync"/>
    Task<IReadOnlyList<Backlog>> ReadBacklogAsync(CancellationToken cancellationToken);

    /// <inheritdoc cref="IOutbox.ReadDeferredAsync"/>
    Task<IReadOnlyList<DeferredCount>> ReadDeferredAsync(CancellationToken cancellationToken);

    /// <summary>The nodes that share the outbox, and who works on what; empty when only one process can use it.</summary>
    Task<Roster> ReadRosterAsync(CancellationToken cancellationToken);

    /// <inheritdoc cref="ISilences.ReadSilencesAsync"/>
    Task<IReadOnlyList<Silence>> ReadSilencesAsync(DateTimeOffset? endsAfter, CancellationToken cancellationToken);
}
