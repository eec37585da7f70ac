namespace DefectNotifier.Outbox.Contract;

/// <summary>
/// Grants each lane, and each background duty, to one worker at a time. With one process per store a claim is granted as soon as the
/// name is free, and is never lost. Where several nodes share a store, a claim can move to another node; what its old holder still writes
/// is then refused with <see cref="ClaimLostException"/>.
/// </summary>
public interface IClaims
{
    /// <summary>
    /// Waits until the name is free and takes it. The same commit closes the attempts that the lane's last holder left open, because they
    /// may have been posted, and reads the lane's saved state.
    /// </summary>
    /// <param name="name">The name of a destination, or of a duty (<see cref="Claim.DutyPrefix"/> and a word).</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    /// <exception cref="OutboxUnavailableException">The store can't be used now.</exception>
    Task<Claim> ClaimAsync(string name, CancellationToken cancellationToken);

    /// <summary>Gives the claim up, so that the name is free. Does nothing when the claim was lost.</summary>
    Task ReleaseAsync(Claim claim);
}

/// <summary>The right to work on a lane or a duty. An implementation may derive from it to end it early.</summary>
/// <param name="state">The lane's saved state; fresh for a duty.</param>
/// <param name="epoch">Higher for every later claim on the same name.</param>
/// <param name="interrupted">How many attempts of the last holder were closed.</param>
public class Claim(LaneState state, long epoch, int interrupted = 0)
{
    /// <summary>The first character of a duty's name, which no destination's name has.</summary>
    public const char DutyPrefix = '@';

    /// <summary>The destination or duty.</summary>
    public string Name => State.Destination;

    /// <summary>Higher for every later claim on the same name: a store can tell the present holder from an earlier one.</summary>
    public long Epoch { get; } = epoch;

    /// <summary>The lane's state when it was claimed.</summary>
    public LaneState State { get; } = state;

    /// <summary>How many attempts of the last holder were still open. They may have been posted.</summary>
    public int Interrupted { get; } = interrupted;

    /// <summary>Cancelled when the claim is lost: the work ends at once.</summary>
    public virtual CancellationToken Lost => CancellationToken.None;

    /// <summary>
    /// Asked directly before each send: a chat does not know epochs, so a holder that can't be sure of its claim must not send.
    /// </summary>
    public virtual bool MaySend => true;
}

/// <summary>A write with a claim that another worker holds now, or that was given up. Nothing was written.</summary>
public sealed class ClaimLostException(string name) : Exception($"The claim on {name} was lost.");
