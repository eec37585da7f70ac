namespace DefectNotifier.Outbox.Contract;

/// <summary>
/// Grants each lane, and each background duty, to one worker at a time. With one process per store a claim is granted as soon as the
/// name is free, and is never lost. Where several nodes share a store, a claim can move to another node; what its old holder still writes
/// is then refused with <see cref="ClaimLostException"/>.
/// </summary>
public interface IClaims
{
    /// <summary>
    /// Waits until the name is free and takes it. The same commit ends the attempts that the last holder left open (their messages may have
    /// been posted) and reads the lane's saved state.
    /// </summary>
    /// <param name="name">The name of a destination, or of a duty (<see cref="Claim.DutyPrefix"/> and a word).</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    /// <exception cref="OutboxUnavailableException">The store can't be used now.</exception>
    Task<Claim> ClaimAsync(string name, CancellationToken cancellationToken);

    /// <summary>
    /// Frees the name. Does nothing when the claim was lost. Never throws: when the store can't be reached, the name becomes free
    /// later without this call.
    /// </summary>
    Task ReleaseAsync(Claim claim);

    /// <summary>The nodes that share the store, as they were read last.</summary>
    Roster Roster { get; }

    /// <summary>
    /// Sets which lanes belong together because they share a rate limit: one node takes all lanes of a group. Called at the start and
    /// after each change of the configuration.
    /// </summary>
    /// <param name="groups">The name of the group of each destination.</param>
    void Group(IReadOnlyDictionary<string, string> groups);
}

/// <summary>The right to work on a lane or a duty. A store whose claims can be lost uses a derived class.</summary>
/// <param name="state">The lane's saved state; fresh for a duty.</param>
/// <param name="epoch">See <see cref="Epoch"/>.</param>
/// <param name="interrupted">How many attempts of the last holder were closed.</param>
public class Claim(LaneState state, long epoch, int interrupted = 0)
{
    /// <summary>The first character of a duty's name; a destination's name can't contain it.</summary>
    public const char DutyPrefix = '@';

    /// <summary>The destination or duty.</summary>
    public string Name => State.Destination;

    /// <summary>Higher for every later claim on the same name, so that a store can refuse the writes of an earlier holder.</summary>
    public long Epoch { get; } = epoch;

    /// <summary>The lane's state when it was claimed.</summary>
    public LaneState State { get; } = state;

    /// <summary>How many attempts of the last holder were still open. Their messages may have been posted.</summary>
    public int Interrupted { get; } = interrupted;

    /// <summary>Cancelled when the claim is lost: the work ends at once.</summary>
    public virtual CancellationToken Lost => CancellationToken.None;

    /// <summary>Cancelled when another node should go on: the work ends as soon as nothing is under way.</summary>
    public virtual CancellationToken HandOver => CancellationToken.None;

    /// <summary>
    /// False when the claim may have been lost. Checked directly before each send, because a chat, unlike the store, can't refuse an
    /// earlier holder.
    /// </summary>
    public virtual bool MaySend => true;

    /// <summary>
    /// Reports the result of a send or a lookup of the lane. Where several nodes share a store, a lane that its node can't reach moves
    /// to another one.
    /// </summary>
    public virtual void Report(SendReason reason)
    {
        // With one process there is no other node.
    }
}

/// <summary>A call was refused because its claim was lost or given up. Nothing was written.</summary>
public sealed class ClaimLostException(string name) : Exception($"The claim on {name} was lost.");
