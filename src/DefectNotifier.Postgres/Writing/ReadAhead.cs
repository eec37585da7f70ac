using DefectNotifier.Events;
using DefectNotifier.Outbox.Contract;
using DefectNotifier.Outbox.Rules;
using DefectNotifier.Routing;

namespace DefectNotifier.Postgres.Writing;

/// <summary>
/// What a transaction has read, kept up to date with what it writes. Null in a dictionary: it was looked for, and is not there.
/// </summary>
internal sealed class ReadAhead
{
    /// <summary>By the dedup key in base 64.</summary>
    public Dictionary<string, (string EventId, int Deliveries)?> Events { get; } = new(StringComparer.Ordinal);

    public Dictionary<DefectKey, DefectRow?> Defects { get; } = [];

    public Dictionary<long, DeliveryRow?> Deliveries { get; } = [];

    /// <summary>The states of the deliveries of events that may be deleted, by the number of the event.</summary>
    public Dictionary<long, List<(DeliveryState State, DateTimeOffset? EndedAt)>> States { get; } = [];

    /// <summary>The silences that end after <see cref="SilencesAfter"/>; null: not read.</summary>
    public IReadOnlyList<Silence>? Silences { get; set; }

    public DateTimeOffset SilencesAfter { get; set; }

    /// <summary>The event that was added last.</summary>
    public (long Number, string Key)? LastEvent { get; set; }

    /// <summary>The last numbers that were given.</summary>
    public Counters Counters { get; set; } = new();

    public void Clear()
    {
        Events.Clear();
        Defects.Clear();
        Deliveries.Clear();
        States.Clear();
        (Silences, LastEvent) = (null, null);
    }
}

/// <summary>The last numbers that were given.</summary>
internal sealed record Counters
{
    public long Event { get; set; }

    public long Delivery { get; set; }

    public long Silence { get; set; }

    public long Defect { get; set; }

    /// <summary>About the bytes of the events that the transaction has added.</summary>
    public long AddedBytes { get; set; }
}
