using System.Text.Json;
using DefectNotifier.Outbox;

namespace DefectNotifier.Storage;

/// <summary>The event, its dedup key and its deliveries, or the first event when the key is already there.</summary>
internal sealed class AppendOperation(NewEvent newEvent) : WriteOperation
{
    private readonly TaskCompletionSource<AppendResult> _end = new(TaskCreationOptions.RunContinuationsAsynchronously);

    // Copies: a caller that no longer waits may use its buffers for something else while the commit is still to come.
    private readonly byte[] _dedupKey = newEvent.DedupKey.ToArray();
    private readonly byte[] _body = newEvent.Body.ToArray();
    private readonly string _decision = JsonSerializer.Serialize(newEvent.Decision, StoredJson.Default.RoutingDecision);
    private AppendResult? _result;

    public Task<AppendResult> Result => _end.Task;

    public override void Execute(WriteSession session)
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
        if (seq is null)
        {
            _result = FindFirst(session);
            return;
        }

        foreach (var delivery in newEvent.Decision.Deliveries)
            session.InsertDelivery.Run(seq, delivery.Destination, delivery.Route, delivery.TemplateSet);
        _result = new AppendResult(AppendStatus.Accepted, newEvent.Id, newEvent.Decision.Deliveries.Count);
    }

    public override void Complete() => _end.TrySetResult(_result!);

    public override void Fail(string detail, Exception? fault) => _end.TrySetResult(new AppendResult(AppendStatus.Unavailable, EventId: null, 0, detail));

    private AppendResult FindFirst(WriteSession session)
    {
        using var row = session.FindDuplicate.Query(_dedupKey);
        row.Read();
        return new AppendResult(AppendStatus.Duplicate, row.GetString(0), row.GetInt32(1));
    }
}
