using System.Collections.Concurrent;

namespace DefectNotifier.Outbox;

/// <summary>The signals of all lanes, by destination.</summary>
public sealed class LaneSignals
{
    private readonly ConcurrentDictionary<string, LaneSignal> _signals = new(StringComparer.OrdinalIgnoreCase);

    public LaneSignal For(string destination) => _signals.GetOrAdd(destination, _ => new LaneSignal());
}
