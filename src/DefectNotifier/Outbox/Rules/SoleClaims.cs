using System.Collections.Concurrent;
using DefectNotifier.Outbox.Contract;

namespace DefectNotifier.Outbox.Rules;

/// <summary>
/// The claims of a store that only this process uses: free names are granted at once, and no claim is ever lost.
/// </summary>
/// <param name="takeLaneAsync">Runs <see cref="AttemptRules.TakeLane"/> in a commit.</param>
public sealed class SoleClaims(Func<string, Task<TakenLane>> takeLaneAsync) : IClaims
{
    private readonly ConcurrentDictionary<string, Slot> _slots = new(StringComparer.OrdinalIgnoreCase);
    private long _lastEpoch;

    public async Task<Claim> ClaimAsync(string name, CancellationToken cancellationToken)
    {
        var slot = _slots.GetOrAdd(name, _ => new Slot());
        await slot.Free.WaitAsync(cancellationToken);
        try
        {
            var isDuty = name.StartsWith(Claim.DutyPrefix);
            var lane = isDuty ? new TakenLane(new LaneState(name), Interrupted: 0) : await takeLaneAsync(name);
            var claim = new Claim(lane.State, Interlocked.Increment(ref _lastEpoch), lane.Interrupted);
            Volatile.Write(ref slot.Epoch, claim.Epoch);
            return claim;
        }
        catch
        {
            slot.Free.Release();
            throw;
        }
    }

    public Task ReleaseAsync(Claim claim)
    {
        if (_slots.TryGetValue(claim.Name, out var slot)
            && Interlocked.CompareExchange(ref slot.Epoch, 0, claim.Epoch) == claim.Epoch) slot.Free.Release();
        return Task.CompletedTask;
    }

    /// <summary>True while the name is claimed, or is just being claimed.</summary>
    public bool IsHeld(string name) => _slots.TryGetValue(name, out var slot) && slot.Free.CurrentCount == 0;

    /// <exception cref="ClaimLostException">It was given up.</exception>
    public void Verify(Claim claim)
    {
        if (!_slots.TryGetValue(claim.Name, out var slot) || Volatile.Read(ref slot.Epoch) != claim.Epoch)
            throw new ClaimLostException(claim.Name);
    }

    private sealed class Slot
    {
        /// <summary>The epoch of its holder; 0: none.</summary>
        public long Epoch;

        public SemaphoreSlim Free { get; } = new(1, 1);
    }
}
