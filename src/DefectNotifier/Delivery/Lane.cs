using System.Diagnostics;
using DefectNotifier.Events;
using DefectNotifier.Outbox;
using DefectNotifier.Rendering;
using DefectNotifier.Telemetry;
using Microsoft.Extensions.Logging;

namespace DefectNotifier.Delivery;

/// <summary>
/// The worker of one destination: one reader, in order, at the pace that the destination allows. A delivery that can't go yet holds the
/// ones behind it, so that a defect's end never overtakes its beginning; other lanes don't notice.
/// </summary>
public sealed partial class Lane
{
    private const int PageSize = 64;

    /// <summary>Long waits are looked at again so often, so that a clock that was set is noticed.</summary>
    private static readonly TimeSpan LongestNap = TimeSpan.FromMinutes(1);

    /// <summary>How long a lane leaves a broken store, or a bug, alone.</summary>
    private static readonly TimeSpan FaultPause = TimeSpan.FromSeconds(1);

    private readonly Destination _destination;
    private readonly LaneSignal _signal;
    private readonly LanePolicy _policy;
    private readonly SendPipeline _pipeline;
    private readonly IOutbox _outbox;
    private readonly MessageRenderer _renderer;
    private readonly NotifierMetrics _metrics;
    private readonly TimeProvider _time;
    private readonly ILogger<Lane> _logger;

    // Written by the lane's own loop alone; read by whoever asks for the status.
    private volatile LaneState _state;
    private volatile PendingDelivery? _head;
    private volatile string? _holdReason;
    private volatile bool _isRunning;
    private (Fate Fate, SendReason Reason) _said = (Fate.Delivered, SendReason.Ok);

    public Lane(
        Destination destination, DeliveryOptions options, IOutbox outbox, LaneSignals signals, MessageRenderer renderer, NotifierMetrics metrics, TimeProvider time, ILogger<Lane> logger)
    {
        _destination = destination;
        _signal = signals.For(destination.Name);
        _policy = new LanePolicy(destination, options);
        _pipeline = new SendPipeline(destination, time);
        _outbox = outbox;
        _renderer = renderer;
        _metrics = metrics;
        _time = time;
        _logger = logger;
        _state = new LaneState(destination.Name);
    }

    public string DestinationName => _destination.Name;

    public LaneStatus Status
    {
        get
        {
            var state = _state;
            var until = state.NotBefore > _time.GetUtcNow() ? state.NotBefore : null;
            var (word, reason) = !_isRunning ? ("stopped", null)
                : state.ParkedReason is not null ? ("parked", state.ParkedReason)
                : until is not null ? ("waiting", _holdReason)
                : ("running", null);
            return new LaneStatus(_destination.Name, word, reason, until, _signal.Waiting, _head?.ReceivedAt);
        }
    }

    /// <summary>Works until told to stop.</summary>
    /// <param name="stopAsked">Ends the taking of deliveries; what is being sent goes on.</param>
    /// <param name="timeUp">Ends the sending too.</param>
    public async Task RunAsync(CancellationToken stopAsked, CancellationToken timeUp)
    {
        _isRunning = true;
        var after = 0L;
        var isLoaded = false;
        while (!stopAsked.IsCancellationRequested)
        {
            try
            {
                if (!isLoaded) _state = _policy.Start(await _outbox.ReadLaneAsync(_destination.Name, stopAsked));
                isLoaded = true;
                after = await WorkAsync(after, stopAsked, timeUp);
            }
            catch (OperationCanceledException) when (stopAsked.IsCancellationRequested)
            {
                break;
            }
            // The edge of the loop. Nothing is lost: what was not recorded is still pending, an open attempt counts as one that may have been posted.
            catch (Exception fault) when (fault is not OutOfMemoryException)
            {
                if (fault is OutboxUnavailableException) Log.StoreUnavailable(_logger, _destination.Name, fault.Message);
                else Log.Failed(_logger, _destination.Name, fault);
                await PauseAsync(FaultPause, stopAsked);
            }
        }

        _isRunning = false;
    }

