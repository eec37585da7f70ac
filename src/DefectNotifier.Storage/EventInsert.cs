using DefectNotifier.Outbox;

namespace DefectNotifier.Storage;

/// <summary>Inserts an event with its dedup key and its deliveries, and remembers what it says of its defect.</summary>
internal sealed class EventInsert(NewEvent newEvent)
{
    // Copies: a caller that no longer waits may use its buffers for something else while the commit is still to come.
    private readonly byte[] _dedupKey = newEvent.DedupKey.ToArray();
    private readonly byte[] _body = newEvent.Body.ToArray();
    private readonly Utf8Text _decision = DecisionText.Of(newEvent.Decision);

    /// <summary>False when the dedup key is already there; then nothing was written.</summary>
    public bool Execute(WriteSession session)
    {
        var seq = session.InsertEvent.RunForNumber(
            newEvent.Id,
            _dedupKey,
            newEvent.Source,
            newEvent.Name,
            newEvent.ProjectCode,
            newEvent.SubjectId,
            newEvent.OccurredAt.ToColumn(),
            newEvent.ReceivedAt.ToColumn(),
            _body,
            _decision,
            newEvent.TraceParent,
            newEvent.Decision.IsUnrouted ? 1 : 0);
        if (seq is null) return false;

        foreach (var delivery in newEvent.Decision.Deliveries)
        {
            var announceAt = delivery.Fallback is null ? null : newEvent.ReceivedAt + delivery.FallbackAfter;
            session.InsertDelivery.Run(
                seq, delivery.Destination, delivery.Route, delivery.TemplateSet, (long?)delivery.MaxAge?.TotalMilliseconds, delivery.Fallback, announceAt.ToColumn());
        }

        session.Defects.Remember(newEvent, _body);
        return true;
    }

    /// <summary>What is stored under the same key.</summary>
    public AppendResult FindFirst(WriteSession session)
    {
        using var row = session.FindDuplicate.Query(_dedupKey);
        row.Read();
        return new AppendResult(AppendStatus.Duplicate, row.GetString(0), row.GetInt32(1));
    }
}
