using System.Diagnostics;
using System.Net.Sockets;
using DefectNotifier.Delivery.Outcomes;
using DefectNotifier.Outbox.Contract;
using DefectNotifier.Rendering.Document;
using DefectNotifier.Telemetry;
using Polly;
using Polly.CircuitBreaker;
using Polly.Retry;
using Polly.Timeout;

namespace DefectNotifier.Delivery.Sending;

/// <summary>
/// The Polly pipeline of one destination, from outside in: circuit breaker, short retries of connection errors, attempt timeout. Longer
/// waits are not kept in memory: they become a due time in the outbox.
/// </summary>
internal sealed class SendPipeline
{
    // Built at the first send: Polly validates its options by reflection, and of a thousand lanes only a few have something to send at the
    // start.
    private readonly Lazy<ResiliencePipeline<SendResult>> _pipeline;
    private readonly Destination _destination;
    private readonly TimeSpan _breakDuration;

    /// <param name="destination">Where to send.</param>
    /// <param name="breakDuration">How long the circuit stays open; at least 500 ms, which is Polly's minimum.</param>
    /// <param name="time">A steady clock: setting the wall clock must neither open nor close a circuit.</param>
    public SendPipeline(Destination destination, TimeSpan breakDuration, TimeProvider time)
    {
        _destination = destination;
        _breakDuration = breakDuration;
        _pipeline = new Lazy<ResiliencePipeline<SendResult>>(() => Build(destination.Timeout, breakDuration, time));
    }

    /// <summary>
    /// Sends once (up to three times on connection errors). Never throws: a cancellation by <paramref name="timeUp"/> is a result too.
    /// </summary>
    /// <param name="message">The message.</param>
    /// <param name="step">How it is sent.</param>
    /// <param name="delivery">The delivery that the step belongs to.</param>
    /// <param name="timeUp">Cancels the send.</param>
    public async Task<SendResult> SendAsync(ChatMessage message, DeliveryStep step, PendingDelivery delivery, CancellationToken timeUp)
    {
        using var activity = NotifierTracing.StartSend(_destination.Name, delivery.EventId, delivery.TraceParent);
        var result = await SendWithRetriesAsync(message, step, step.CorrelationKeyOf(delivery), timeUp);
        activity?.SetTag("defectnotifier.outcome", result.Outcome.Word());
        activity?.SetTag("defectnotifier.reason", result.Reason.Word());
        if (result.Outcome is not (SendOutcome.Delivered or SendOutcome.NotSupported))
            activity?.SetStatus(ActivityStatusCode.Error, result.Reason.Word());
        return result;
    }

    private async Task<SendResult> SendWithRetriesAsync(
        ChatMessage message, DeliveryStep step, string correlationKey, CancellationToken timeUp)
    {
        try
        {
            return await _pipeline.Value.ExecuteAsync(
                static async (state, token) => await SendOnceAsync(state.Sender, state.message, state.step, state.correlationKey, token),
                (_destination.Sender, message, step, correlationKey),
                timeUp);
        }
        catch (BrokenCircuitException broken)
        {
            return new SendResult(SendOutcome.Wait, SendReason.CircuitOpen) { RetryAfter = broken.RetryAfter ?? _breakDuration };
        }
        catch (TimeoutRejectedException late)
        {
            var detail = $"no response within {late.Timeout.TotalSeconds:0.#} s";
            return new SendResult(SendOutcome.Ambiguous, SendReason.Timeout) { Detail = detail };
        }
        catch (OperationCanceledException) when (timeUp.IsCancellationRequested)
        {
            return new SendResult(SendOutcome.Ambiguous, SendReason.Interrupted);
        }
        // A sender that throws has a bug; whether the message was posted is unknown. The type's name contains no secret.
        catch (Exception error) when (error is not OutOfMemoryException)
        {
            var detail = error is SocketException socket ? socket.SocketErrorCode.ToString() : error.GetType().Name;
            return new SendResult(SendOutcome.Ambiguous, SendReason.ConnectionLost) { Detail = detail };
        }
    }

    private static ResiliencePipeline<SendResult> Build(TimeSpan timeout, TimeSpan breakDuration, TimeProvider time) =>
        new ResiliencePipelineBuilder<SendResult> { TimeProvider = time }
        .AddCircuitBreaker(new CircuitBreakerStrategyOptions<SendResult>
        {
            // Five failures within two minutes without a success. The lane's own backoff has reached 16 s by then.
            FailureRatio = 1,
            MinimumThroughput = 5,
            SamplingDuration = TimeSpan.FromMinutes(2),
            BreakDuration = breakDuration,
            // Failed connections do not count: another try costs nothing, and deliveries should continue as soon as the destination is
            // back.
            ShouldHandle = static arguments => ValueTask.FromResult(
                arguments.Outcome.Exception is TimeoutRejectedException
                || arguments.Outcome.Result is
                { Outcome: SendOutcome.Retry or SendOutcome.Ambiguous, Reason: not SendReason.ConnectFailed }),
        })
        .AddRetry(new RetryStrategyOptions<SendResult>
        {
            // Only a request that never left this machine may be repeated without a new attempt in the outbox.
            ShouldHandle = static arguments => ValueTask.FromResult(arguments.Outcome.Result?.Reason == SendReason.ConnectFailed),
            MaxRetryAttempts = 2,
            Delay = TimeSpan.FromMilliseconds(200),
            BackoffType = DelayBackoffType.Exponential,
        })
        .AddTimeout(new TimeoutStrategyOptions { Timeout = timeout })
        .Build();

    private static Task<SendResult> SendOnceAsync(
        IMessageSender sender, ChatMessage message, DeliveryStep step, string correlationKey, CancellationToken token) => step switch
        {
            { Kind: SendStep.Update, Target: { } target } => ((IThreadedSender)sender).UpdateAsync(message, target, token),
            { Kind: SendStep.Reply, Target: { } target } =>
                ((IThreadedSender)sender).ReplyAsync(message, target, step.IsBroadcast, correlationKey, token),
            _ => sender.SendAsync(message, correlationKey, token),
        };
}
