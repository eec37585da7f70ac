using System.Net.Sockets;
using DefectNotifier.Outbox.Contract;
using DefectNotifier.Rendering;
using Polly;
using Polly.CircuitBreaker;
using Polly.Retry;
using Polly.Timeout;

namespace DefectNotifier.Delivery;

/// <summary>
/// One destination's Polly pipeline, outside in: circuit breaker, short retry of connection errors, attempt timeout. Whatever takes longer
/// than a few seconds is no business of memory: it becomes a due time in the outbox.
/// </summary>
internal sealed class SendPipeline
{
    // Made for the first send: Polly looks its options over by reflection, and of a thousand lanes few have something to send at a start.
    private readonly Lazy<ResiliencePipeline<SendResult>> _pipeline;
    private readonly IMessageSender _sender;

    /// <param name="destination">Where to.</param>
    /// <param name="time">A clock that does not jump: an open circuit must neither stay open nor close because somebody set the wall clock.</param>
    public SendPipeline(Destination destination, TimeProvider time)
    {
        _sender = destination.Sender;
        _pipeline = new Lazy<ResiliencePipeline<SendResult>>(() => Build(destination.Timeout, time));
    }

    /// <summary>Sends once (connection errors up to three times). Never throws: being cut off by <paramref name="timeUp"/> is a result too.</summary>
    /// <param name="message">The message.</param>
    /// <param name="step">How it goes.</param>
    /// <param name="correlationKey">Names this send and no other.</param>
    /// <param name="timeUp">Cuts it off.</param>
    public async Task<SendResult> SendAsync(ChatMessage message, DeliveryStep step, string correlationKey, CancellationToken timeUp)
    {
        try
        {
            return await _pipeline.Value.ExecuteAsync(
                static async (state, token) => await SendOnceAsync(state._sender, state.message, state.step, state.correlationKey, token), (_sender, message, step, correlationKey), timeUp);
        }
        catch (BrokenCircuitException broken)
        {
            return new SendResult(SendOutcome.Wait, SendReason.CircuitOpen) { RetryAfter = broken.RetryAfter ?? TimeSpan.FromSeconds(30) };
        }
        catch (TimeoutRejectedException late)
        {
            return new SendResult(SendOutcome.Ambiguous, SendReason.Timeout) { Detail = $"no response within {late.Timeout.TotalSeconds:0.#} s" };
        }
        catch (OperationCanceledException) when (timeUp.IsCancellationRequested)
        {
            return new SendResult(SendOutcome.Ambiguous, SendReason.Interrupted);
        }
        // A sender that throws has a bug; whether it had posted is unknown. The type's name tells enough and holds no secret.
        catch (Exception error) when (error is not OutOfMemoryException)
        {
            return new SendResult(SendOutcome.Ambiguous, SendReason.ConnectionLost) { Detail = error is SocketException socket ? socket.SocketErrorCode.ToString() : error.GetType().Name };
        }
    }

    private static ResiliencePipeline<SendResult> Build(TimeSpan timeout, TimeProvider time) => new ResiliencePipelineBuilder<SendResult> { TimeProvider = time }
        .AddCircuitBreaker(new CircuitBreakerStrategyOptions<SendResult>
        {
            // Five failures within two minutes, none good in between. The lane's own backoff has reached 16 s by then.
            FailureRatio = 1,
            MinimumThroughput = 5,
            SamplingDuration = TimeSpan.FromMinutes(2),
            BreakDuration = TimeSpan.FromSeconds(30),
            // Not a destination that can't be reached: asking again costs nobody anything, and it should go on at once when it is back.
            ShouldHandle = static arguments => ValueTask.FromResult(
                arguments.Outcome.Result is { Outcome: SendOutcome.Retry or SendOutcome.Ambiguous, Reason: not SendReason.ConnectFailed } || arguments.Outcome.Exception is TimeoutRejectedException),
        })
        .AddRetry(new RetryStrategyOptions<SendResult>
        {
            // Only what never left this machine may be tried again without asking the outbox.
            ShouldHandle = static arguments => ValueTask.FromResult(arguments.Outcome.Result?.Reason == SendReason.ConnectFailed),
            MaxRetryAttempts = 2,
            Delay = TimeSpan.FromMilliseconds(200),
            BackoffType = DelayBackoffType.Exponential,
        })
        .AddTimeout(new TimeoutStrategyOptions { Timeout = timeout })
        .Build();

    private static Task<SendResult> SendOnceAsync(IMessageSender sender, ChatMessage message, DeliveryStep step, string correlationKey, CancellationToken token) => step switch
    {
        { Kind: SendStep.Update, MessageThread.Root: { } root } => ((IThreadedSender)sender).UpdateAsync(message, root, token),
        { Kind: SendStep.Reply, MessageThread.Root: { } root } => ((IThreadedSender)sender).ReplyAsync(message, root, step.IsBroadcast, correlationKey, token),
        _ => sender.SendAsync(message, correlationKey, token),
    };
}
