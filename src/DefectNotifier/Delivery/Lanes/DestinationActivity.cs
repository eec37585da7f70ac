using System.Collections.Concurrent;
using System.Runtime.InteropServices;
using DefectNotifier.Outbox.Contract;

namespace DefectNotifier.Delivery.Lanes;

/// <summary>
/// What each destination did in the last hour. Kept in memory; read from the outbox at the start, and from time to time where several
/// nodes share it.
/// </summary>
public sealed class DestinationActivities
{
    private readonly ConcurrentDictionary<string, DestinationActivity> _all = new(StringComparer.OrdinalIgnoreCase);

    public DestinationActivity For(string destination) => _all.GetOrAdd(destination, _ => new DestinationActivity());

    /// <summary>Adds what was sent before the start.</summary>
    public void Add(IEnumerable<RecentCount> counts)
    {
        foreach (var count in counts) For(count.Destination).Add(count);
    }

    /// <summary>
    /// Adds what all nodes did, as the outbox has it. It has what this node recorded too, but not always all of it: only the latest
    /// deliveries are counted. So of each minute the higher number counts.
    /// </summary>
    public void Merge(IEnumerable<RecentCount> counts)
    {
        foreach (var count in counts) For(count.Destination).Merge(count);
    }
}

/// <summary>What one destination did in the last 60 minutes. May be used from any thread.</summary>
public sealed class DestinationActivity
{
    /// <summary>How many minutes are kept.</summary>
    public const int Minutes = 60;

    private readonly Lock _lock = new();
    private readonly Slot[] _slots = new Slot[Minutes];
    private SentMessage? _last;
    private volatile string? _failure;

    /// <summary>What the chat responded to the last attempt, when that failed; null: it succeeded, or there was none.</summary>
    public string? Failure
    {
        get => _failure;
        set => _failure = value;
    }

    /// <summary>A message was delivered.</summary>
    public void Sent(PendingDelivery delivery, DateTimeOffset at)
    {
        lock (_lock)
        {
            if (SlotOf(RecentCount.MinuteOf(at)) is >= 0 and var slot) _slots[slot].Sent++;
            _last = new SentMessage(delivery.EventId, delivery.EventName, delivery.Defect?.ProjectCode, delivery.Defect?.Id, at);
        }
    }

    /// <summary>A delivery became dead or held.</summary>
    public void Failed(DateTimeOffset at)
    {
        lock (_lock)
        {
            if (SlotOf(RecentCount.MinuteOf(at)) is >= 0 and var slot) _slots[slot].Failed++;
        }
    }

    /// <summary>This many deliveries are pending.</summary>
    public void Waits(long count, DateTimeOffset at)
    {
        lock (_lock)
        {
            if (SlotOf(RecentCount.MinuteOf(at)) is >= 0 and var slot) _slots[slot].Waiting = Math.Max(count, _slots[slot].Waiting ?? 0);
        }
    }

    /// <summary>Adds what was sent in a minute.</summary>
    public void Add(RecentCount count)
    {
        lock (_lock)
        {
            if (SlotOf(count.Minute) is not (>= 0 and var slot)) return;
            _slots[slot].Sent += count.Sent;
            _slots[slot].Failed += count.Failed;
        }
    }

    /// <summary>Takes over what the outbox has of a minute, where it is more than was known.</summary>
    public void Merge(RecentCount count)
    {
        lock (_lock)
        {
            if (SlotOf(count.Minute) is not (>= 0 and var slot)) return;
            _slots[slot].StoredSent = Math.Max(count.Sent, _slots[slot].StoredSent);
            _slots[slot].StoredFailed = Math.Max(count.Failed, _slots[slot].StoredFailed);
        }
    }

    /// <summary>The last hour up to this time.</summary>
    public LastHour Read(DateTimeOffset now)
    {
        var (sent, failed, waiting) = (new long[Minutes], new long[Minutes], new long?[Minutes]);
        lock (_lock)
        {
            for (var i = 0; i < Minutes; i++)
            {
                var minute = RecentCount.MinuteOf(now) - Minutes + 1 + i;
                var slot = _slots[minute % Minutes];
                if (slot.Minute != minute) continue;
                (sent[i], failed[i]) = (Math.Max(slot.Sent, slot.StoredSent), Math.Max(slot.Failed, slot.StoredFailed));
                waiting[i] = slot.Waiting;
            }

            return new LastHour(sent, failed, waiting, _last);
        }
    }

    // -1: the minute is too old; the clock was set back.
    private int SlotOf(long minute)
    {
        var slot = (int)(minute % Minutes);
        if (_slots[slot].Minute > minute) return -1;
        if (_slots[slot].Minute < minute) _slots[slot] = new Slot { Minute = minute };
        return slot;
    }

    [StructLayout(LayoutKind.Auto)]
    private struct Slot
    {
        public long Minute;
        public long Sent;
        public long Failed;
        // Of all nodes, as the outbox had it.
        public long StoredSent;
        public long StoredFailed;
        public long? Waiting;
    }
}

/// <summary>The last 60 minutes of a destination, the oldest minute first; the last entry is the present minute.</summary>
/// <param name="Sent">Messages delivered in each minute.</param>
/// <param name="Failed">Deliveries that became dead or held in each minute.</param>
/// <param name="Waiting">The most deliveries that were pending in each minute; null: not known.</param>
/// <param name="Last">The message that was delivered last since the start; null: none.</param>
public sealed record LastHour(IReadOnlyList<long> Sent, IReadOnlyList<long> Failed, IReadOnlyList<long?> Waiting, SentMessage? Last);

/// <summary>A message that was delivered.</summary>
/// <param name="EventId">Its event.</param>
/// <param name="Name">The event's name.</param>
/// <param name="ProjectCode">The defect's project; null: the event is about no defect.</param>
/// <param name="SubjectId">The defect's number.</param>
/// <param name="At">When.</param>
public sealed record SentMessage(string EventId, string Name, string? ProjectCode, long? SubjectId, DateTimeOffset At);
