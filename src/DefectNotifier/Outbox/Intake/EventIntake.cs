using DefectNotifier.Events;
using DefectNotifier.Outbox.Contract;
using DefectNotifier.Routing;
using DefectNotifier.Telemetry;
using Microsoft.Extensions.Logging;
using EventId = DefectNotifier.Events.EventId;

namespace DefectNotifier.Outbox.Intake;

/// <summary>Accepts a parsed event: plans its deliveries and stores both.</summary>
public sealed partial class EventIntake : IDisposable
{
    private readonly IOutbox _outbox;
    private readonly NotifierMetrics _metrics;
    private readonly ServiceHealth _health;
    private readonly TimeProvider _time;
    private readonly ILogger<EventIntake> _logger;
    private readonly LineBudget _lines;
    private readonly LogThrottle _unrouted;

    public EventIntake(IOutbox outbox, NotifierMetrics metrics, ServiceHealth health, TimeProvider time, ILogger<EventIntake> logger)
    {
        (_outbox, _metrics, _health, _time, _logger) = (outbox, metrics, health, time, logger);
        _lines = new LineBudget(time, sum => Log.MoreAccepted(logger, sum.Count, sum.Parts, (long)sum.Longest.TotalMilliseconds));
        _unrouted = new LogThrottle(time, TimeSpan.FromHours(1));
    }

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

    /// <summary>Logs what was not logged yet.</summary>
    public void Dispose() => _lines.Flush();

    private async Task<IntakeResult> StoreAsync(DefectEvent defectEvent, ReadOnlyMemory<byte> body, RouteTable routes, bool canEnrich)
    {
        var start = _time.GetTimestamp();
        var newEvent = Plan(defectEvent, body, routes, canEnrich, _time.GetUtcNow());
        var appended = await _outbox.AppendAsync(newEvent, CancellationToken.None);
        var outcome = appended.Status switch
        {
            AppendStatus.Accepted => appended.Deliveries == 0 ? IntakeOutcome.Unrouted : IntakeOutcome.Accepted,
            AppendStatus.Duplicate => IntakeOutcome.Duplicate,
            AppendStatus.Busy => IntakeOutcome.Busy,
            _ => IntakeOutcome.Unavailable,
        };
        // A duplicate writes nothing, so it does not show whether the store works.
        if (appended.Status == AppendStatus.Accepted) _health.Works(HealthPart.Intake);
        else if (appended.Status == AppendStatus.Unavailable) _health.Fails(HealthPart.Intake, appended.Detail ?? "not known");
        _metrics.CountEvent(defectEvent.Name, outcome.Word());
        if (appended.Status == AppendStatus.Accepted) Report(newEvent, appended, _time.GetElapsedTime(start));
        return new IntakeResult(outcome, appended.EventId, appended.Deliveries, appended.Detail);
    }

    private void Report(NewEvent stored, AppendResult appended, TimeSpan duration)
    {
        var project = stored.ProjectCode ?? "-";
        if (_logger.IsEnabled(LogLevel.Information) && _lines.TryTake(duration, appended.Deliveries))
        {
            var defect = stored is { DefectEvent: not null, SubjectId: { } id } ? $"D-{id}" : "-";
            Log.Accepted(_logger, stored.Id, stored.Name, project, defect, appended.Deliveries, (long)duration.TotalMilliseconds);
        }

        if (appended.Deliveries == 0 && _unrouted.ShouldLog(project)) Log.Unrouted(_logger, project, stored.Id, stored.Name);
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

    private static partial class Log
    {
        [LoggerMessage(206, LogLevel.Information,
            "Event {EventId} accepted: {Name}, project {Project}, defect {Defect}, deliveries: {Deliveries}, {Milliseconds} ms")]
        public static partial void Accepted(
            ILogger logger, string eventId, string name, string project, string defect, int deliveries, long milliseconds);

        [LoggerMessage(207, LogLevel.Information,
            "{Count} more events accepted within the same second, deliveries: {Deliveries}, longest {Milliseconds} ms")]
        public static partial void MoreAccepted(ILogger logger, int count, int deliveries, long milliseconds);

        [LoggerMessage(208, LogLevel.Warning,
            "No route takes event {EventId} ({Name}) of project {Project}: it is stored, and no message is sent. Add a route for "
            + "{Project}, or a last route that has only To; \"why {EventId}\" shows why each route did not take it. This is logged "
            + "once per project and hour.")]
        public static partial void Unrouted(ILogger logger, string project, string eventId, string name);
    }
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
