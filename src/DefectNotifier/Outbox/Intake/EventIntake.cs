using DefectNotifier.Events;
using DefectNotifier.Outbox.Contract;
using DefectNotifier.Routing;
using DefectNotifier.Telemetry;

namespace DefectNotifier.Outbox.Intake;

/// <summary>Accepts a parsed event: plans where it goes, makes it durable, and only then wakes the lanes.</summary>
public sealed class EventIntake(IOutbox outbox, LaneSignals signals, EnrichmentSignal requests, NotifierMetrics metrics, TimeProvider time)
{
    /// <param name="defectEvent">The event.</param>
    /// <param name="body">The bytes it was parsed from; must not change any more.</param>
    /// <param name="routes">The active routes.</param>
    /// <param name="mayAsk">Whether Qase's API can be asked for what is not known of it: see <see cref="NewEvent.MayAsk"/>.</param>
    /// <param name="cancellationToken">
    /// Stops the waiting alone. A commit that comes too late for its sender still wakes the lanes: what is stored is sent.
    /// </param>
    public Task<IntakeResult> AcceptAsync(
        DefectEvent defectEvent, ReadOnlyMemory<byte> body, RouteTable routes, bool mayAsk, CancellationToken cancellationToken) =>
        StoreAsync(defectEvent, body, routes, mayAsk).WaitAsync(cancellationToken);

    private async Task<IntakeResult> StoreAsync(DefectEvent defectEvent, ReadOnlyMemory<byte> body, RouteTable routes, bool mayAsk)
    {
        var newEvent = Plan(defectEvent, body, routes, mayAsk, time.GetUtcNow());
        var appended = await outbox.AppendAsync(newEvent, CancellationToken.None);
        // A duplicate may be of an event whose commit succeeded although it was reported as failed: then its lanes have not been woken yet.
        if (appended.Status is AppendStatus.Accepted or AppendStatus.Duplicate)
        {
            foreach (var planned in newEvent.Decision.Deliveries)
                signals.For(planned.Destination).Add(appended.Status == AppendStatus.Accepted ? 1 : 0);
        }

        if (appended.IsAsking) requests.Wake();
        var outcome = appended.Status switch
        {
            AppendStatus.Accepted => newEvent.Decision.IsUnrouted ? "unrouted" : "accepted",
            AppendStatus.Duplicate => "duplicate",
            AppendStatus.Busy => "busy",
            _ => "unavailable",
        };
        metrics.CountEvent(defectEvent.Name, outcome);
        return new IntakeResult(outcome, appended.EventId, appended.Deliveries, appended.Detail);
    }

    private static NewEvent Plan(
        DefectEvent defectEvent, ReadOnlyMemory<byte> body, RouteTable routes, bool mayAsk, DateTimeOffset receivedAt) => new()
    {
        Id = EventId.New(receivedAt),
        DedupKey = DedupKey.Of(defectEvent, receivedAt),
        Source = defectEvent.Source,
        Name = defectEvent.Name,
        ProjectCode = defectEvent.ProjectCode,
        SubjectId = defectEvent.SubjectId,
        TeamMemberId = defectEvent.TeamMemberId,
        OccurredAt = defectEvent.OccurredAt,
        ReceivedAt = receivedAt,
        Body = body,
        DefectEvent = defectEvent.IsDefect ? defectEvent : null,
        MayAsk = mayAsk,
        Decision = routes.Plan(defectEvent),
        TraceParent = NotifierTracing.CurrentTraceParent,
    };
}

/// <summary>What became of an event.</summary>
/// <param name="Outcome">
/// <c>accepted</c>, <c>duplicate</c>, <c>unrouted</c>, <c>busy</c> or <c>unavailable</c>: returned to the sender, and counted.
/// </param>
/// <param name="EventId">The stored event; null when nothing is stored.</param>
/// <param name="Deliveries">How many deliveries it has.</param>
/// <param name="Detail">Why the store refused; null otherwise.</param>
public sealed record IntakeResult(string Outcome, string? EventId, int Deliveries, string? Detail)
{
    /// <summary>True when the event is durable, now or since an earlier request.</summary>
    public bool IsStored => EventId is not null;
}
