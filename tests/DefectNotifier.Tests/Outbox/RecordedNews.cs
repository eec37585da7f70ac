using System.Collections.Concurrent;
using DefectNotifier.Outbox.Contract;

namespace DefectNotifier.Tests.Outbox;

/// <summary>Remembers what a store reported.</summary>
internal sealed class RecordedNews : IOutboxNews
{
    private readonly ConcurrentQueue<string> _reported = new();
    private int _changes;

    /// <summary>How many times anything was reported as changed.</summary>
    public int Changes => Volatile.Read(ref _changes);

    public void PendingChanged(string destination, int change) => _reported.Enqueue($"{destination} {change:+0;-0;0}");

    // Depends on when a store looks.
    public void PendingFound(string destination, long? waiting)
    {
    }

    public void RequestAdded() => _reported.Enqueue("request");

    public void DeferralsChanged() => _reported.Enqueue("deferrals");

    public void Resumed(string destination) => _reported.Enqueue($"{destination} resumed");

    public void Changed() => Interlocked.Increment(ref _changes);

    /// <summary>What was reported since the last call.</summary>
    public IReadOnlyList<string> Take()
    {
        var taken = new List<string>();
        while (_reported.TryDequeue(out var one)) taken.Add(one);
        return taken;
    }
}