    // One page, or one wake-up when there is none. Returns the last delivery that is done with.
    private async Task<long> WorkAsync(long after, CancellationToken stopAsked, CancellationToken timeUp)
    {
        var page = await _outbox.ReadPendingAsync(_destination.Name, after, PageSize, stopAsked);
        if (page.Count == 0)
        {
            _head = null;
            await _signal.WaitAsync(stopAsked);
            return after;
        }

        foreach (var delivery in page)
        {
            _head = delivery;
            if (!await DeliverAsync(delivery, stopAsked, timeUp)) return after;
            after = delivery.Id;
        }

        return after;
    }

    // True when the delivery is done with; false when it must be read again.
    private async Task<bool> DeliverAsync(PendingDelivery delivery, CancellationToken stopAsked, CancellationToken timeUp)
    {
        await WaitForTurnAsync(stopAsked);
        var (message, refusal) = Render(delivery);
        stopAsked.ThrowIfCancellationRequested();
        await _outbox.StartAttemptAsync(delivery.Id, _time.GetUtcNow());

        SendResult result;
        using (var activity = NotifierTracing.StartSend(_destination.Name, delivery.EventId, delivery.TraceParent))
        {
            result = refusal ?? await _pipeline.SendAsync(message!, timeUp);
            activity?.SetTag("defectnotifier.fate", result.Fate.Word());
            activity?.SetTag("defectnotifier.reason", result.Reason.Word());
            if (result.Fate != Fate.Delivered) activity?.SetStatus(ActivityStatusCode.Error, result.Reason.Word());
        }

        var outcome = _policy.Decide(delivery, _state, result, _time.GetUtcNow(), Random.Shared.NextDouble());
        await RecordAsync(outcome, timeUp);
        Tell(delivery, result, outcome);
        if (outcome.State == DeliveryState.Pending) return false;
        _signal.Remove();
        return true;
    }

    private async Task WaitForTurnAsync(CancellationToken stopAsked)
    {
        while (true)
        {
            var now = _time.GetUtcNow();
            var wait = _policy.DueAt(_state, now) - now;
            if (wait <= TimeSpan.Zero) return;
            // A timer may fire a little early and must not: round up to the next millisecond.
            var nap = wait < LongestNap ? TimeSpan.FromMilliseconds(Math.Ceiling(wait.TotalMilliseconds)) : LongestNap;
            await Task.Delay(nap, _time, stopAsked);
        }
    }

    // Either a message or the reason why there can be none; that would be a bug of ours, and must cost this delivery, not the lane.
    private (ChatMessage? Message, SendResult? Refusal) Render(PendingDelivery delivery)
    {
        try
        {
            var parsed = WebhookParser.Parse(delivery.Body, delivery.Source);
            return parsed.IsEvent ? (Render(delivery, parsed.Event), null) : (null, Unusable(parsed.Fault.Code));
        }
        catch (Exception fault) when (fault is not OutOfMemoryException)
        {
            Log.NotRendered(_logger, _destination.Name, delivery.EventId, fault);
            return (null, Unusable(fault.GetType().Name));
        }
    }

    private ChatMessage Render(PendingDelivery delivery, DefectEvent defectEvent)
    {
        var rendered = _renderer.Render(new RenderRequest
        {
            Event = defectEvent,
            ReceivedAt = delivery.ReceivedAt,
            Platform = _destination.Platform,
            TemplateSet = delivery.TemplateSet,
            MayBeRepeat = delivery.MayBeRepeat,
        });
        if (rendered.Fault is { } fault)
        {
            _metrics.CountTemplateFault(fault.Template);
            Log.TemplateFailed(_logger, _destination.Name, delivery.EventId, fault.ToString());
        }

        return rendered.Message;
    }

    private static SendResult Unusable(string why) => new(Fate.Refused, SendReason.InvalidMessage) { Detail = "no message could be made of the stored event: " + why };

