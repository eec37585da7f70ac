using DefectNotifier.Outbox.Contract;
using DefectNotifier.Rendering;
using DefectNotifier.Telemetry;
using Microsoft.Extensions.Logging;

namespace DefectNotifier.Delivery;

/// <summary>Says what a lane does: a metric for each send, a line in the log for each change of outcome. The same error again is said once.</summary>
internal sealed partial class LaneReporter(string destination, NotifierMetrics metrics, ILogger logger)
{
    private (SendOutcome Outcome, SendReason Reason) _said = (SendOutcome.Delivered, SendReason.Ok);

    public void Tell(PendingDelivery delivery, SendResult result, AttemptOutcome outcome)
    {
        metrics.CountDelivery(destination, outcome.Outcome, outcome.Reason);
        if (outcome.State == DeliveryState.Delivered) metrics.RecordAge(destination, outcome.At - delivery.ReceivedAt);

        // What was found to be there, or to go another way, is as good as a success to those who watch the destination.
        var now = result.Outcome is SendOutcome.Delivered or SendOutcome.NotSupported ? (SendOutcome.Delivered, SendReason.Ok) : (result.Outcome, result.Reason);
        var before = _said;
        _said = now;
        if (outcome.State == DeliveryState.Held) Log.KeptForSomebody(logger, destination, delivery.EventId, outcome.Detail ?? "-");
        else if (outcome.State == DeliveryState.Dead) Log.Dead(logger, destination, delivery.EventId, outcome.Reason, outcome.Detail ?? "-");
        else if (result is { Outcome: SendOutcome.Delivered, Reason: SendReason.Found }) Log.Found(logger, destination, delivery.EventId);
        else if (result is { Outcome: SendOutcome.Delivered, Detail: { } detail }) Log.DeliveredOtherwise(logger, destination, delivery.EventId, detail);
        else if (result is { Outcome: SendOutcome.Ambiguous, Reason: SendReason.Interrupted }) Log.Interrupted(logger, destination, delivery.EventId);
        else if (result.Outcome == SendOutcome.NotSupported) Log.AnotherWay(logger, destination, delivery.EventId, outcome.Reason, outcome.Detail ?? "-");
        else if (now == before) Log.Again(logger, destination, delivery.EventId, outcome.Outcome, outcome.Reason);
        else if (result.Outcome == SendOutcome.Delivered) Log.Recovered(logger, destination, delivery.EventId, before.Reason.Word());
        else if (result.Outcome == SendOutcome.Parked) Log.Parked(logger, destination, outcome.Reason, outcome.Detail ?? "-", SendReasons.AdviceOn(outcome.Reason) ?? "Mend its settings.");
        else Log.Held(logger, destination, delivery.EventId, outcome.Outcome, outcome.Reason, outcome.Detail ?? "-", outcome.Lane.NotBefore ?? outcome.At + result.RetryAfter);
    }

    public void TellTemplateError(string eventId, RenderError error)
    {
        metrics.CountTemplateError(error.Template);
        Log.TemplateFailed(logger, destination, eventId, error.ToString());
    }

    public void TellNotRendered(string eventId, Exception error) => Log.NotRendered(logger, destination, eventId, error);

    /// <summary>Something that stops the lane for a moment: a store that can't be used, or a bug.</summary>
    public void TellError(Exception error)
    {
        if (error is OutboxUnavailableException) Log.StoreUnavailable(logger, destination, error.Message);
        else Log.Failed(logger, destination, error);
    }

    private static partial class Log
    {
        [LoggerMessage(400, LogLevel.Debug, "{Destination}: event {EventId} {Outcome} ({Reason})")]
        public static partial void Again(ILogger logger, string destination, string eventId, string outcome, string reason);

        [LoggerMessage(401, LogLevel.Information, "{Destination}: event {EventId} delivered; before it was {Reason}")]
        public static partial void Recovered(ILogger logger, string destination, string eventId, string reason);

        [LoggerMessage(402, LogLevel.Warning, "{Destination}: event {EventId} {Outcome} ({Reason}: {Detail}); the lane goes on at {Until:u}")]
        public static partial void Held(ILogger logger, string destination, string eventId, string outcome, string reason, string detail, DateTimeOffset? until);

        [LoggerMessage(409, LogLevel.Warning, "{Destination}: event {EventId} was {Detail}")]
        public static partial void DeliveredOtherwise(ILogger logger, string destination, string eventId, string detail);

        [LoggerMessage(410, LogLevel.Warning, "{Destination}: the response to event {EventId} was not waited for, because the service stops; it goes out again after the next start, marked as a possible repeat")]
        public static partial void Interrupted(ILogger logger, string destination, string eventId);

        [LoggerMessage(411, LogLevel.Information, "{Destination}: event {EventId} had been posted, although its response was lost: the message was found in the channel")]
        public static partial void Found(ILogger logger, string destination, string eventId);

        [LoggerMessage(413, LogLevel.Information, "{Destination}: event {EventId} is told in another way, because its defect's message does not allow this one ({Reason}: {Detail})")]
        public static partial void AnotherWay(ILogger logger, string destination, string eventId, string reason, string detail);

        [LoggerMessage(412, LogLevel.Error, "{Destination}: event {EventId} may have been posted and is held for somebody to look ({Detail}); the lane goes on")]
        public static partial void KeptForSomebody(ILogger logger, string destination, string eventId, string detail);

        [LoggerMessage(403, LogLevel.Error, "{Destination}: event {EventId} is a dead letter ({Reason}: {Detail}); it is kept in the outbox and the lane goes on")]
        public static partial void Dead(ILogger logger, string destination, string eventId, string reason, string detail);

        [LoggerMessage(404, LogLevel.Error, "{Destination} is parked ({Reason}: {Detail}): its deliveries wait and nothing is lost; it is tried again from time to time. {Advice}")]
        public static partial void Parked(ILogger logger, string destination, string reason, string detail, string advice);

        // The outbox itself says it, once and loudly.
        [LoggerMessage(405, LogLevel.Debug, "{Destination}: the outbox can't be used ({Error}); trying again")]
        public static partial void StoreUnavailable(ILogger logger, string destination, string error);

        [LoggerMessage(406, LogLevel.Critical, "{Destination}: the lane failed; nothing is lost, it starts again")]
        public static partial void Failed(ILogger logger, string destination, Exception error);

        [LoggerMessage(407, LogLevel.Warning, "{Destination}: event {EventId} goes out in other words, because its template failed: {Error}")]
        public static partial void TemplateFailed(ILogger logger, string destination, string eventId, string error);

        [LoggerMessage(408, LogLevel.Critical, "{Destination}: no message could be made of event {EventId}")]
        public static partial void NotRendered(ILogger logger, string destination, string eventId, Exception error);
    }
}
