using DefectNotifier.Outbox.Contract;

namespace DefectNotifier.Worker.Operations.Live;

/// <summary>The newest events as they were last sent, to find what is new or has changed.</summary>
internal sealed class LiveRows(ILiveJson json)
{
    /// <summary>The maximum number of events in a frame.</summary>
    public const int MaxListed = 20;

    /// <summary>Changes of older events are not sent.</summary>
    public const int Window = EventSummaryQuery.DefaultLimit;

    /// <summary>A client that has missed more events reads everything again.</summary>
    public const long Reach = 1000;

    private readonly Dictionary<long, byte[]> _sent = [];

    // Newest first.
    private List<(long Sequence, byte[] Json)> _rows = [];

    /// <summary>The sequence of the newest event; 0: there is none.</summary>
    public long Newest => _rows is [var first, ..] ? first.Sequence : 0;

    /// <summary>Forgets what was sent.</summary>
    public void Restart()
    {
        _sent.Clear();
        _rows = [];
    }

    /// <summary>The frame with what is new or has changed since the last call; null: nothing.</summary>
    /// <param name="newestFirst">The newest events, at most <see cref="Window"/>.</param>
    /// <param name="endedEarly">True when there are fewer because the store is slow.</param>
    public byte[]? Advance(IReadOnlyList<EventSummary> newestFirst, bool endedEarly = false)
    {
        var before = Newest;
        _rows = [.. newestFirst.Select(row => (row.Sequence, json.Write(row)))];
        var changed = _rows.Where(row => !_sent.TryGetValue(row.Sequence, out var sent) || !row.Json.AsSpan().SequenceEqual(sent)).ToList();
        var listed = changed.Take(MaxListed).ToList();
        // Sequences have no gaps.
        var more = Math.Max(0, Newest - before) - listed.Count(row => row.Sequence > before);
        // New events that are only counted are not sent again. Changes of known ones follow in the next frame.
        foreach (var (sequence, row) in listed.Concat(changed.Where(row => row.Sequence > before))) _sent[sequence] = row;
        // Those that were not read may come again.
        if (!endedEarly)
            foreach (var old in _sent.Keys.Except(_rows.Select(row => row.Sequence)).ToList()) _sent.Remove(old);
        return listed.Count > 0 ? LiveFrames.OfEvents(Newest, listed.Select(row => row.Json), more) : null;
    }

    /// <summary>The first frame of a client, with every event that it does not have yet; null: it has them.</summary>
    /// <param name="client">Sent the last event that it has, or has none: then it gets the newest ones.</param>
    public byte[]? Welcome(LiveClient client)
    {
        // An id that is newer than all is of another outbox.
        if (client.IsResumed && !(client.LastEventId <= Newest && Newest - client.LastEventId <= Reach))
            return LiveFrames.Of("reset", Newest, "{}"u8);
        var listed = _rows.Where(row => !(row.Sequence <= client.LastEventId)).Take(MaxListed).ToList();
        if (listed.Count == 0) return null;
        var more = client.LastEventId is { } last ? Newest - last - listed.Count : 0;
        return LiveFrames.OfEvents(Newest, listed.Select(row => row.Json), more);
    }
}