    // The message is out: until that is written down nothing else may happen here, however long the store takes to come back.
    private async Task RecordAsync(AttemptOutcome outcome, CancellationToken timeUp)
    {
        while (true)
        {
            try
            {
                await _outbox.RecordAsync(outcome);
                _state = outcome.Lane;
                return;
            }
            catch (OutboxUnavailableException fault)
            {
                Log.StoreUnavailable(_logger, _destination.Name, fault.Message);
                // Shutting down without the outcome leaves an open attempt, which the next start takes for one that may have been posted.
                timeUp.ThrowIfCancellationRequested();
                await PauseAsync(FaultPause, timeUp);
            }
        }
    }

    private void Tell(PendingDelivery delivery, SendResult result, AttemptOutcome outcome)
    {
        _metrics.CountDelivery(_destination.Name, outcome.Fate, outcome.Reason);
        if (outcome.State == DeliveryState.Delivered) _metrics.RecordAge(_destination.Name, outcome.At - delivery.ReceivedAt);
        _holdReason = outcome.Lane.NotBefore is null ? null : outcome.Reason;

        var now = (result.Fate, result.Reason);
        var before = _said;
        _said = now;
        if (outcome.State == DeliveryState.Dead) Log.Dead(_logger, _destination.Name, delivery.EventId, outcome.Reason, outcome.Detail);
        else if (now == before) Log.Again(_logger, _destination.Name, delivery.EventId, outcome.Fate, outcome.Reason);
        else if (result.Fate == Fate.Delivered) Log.Recovered(_logger, _destination.Name, delivery.EventId, before.Reason.Word());
        else if (result.Fate == Fate.Parked) Log.Parked(_logger, _destination.Name, outcome.Reason, outcome.Detail);
        else Log.Held(_logger, _destination.Name, delivery.EventId, outcome.Fate, outcome.Reason, outcome.Detail, outcome.Lane.NotBefore);
    }

    private async Task PauseAsync(TimeSpan pause, CancellationToken cancellationToken)
    {
        try
        {
            await Task.Delay(pause, _time, cancellationToken);
        }
        catch (OperationCanceledException)
        {
            // The loop looks at the token itself.
        }
    }

    private static partial class Log
    {
        [LoggerMessage(400, LogLevel.Debug, "{Destination}: event {EventId} {Fate} ({Reason})")]
        public static partial void Again(ILogger logger, string destination, string eventId, string fate, string reason);

        [LoggerMessage(401, LogLevel.Information, "{Destination}: event {EventId} delivered; before it was {Reason}")]
        public static partial void Recovered(ILogger logger, string destination, string eventId, string reason);

        [LoggerMessage(402, LogLevel.Warning, "{Destination}: event {EventId} {Fate} ({Reason}: {Detail}); the lane goes on at {Until}")]
        public static partial void Held(ILogger logger, string destination, string eventId, string fate, string reason, string? detail, DateTimeOffset? until);

        [LoggerMessage(403, LogLevel.Error, "{Destination}: event {EventId} is a dead letter ({Reason}: {Detail}); it is kept in the outbox and the lane goes on")]
        public static partial void Dead(ILogger logger, string destination, string eventId, string reason, string? detail);

        [LoggerMessage(404, LogLevel.Error, "{Destination} is parked ({Reason}: {Detail}): its deliveries wait until its settings are mended; it is tried again from time to time")]
        public static partial void Parked(ILogger logger, string destination, string reason, string? detail);

        // The outbox itself says it, once and loudly.
        [LoggerMessage(405, LogLevel.Debug, "{Destination}: the outbox can't be used ({Fault}); trying again")]
        public static partial void StoreUnavailable(ILogger logger, string destination, string fault);

        [LoggerMessage(406, LogLevel.Critical, "{Destination}: the lane failed; nothing is lost, it starts again")]
        public static partial void Failed(ILogger logger, string destination, Exception fault);

        [LoggerMessage(407, LogLevel.Warning, "{Destination}: event {EventId} goes out as the plain message, because the template failed: {Fault}")]
        public static partial void TemplateFailed(ILogger logger, string destination, string eventId, string fault);

        [LoggerMessage(408, LogLevel.Critical, "{Destination}: no message could be made of event {EventId}")]
        public static partial void NotRendered(ILogger logger, string destination, string eventId, Exception fault);
    }
}
