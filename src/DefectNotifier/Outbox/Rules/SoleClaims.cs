using System.Collections.Concurrent;
using DefectNotifier.Outbox.Contract;

namespace DefectNotifier.Outbox.Rules;

/// <summary>
/// The claims of a store that only this process uses: free names are granted at once, and no claim is ever lost.
/// </summary>
/// <param name="takeLaneAsync">Runs <see cref="AttemptRules.TakeLane"/> in a transaction and commits it.</param>
public sealed class SoleClaims(Func<string, Task<TakenLane>> takeLaneAsync) : IClaims
{
    private readonly ConcurrentDictionary<string, Entry> _entries = new(StringComparer.OrdinalIgnoreCase);
    private long _lastEpoch;

    public async Task<Claim> ClaimAsync(string name, CancellationToken cancellationToken)
    {
        var entry = _entries.GetOrAdd(name, _ => new Entry());
        await entry.Free.WaitAsync(cancellationToken);
        try
        {
            var isDuty = name.StartsWith(Claim.DutyPrefix);
            var lane = isDuty ? new TakenLane(new LaneState(name), Interrupted: 0) : await takeLaneAsync(name);
            var claim = new Claim(lane.State, Interlocked.Increment(ref _lastEpoch), lane.Interrupted);
            Volatile.Write(ref entry.Epoch, claim.Epoch);
            return claim;
        }
        catch
        {
            entry.Free.Release();
            throw;
        }
    }

    public Task ReleaseAsync(Claim claim)
    {
        if (_entries.TryGetValue(claim.Name, out var entry)
            && Interlocked.CompareExchange(ref entry.Epoch, 0, claim.Epoch) == claim.Epoch) entry.Free.Release();
        return Task.CompletedTask;
    }

    public Roster Roster => Roster.Empty;

    public void Group(IReadOnlyDictionary<string, string> groups)
    {
        // One process has all lanes.
    }

    /// <summary>True while the name is claimed, or is just being claimed.</summary>
    public bool IsClaimed(string name) => _entries.TryGetValue(name, out var entry) && entry.Free.CurrentCount == 0;

    /// <exception cref="ClaimLostException">It was given up.</exception>
    public void Verify(Claim claim)
    {
        if (!_entries.TryGetValue(claim.Name, out var entry) || Volatile.Read(ref entry.Epoch) != claim.Epoch)
            throw new ClaimLostException(claim.Name);
    }

    private sealed class Entry
    {
        /// <summary>The epoch of the present claim; 0: not claimed.</summary>
        public long Epoch;

        public SemaphoreSlim Free { get; } = new(1, 1);
    }
}
