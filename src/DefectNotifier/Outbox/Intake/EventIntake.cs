using DefectNotifier.Events;
using DefectNotifier.Outbox.Contract;
using DefectNotifier.Routing;
using DefectNotifier.Telemetry;

namespace DefectNotifier.Outbox.Intake;

/// <summary>Accepts a parsed event: plans its deliveries and stores both.</summary>
public sealed class EventIntake(IOutbox outbox, NotifierMetrics metrics, ServiceHealth health, TimeProvider time)
{
    /// <param name="defectEvent">The event.</param>
    /// <param name="body">The bytes it was parsed from; must not change any more.</param>
    /// <param name="routes">The active routes.</param>
    /// <param name="canEnrich">True when an account of Qase's API is configured for it, so that missing details can be requested: see <see
    /// cref="NewEvent.CanEnrich"/>.</param>
    /// <param name="cancellationToken">
    /// Stops only the waiting, not the commit: what is stored is sent.
    /// </param>
    public Task<IntakeResult> AcceptAsync(
        DefectEvent defectEvent, ReadOnlyMemory<byte> body, RouteTable routes, bool canEnrich, CancellationToken cancellationToken) =>
        StoreAsync(defectEvent, body, routes, canEnrich).WaitAsync(cancellationToken);

    private async Task<IntakeResult> StoreAsync(DefectEvent defectEvent, ReadOnlyMemory<byte> body, RouteTable routes, bool canEnrich)
    {
        var newEvent = Plan(defectEvent, body, routes, canEnrich, time.GetUtcNow());
        var appended = await outbox.AppendAsync(newEvent, CancellationToken.None);
        var outcome = appended.Status switch
        {
            AppendStatus.Accepted => appended.Deliveries == 0 ? IntakeOutcome.Unrouted : IntakeOutcome.Accepted,
            AppendStatus.Duplicate => IntakeOutcome.Duplicate,
            AppendStatus.Busy => IntakeOutcome.Busy,
            _ => IntakeOutcome.Unavailable,
        };
        // A duplicate writes nothing, so it does not show whether the store works.
        if (appended.Status == AppendStatus.Accepted) health.Works(HealthPart.Intake);
        else if (appended.Status == AppendStatus.Unavailable) health.Fails(HealthPart.Intake, appended.Detail ?? "not known");
        metrics.CountEvent(defectEvent.Name, outcome.Word());
        return new IntakeResult(outcome, appended.EventId, appended.Deliveries, appended.Detail);
    }

    private static NewEvent Plan(
        DefectEvent defectEvent, ReadOnlyMemory<byte> body, RouteTable routes, bool canEnrich, DateTimeOffset receivedAt) => new()
        {
            Id = EventId.New(receivedAt),
            DedupKey = DedupKey.Of(defectEvent, receivedAt),
            Source = defectEvent.Source,
            Name = defectEvent.Name,
            ProjectCode = defectEvent.ProjectCode,
            SubjectId = defectEvent.SubjectId,
            Title = defectEvent.Title,
            TeamMemberId = defectEvent.TeamMemberId,
            OccurredAt = defectEvent.OccurredAt,
            ReceivedAt = receivedAt,
            Body = body,
            DefectEvent = defectEvent.IsDefect ? defectEvent : null,
            CanEnrich = canEnrich,
            // A defect's event is planned in the commit that stores it, from the stored state of the defect.
            Routes = defectEvent.IsDefect ? routes : null,
            Decision = defectEvent.IsDefect ? RoutingDecision.Unrouted : routes.Plan(defectEvent, memory: null, receivedAt),
            TraceParent = NotifierTracing.CurrentTraceParent,
        };
}

/// <summary>The result of accepting an event.</summary>
/// <param name="Outcome">Returned to the sender, and counted.</param>
/// <param name="EventId">The stored event; null when nothing is stored.</param>
/// <param name="Deliveries">How many deliveries it has.</param>
/// <param name="Detail">Why the event was not stored; null otherwise.</param>
public sealed record IntakeResult(IntakeOutcome Outcome, string? EventId, int Deliveries, string? Detail)
{
    /// <summary>True when the event is durable, now or since an earlier request.</summary>
    public bool IsStored => EventId is not null;
}

public enum IntakeOutcome
{
    /// <summary>Stored, with deliveries.</summary>
    Accepted,

    /// <summary>Stored, but no route takes it.</summary>
    Unrouted,

    /// <summary>Stored by an earlier request.</summary>
    Duplicate,

    /// <summary>Not stored: too many events are waiting.</summary>
    Busy,

    /// <summary>Not stored: the outbox can't be written. Also counted when the commit takes too long.</summary>
    Unavailable,
}

/// <summary>The words for <see cref="IntakeOutcome"/>, for responses and metrics.</summary>
public static class IntakeOutcomes
{
    public static string Word(this IntakeOutcome outcome) => outcome switch
    {
        IntakeOutcome.Accepted => "accepted",
        IntakeOutcome.Unrouted => "unrouted",
        IntakeOutcome.Duplicate => "duplicate",
        IntakeOutcome.Busy => "busy",
        IntakeOutcome.Unavailable => "unavailable",
        _ => throw new ArgumentOutOfRangeException(nameof(outcome), outcome, message: null),
    };
}
