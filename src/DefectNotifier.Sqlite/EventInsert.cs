using System.Runtime.InteropServices;
using DefectNotifier.Events;
using DefectNotifier.Outbox;

namespace DefectNotifier.Sqlite;

/// <summary>Inserts an event with its dedup key and its deliveries, remembers what it says of its defect, and what Qase is to be asked about it.</summary>
internal sealed class EventInsert(NewEvent newEvent)
{
    private readonly byte[] _dedupKey = newEvent.DedupKey.ToArray();
    private readonly byte[] _body = Whole(newEvent.Body);

    // Made on the thread of who appends: all wait for the writer's.
    private readonly DefectAlone? _alone = DefectAlone.Of(newEvent);

    /// <summary>True when something has become wanted of Qase with it.</summary>
    public bool IsAsking { get; private set; }

    /// <summary>False when the dedup key is already there; then nothing was written.</summary>
    public bool Execute(WriteSession session)
    {
        // Before, not after: there is nothing to undo then.
        if (session.MayKnowHashes && Find(session, DedupKey.HashOf(_dedupKey)) is not null) return false;
        var seq = session.InsertEvent.RunForRow(
            newEvent.Id,
            _dedupKey,
            newEvent.Source,
            newEvent.Name,
            newEvent.ProjectCode,
            newEvent.SubjectId,
            newEvent.OccurredAt.ToColumn(),
            newEvent.ReceivedAt.ToColumn(),
            _body,
            session.Decisions.Store(newEvent.Decision),
            newEvent.TraceParent,
            newEvent.Decision.IsUnrouted ? 1 : 0);
        if (seq is null) return false;
        session.Decisions.Follow(seq.Value);

        foreach (var delivery in newEvent.Decision.Deliveries)
        {
            var announceAt = delivery.Fallback is null ? null : newEvent.ReceivedAt + delivery.FallbackAfter;
            session.InsertDelivery.Run(
                seq, delivery.Destination, delivery.Route, delivery.TemplateSet, (long?)delivery.MaxAge?.TotalMilliseconds, delivery.Fallback, announceAt.ToColumn(),
                (int)delivery.MessageMode, (int)delivery.Broadcast);
        }

        var (before, after) = _alone is null ? (null, null) : session.Defects.Remember(newEvent, _alone, _body);
        IsAsking = Ask(session, before, after);
        return true;
    }

    /// <summary>What is stored under the same key.</summary>
    public AppendResult FindFirst(WriteSession session) => Find(session, _dedupKey) ?? Find(session, DedupKey.HashOf(_dedupKey))!;

    private static AppendResult? Find(WriteSession session, ReadOnlyMemory<byte> key)
    {
        using var row = session.FindDuplicate.Query(key.ToArray());
        return row.Read() ? new AppendResult(AppendStatus.Duplicate, row.GetString(0), row.GetInt32(1)) : null;
    }

    // What was given to us does not change any more, so it need not be copied.
    private static byte[] Whole(ReadOnlyMemory<byte> memory) =>
        MemoryMarshal.TryGetArray(memory, out var segment) && segment.Count == segment.Array!.Length ? segment.Array : memory.ToArray();

    private bool Ask(WriteSession session, Defect? before, Defect? after)
    {
        if (before is { LacksDetails: true } && after is { LacksDetails: false }) session.EnrichmentRequests.Delete(EnrichmentRequest.Of(newEvent.Defect!.Value));
        if (!newEvent.MayAsk) return false;
        // Without a project there is no address to ask at.
        var asksDetails = after is { LacksDetails: true } && newEvent.Defect is { ProjectCode.Length: > 0 } key && session.EnrichmentRequests.Add(EnrichmentRequest.Of(key), newEvent.ReceivedAt);
        var asksName = newEvent.TeamMemberId is > 0 and var member && session.EnrichmentRequests.AddName(newEvent.Source, member, newEvent.ReceivedAt);
        return asksDetails || asksName;
    }
}
