using DefectNotifier.Events;
using DefectNotifier.Routing;
using DefectNotifier.Telemetry;

namespace DefectNotifier.Outbox;

/// <summary>Takes a parsed event in: plans where it goes, makes it durable, and only then wakes the lanes.</summary>
public sealed class EventIntake(RouteTable routes, IOutbox outbox, LaneSignals signals, NotifierMetrics metrics, TimeProvider time)
{
    /// <param name="defectEvent">The event.</param>
    /// <param name="body">The bytes it was read from; must not change before the task completes.</param>
    /// <param name="cancellationToken">Stops the waiting; the event may have been stored all the same.</param>
    public async Task<IntakeResult> AcceptAsync(DefectEvent defectEvent, ReadOnlyMemory<byte> body, CancellationToken cancellationToken)
    {
        var receivedAt = time.GetUtcNow();
        var decision = routes.Plan(defectEvent);
        var newEvent = new NewEvent
        {
            Id = Guid.CreateVersion7(receivedAt).ToString("N"),
            DedupKey = DedupKey.Of(defectEvent, body.Span, receivedAt),
            Source = defectEvent.Source,
            Name = defectEvent.Name,
            ProjectCode = defectEvent.ProjectCode,
            SubjectId = defectEvent.SubjectId,
            OccurredAt = defectEvent.OccurredAt,
            ReceivedAt = receivedAt,
            Body = body,
            Decision = decision,
            TraceParent = NotifierTracing.CurrentTraceParent,
        };
        var appended = await outbox.AppendAsync(newEvent, cancellationToken);
        if (appended.Status == AppendStatus.Accepted)
        {
            foreach (var planned in decision.Deliveries) signals.For(planned.Destination).Add(1);
        }

        var outcome = appended.Status switch
        {
            AppendStatus.Accepted => decision.IsUnrouted ? "unrouted" : "accepted",
            AppendStatus.Duplicate => "duplicate",
            AppendStatus.Busy => "busy",
            _ => "unavailable",
        };
        metrics.CountEvent(defectEvent.Name, outcome);
        return new IntakeResult(outcome, appended.EventId, appended.Deliveries, appended.Detail);
    }
}
