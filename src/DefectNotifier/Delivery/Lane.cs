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
public sealed class Lane
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
    private readonly LaneReporter _reporter;
    private readonly TimeProvider _time;

    // Written by the lane's own loop alone; read by whoever asks for the status.
    private volatile LaneState _state;
    private volatile PendingDelivery? _head;
    private volatile LaneHold? _hold;
    private volatile bool _isRunning;

    // An operator's word from another thread: kept until the next wait when there is none to cut short.
    private readonly Lock _nudging = new();
    private CancellationTokenSource? _nap;
    private bool _isNudged;

    public Lane(
        Destination destination, DeliveryOptions options, IOutbox outbox, LaneSignals signals, MessageRenderer renderer, NotifierMetrics metrics, TimeProvider time, ILogger<Lane> logger)
    {
        _destination = destination;
        _signal = signals.For(destination.Name);
        _policy = new LanePolicy(destination, options);
        _pipeline = new SendPipeline(destination, time);
        _outbox = outbox;
        _renderer = renderer;
        _reporter = new LaneReporter(destination.Name, metrics, logger);
        _time = time;
        _state = new LaneState(destination.Name);
    }

    public string DestinationName => _destination.Name;

    public LaneStatus Status
    {
        get
        {
            var (state, hold) = (_state, _hold);
            var (word, reason) = !_isRunning ? ("stopped", null)
                : state.ParkedReason is not null ? ("parked", state.ParkedReason)
                : hold is not null ? ("waiting", hold.Reason)
                // Trying again just now; it is still in trouble.
                : state.Failures > 0 && _head is not null ? ("waiting", state.HoldReason)
                : ("running", null);
            return new LaneStatus(_destination.Name, word, reason, _isRunning ? hold?.Until : null, _signal.Waiting, _head?.ReceivedAt);
        }
    }

    /// <summary>An operator's word that a parked destination is to be asked now. False when the lane is not parked, and nothing is done.</summary>
    public bool Resume()
    {
        lock (_nudging)
        {
            if (_state.ParkedReason is null) return false;
            _isNudged = true;
            _nap?.Cancel();
            return true;
        }
    }

    /// <summary>Works until told to stop.</summary>
    /// <param name="stopAsked">Ends the taking of deliveries; what is being sent goes on.</param>
    /// <param name="timeUp">Ends the sending too.</param>
    public async Task RunAsync(CancellationToken stopAsked, CancellationToken timeUp)
    {
        _isRunning = true;
        try
        {
            await WorkUntilStoppedAsync(stopAsked, timeUp);
        }
        finally
        {
            _isRunning = false;
        }
    }

    private async Task WorkUntilStoppedAsync(CancellationToken stopAsked, CancellationToken timeUp)
    {
        var isLoaded = false;
        while (!stopAsked.IsCancellationRequested)
        {
            try
            {
                if (!isLoaded) await LoadAsync(stopAsked);
                isLoaded = true;
                await WorkAsync(stopAsked, timeUp);
            }
            catch (OperationCanceledException) when (stopAsked.IsCancellationRequested)
            {
                break;
            }
            // The edge of the loop. Nothing is lost: what was not recorded is still pending, an open attempt counts as one that may have been posted.
            catch (Exception fault)
            {
                _reporter.TellFault(fault);
                _hold = new LaneHold(_time.GetUtcNow() + FaultPause, fault is OutboxUnavailableException ? "store-unavailable" : "internal-fault");
                await PauseAsync(FaultPause, stopAsked);
                _hold = null;
            }
        }
    }

    private async Task LoadAsync(CancellationToken stopAsked)
    {
        var stored = await _outbox.ReadLaneAsync(_destination.Name, stopAsked);
        _state = _policy.Start(stored);
        if (_state != stored) await _outbox.SaveLaneAsync(_state);
    }

    // One page, or one wake-up when there is none.
    private async Task WorkAsync(CancellationToken stopAsked, CancellationToken timeUp)
    {
        var page = await _outbox.ReadPendingAsync(_destination.Name, PageSize, stopAsked);
        if (page.Count == 0)
        {
            _head = null;
            await _signal.WaitAsync(stopAsked);
        }

        foreach (var delivery in page)
        {
            _head = delivery;
            if (!await DeliverAsync(delivery, stopAsked, timeUp)) return;
        }
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
            result = refusal ?? await _pipeline.SendAsync(message!, delivery.Stamp, timeUp);
            activity?.SetTag("defectnotifier.fate", result.Fate.Word());
            activity?.SetTag("defectnotifier.reason", result.Reason.Word());
            if (result.Fate != Fate.Delivered) activity?.SetStatus(ActivityStatusCode.Error, result.Reason.Word());
        }

        var outcome = _policy.Decide(delivery, _state, result, _time.GetUtcNow(), Random.Shared.NextDouble());
        await RecordAsync(outcome, timeUp);
        _reporter.Tell(delivery, result, outcome);
        if (outcome.State == DeliveryState.Pending) return false;
        _signal.Remove();
        return true;
    }

    private async Task WaitForTurnAsync(CancellationToken stopAsked)
    {
        var now = _time.GetUtcNow();
        if (_policy.HoldAt(_state, now) is not { } hold) return;
        using var nap = CancellationTokenSource.CreateLinkedTokenSource(stopAsked);
        if (!BeginNap(nap)) return;
        try
        {
            while (hold.Until > now)
            {
                _hold = hold;
                // A timer may fire a little early and must not: round up to the next millisecond.
                var wait = hold.Until - now;
                await Task.Delay(wait < LongestNap ? TimeSpan.FromMilliseconds(Math.Ceiling(wait.TotalMilliseconds)) : LongestNap, _time, nap.Token);
                var before = now;
                now = _time.GetUtcNow();
                // The clock was set back while we waited: what remains stays the same.
                if (now < before) hold = hold with { Until = hold.Until - (before - now) };
            }
        }
        catch (OperationCanceledException) when (!stopAsked.IsCancellationRequested)
        {
            // Somebody wants to know now.
        }
        finally
        {
            _hold = null;
            EndNap();
        }
    }

    // False when the wait was cut short before it began. A word for a lane that is no longer parked has come too late: it must not cut a Retry-After.
    private bool BeginNap(CancellationTokenSource nap)
    {
        lock (_nudging)
        {
            var isCut = _isNudged && _state.ParkedReason is not null;
            _isNudged = false;
            if (!isCut) _nap = nap;
            return !isCut;
        }
    }

    private void EndNap()
    {
        lock (_nudging) (_nap, _isNudged) = (null, false);
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
            _reporter.TellNotRendered(delivery.EventId, fault);
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
        if (rendered.Fault is { } fault) _reporter.TellTemplateFault(delivery.EventId, fault);
        return rendered.Message;
    }

    private static SendResult Unusable(string why) => new(Fate.Refused, SendReason.InvalidMessage) { Detail = "no message could be made of the stored event: " + why };

    // The message is out: until that is written down nothing else may happen here, however long the store takes to come back.
    private async Task RecordAsync(AttemptOutcome outcome, CancellationToken timeUp)
    {
        var isAgain = false;
        while (true)
        {
            try
            {
                await _outbox.RecordAsync(outcome);
                break;
            }
            catch (OutboxUnavailableException fault)
            {
                _reporter.TellFault(fault);
                // Shutting down without the outcome leaves an open attempt, which the next start takes for one that may have been posted.
                timeUp.ThrowIfCancellationRequested();
                await PauseAsync(FaultPause, timeUp);
                isAgain = true;
            }
            // The commit that was reported as failed stands all the same: the delivery has left the queue.
            catch (InvalidOperationException) when (isAgain)
            {
                break;
            }
        }

        _state = outcome.Lane;
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
}
