using DefectNotifier.Routing;

namespace DefectNotifier.Outbox.Contract;

/// <summary>
/// The silences that operators added. An implementation is an <see cref="IOutbox"/>, too, and passes the same contract suite. Members throw
/// <see cref="OutboxUnavailableException"/> when the store can't be used now.
/// </summary>
public interface ISilences
{
    /// <summary>The maximum number of silences that have not ended: each is compared with each event.</summary>
    const int MaxCurrent = 200;

    /// <summary>Stores a silence and returns it with its number; null: there are <see cref="MaxCurrent"/> already.</summary>
    /// <param name="silence">The silence.</param>
    /// <param name="at">Now.</param>
    Task<Silence?> AddSilenceAsync(Silence silence, DateTimeOffset at);

    /// <summary>Ends a silence now. One that has ended already is not changed.</summary>
    /// <returns>The silence as it was before; null: it is not stored.</returns>
    Task<Silence?> ExpireSilenceAsync(long id, DateTimeOffset at);

    /// <summary>The silences that end later, by their numbers.</summary>
    /// <param name="endsAfter">Null: all that are stored. Ended ones are kept as long as an event that they may have matched.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    Task<IReadOnlyList<Silence>> ReadSilencesAsync(DateTimeOffset? endsAfter, CancellationToken cancellationToken);
}
