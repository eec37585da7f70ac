using DefectNotifier.Delivery.Outcomes;
using DefectNotifier.Outbox.Contract;
using DefectNotifier.Rendering.Templates;
using DefectNotifier.Routing;
using DefectNotifier.Telemetry;
using Microsoft.Extensions.Logging;

namespace DefectNotifier.Delivery.Lanes;

/// <summary>
/// Reports what a lane does: a metric for each send, a log line for each change of outcome. A repeated outcome is logged at debug level.
/// An error that stops the lane, such as an unavailable outbox or a bug, goes to <see cref="ServiceHealth"/>.
/// </summary>
internal sealed partial class LaneReporter(
    string destination, NotifierMetrics metrics, DestinationActivity activity, ServiceHealth health, TimeProvider time, ILogger logger)
    : IRenderReports
{
    private readonly LineBudget _delivered = new(
        time, sum => Log.MoreDelivered(logger, destination, sum.Count, (long)sum.Longest.TotalMilliseconds));

    private (SendOutcome Outcome, SendReason Reason) _last = (SendOutcome.Delivered, SendReason.Ok);

    // Written only by the lane's loop; read by anyone who asks for the status.
    private volatile LaneFailure? _failure;

    // Written only by the lane's loop; read by the watchdog.
    private long _steps;

    /// <summary>How often the lane has made progress or has failed: a lane that hangs does neither.</summary>
    public long Steps => Volatile.Read(ref _steps);

    /// <summary>What the lane can't do now; null: its last work succeeded.</summary>
    public LaneFailure? Failure => _failure;

    public void ReportOutcome(PendingDelivery delivery, SendResult result, AttemptOutcome outcome)
    {
        CountStep();
        var word = outcome.State == DeliveryState.Dead ? outcome.State.Word() : outcome.Outcome.Word();
        metrics.CountDelivery(destination, word, outcome.Reason.Word());
        if (outcome.State == DeliveryState.Delivered) ReportDelivered(delivery, outcome, outcome.At - delivery.ReceivedAt);
        else if (outcome.State is DeliveryState.Dead or DeliveryState.Held) activity.Failed(outcome.At);

        // A message that was found, or that is sent in another way, counts as a success of the destination.
        var now = result.Outcome is SendOutcome.Delivered or SendOutcome.NotSupported
            ? (SendOutcome.Delivered, SendReason.Ok)
            : (result.Outcome, result.Reason);
        activity.Failure = now.Item1 == SendOutcome.Delivered ? null : outcome.Detail;
        var before = _last;
        _last = now;
        var (eventId, reason, detail) = (delivery.EventId, outcome.Reason.Word(), outcome.Detail ?? "-");
        if (outcome.State == DeliveryState.Held) Log.HeldForReview(logger, destination, eventId, detail);
        else if (outcome.State == DeliveryState.Dead) Log.Dead(logger, destination, eventId, reason, detail);
        else if (result is { Outcome: SendOutcome.Delivered, Reason: SendReason.Found }) Log.Found(logger, destination, eventId);
        else if (result is { Outcome: SendOutcome.Delivered, Detail: not null })
            Log.DeliveredOtherwise(logger, destination, eventId, result.Detail);
        else if (result is { Outcome: SendOutcome.Ambiguous, Reason: SendReason.Interrupted })
            Log.Interrupted(logger, destination, eventId);
        else if (result.Outcome == SendOutcome.NotSupported) Log.NotSupported(logger, destination, eventId, reason, detail);
        else if (now == before) Log.Repeated(logger, destination, eventId, outcome.Outcome.Word(), reason);
        else if (result.Outcome == SendOutcome.Delivered) Log.Recovered(logger, destination, eventId, before.Reason.Word());
        else if (result.Outcome == SendOutcome.Parked)
        {
            var advice = SendReasons.AdviceOn(outcome.Reason) ?? "Fix its settings.";
            var interval = outcome.Lane.NotBefore - outcome.At ?? TimeSpan.Zero;
            Log.Parked(logger, destination, reason, detail, Math.Round(interval.TotalMinutes, 1), advice);
        }
        else
        {
            var until = outcome.Lane.NotBefore ?? outcome.At + result.RetryAfter;
            Log.Waits(logger, destination, eventId, outcome.Outcome.Word(), reason, detail, until);
        }
    }

    /// <summary>The lane has ended: logs what was not logged yet.</summary>
    public void End() => _delivered.Flush();

    /// <summary>Deliveries became part of a digest.</summary>
    public void ReportDigested(int count)
    {
        CountStep();
        metrics.CountDigested(destination, count);
    }

    public void ReportTemplateError(string eventId, RenderError error)
    {
        metrics.CountTemplateError(error.Template);
        Log.TemplateFailed(logger, destination, eventId, error.ToString());
    }

    public void ReportRenderFailure(string eventId, Exception error) => Log.RenderFailed(logger, destination, eventId, error);

    /// <summary>The lane can't continue now: an unavailable outbox or a bug.</summary>
    public void Fails(LaneWork work, Exception error)
    {
        CountStep();
        var isUnavailable = error is OutboxUnavailableException;
        var detail = isUnavailable ? error.Message : $"unexpected error ({error.GetType().Name})";
        var before = _failure;
        // A lane that can read but not deliver reads again and again.
        var failed = before is { Work: LaneWork.Delivering } ? LaneWork.Delivering : work;
        _failure = new LaneFailure(failed, isUnavailable ? SendReason.StoreUnavailable : SendReason.InternalError, detail);
        health.Fails(HealthPart.Delivery, detail, destination);
        if (!isUnavailable && before?.Detail != detail) Log.Failed(logger, destination, error);
    }

    /// <summary>The lane has done this work. Work that comes before it works too; work that comes after it may still fail.</summary>
    public void Works(LaneWork work)
    {
        CountStep();
        if (_failure is { } failure && failure.Work > work) return;
        _failure = null;
        health.Works(HealthPart.Delivery, destination);
    }

    /// <summary>The lane does not run here any more.</summary>
    public void Forget()
    {
        _failure = null;
        health.Forget(HealthPart.Delivery, destination);
    }

    private void CountStep() => Volatile.Write(ref _steps, _steps + 1);

    private void ReportDelivered(PendingDelivery delivery, AttemptOutcome outcome, TimeSpan age)
    {
        metrics.RecordAge(destination, age);
        activity.Sent(delivery, outcome.At);
        if (!logger.IsEnabled(LogLevel.Information) || !_delivered.TryTake(age)) return;
        var what = delivery.Kind == DeliveryKind.Digest ? "digest" : "event";
        var how = outcome.Reason == SendReason.Ok ? "delivered" : $"delivered ({outcome.Reason.Word()})";
        var milliseconds = (long)age.TotalMilliseconds;
        if (delivery.Defect is { } key)
            Log.Delivered(logger, destination, what, delivery.EventId, how, key.ProjectCode, $"D-{key.Id}", milliseconds);
        else Log.DeliveredWithoutDefect(logger, destination, what, delivery.EventId, how, milliseconds);
    }

    private static partial class Log
    {
        [LoggerMessage(400, LogLevel.Debug, "{Destination}: event {EventId} {Outcome} ({Reason})")]
        public static partial void Repeated(ILogger logger, string destination, string eventId, string outcome, string reason);

        [LoggerMessage(401, LogLevel.Information, "{Destination}: event {EventId} delivered after {Reason}")]
        public static partial void Recovered(ILogger logger, string destination, string eventId, string reason);

        [LoggerMessage(402, LogLevel.Warning, "{Destination}: event {EventId} {Outcome} ({Reason}: {Detail}); next attempt at {Until:u}")]
        public static partial void Waits(
            ILogger logger, string destination, string eventId, string outcome, string reason, string detail, DateTimeOffset? until);

        [LoggerMessage(403, LogLevel.Error,
            "{Destination}: event {EventId} is a dead letter ({Reason}: {Detail}); it stays in the outbox and the lane continues")]
        public static partial void Dead(ILogger logger, string destination, string eventId, string reason, string detail);

        [LoggerMessage(404, LogLevel.Error,
            "{Destination} is parked ({Reason}: {Detail}); its deliveries stay pending, and it is tried again every {Minutes} min and when "
            + "its settings change. {Advice}")]
        public static partial void Parked(
            ILogger logger, string destination, string reason, string detail, double minutes, string advice);

        [LoggerMessage(406, LogLevel.Critical,
            "{Destination}: unexpected error; nothing is lost, and the lane tries again every second. This is logged once until it works")]
        public static partial void Failed(ILogger logger, string destination, Exception error);

        [LoggerMessage(407, LogLevel.Warning,
            "{Destination}: event {EventId} is sent with a fallback template, because its own failed: {Error}")]
        public static partial void TemplateFailed(ILogger logger, string destination, string eventId, string error);

        [LoggerMessage(408, LogLevel.Critical, "{Destination}: event {EventId} could not be rendered")]
        public static partial void RenderFailed(ILogger logger, string destination, string eventId, Exception error);

        [LoggerMessage(409, LogLevel.Warning, "{Destination}: event {EventId} was {Detail}")]
        public static partial void DeliveredOtherwise(ILogger logger, string destination, string eventId, string detail);

        [LoggerMessage(410, LogLevel.Warning,
            "{Destination}: shutdown interrupted the send of event {EventId}; it may have been posted and is repeated at the next start")]
        public static partial void Interrupted(ILogger logger, string destination, string eventId);

        [LoggerMessage(411, LogLevel.Information,
            "{Destination}: event {EventId} was posted although its response was lost: the message was found in the channel")]
        public static partial void Found(ILogger logger, string destination, string eventId);

        [LoggerMessage(412, LogLevel.Error,
            "{Destination}: event {EventId} may have been posted and is held for manual review ({Detail}); the lane continues")]
        public static partial void HeldForReview(ILogger logger, string destination, string eventId, string detail);

        [LoggerMessage(414, LogLevel.Information,
            "{Destination}: {What} {EventId} {How}, project {Project}, defect {Defect}, {Milliseconds} ms after it was accepted")]
        public static partial void Delivered(
            ILogger logger, string destination, string what, string eventId, string how, string project, string defect, long milliseconds);

        [LoggerMessage(416, LogLevel.Information, "{Destination}: {What} {EventId} {How}, {Milliseconds} ms after it was accepted")]
        public static partial void DeliveredWithoutDefect(
            ILogger logger, string destination, string what, string eventId, string how, long milliseconds);

        [LoggerMessage(415, LogLevel.Information,
            "{Destination}: {Count} more messages delivered within the same second, the longest {Milliseconds} ms after it was accepted")]
        public static partial void MoreDelivered(ILogger logger, string destination, int count, long milliseconds);

        [LoggerMessage(413, LogLevel.Information,
            "{Destination}: event {EventId} is posted in another way, because the chat does not allow this step ({Reason}: {Detail})")]
        public static partial void NotSupported(ILogger logger, string destination, string eventId, string reason, string detail);
    }
}

/// <summary>What a lane does with the store, in this order.</summary>
internal enum LaneWork
{
    /// <summary>It claims the destination and reads its pending deliveries.</summary>
    Reading,

    /// <summary>It sends a delivery and records the outcome.</summary>
    Delivering,
}

/// <summary>What a lane can't do now.</summary>
/// <param name="Work">The work that has to succeed again.</param>
/// <param name="Reason">What its status shows.</param>
/// <param name="Detail">Why.</param>
internal sealed record LaneFailure(LaneWork Work, SendReason Reason, string Detail);
