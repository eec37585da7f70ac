using DefectNotifier.Delivery.Outcomes;
using DefectNotifier.Delivery.Sending;
using DefectNotifier.Outbox.Contract;
using DefectNotifier.Rendering.Document;
using DefectNotifier.Rendering.Values;
using DefectNotifier.Testing;

namespace DefectNotifier.Tests.Delivery;

public sealed class SendPipelineTests
{
    private static readonly TimeSpan BreakDuration = TimeSpan.FromSeconds(7);
    private static readonly TimeSpan SendTimeout = TimeSpan.FromSeconds(15);

    private static readonly SendResult ConnectFailed = new(SendOutcome.Retry, SendReason.ConnectFailed);
    private static readonly SendResult ServerError = new(SendOutcome.Ambiguous, SendReason.ServerError);
    private static readonly ChatMessage Message = new(ChatPlatform.Slack, "{}"u8.ToArray());

    private static readonly PendingDelivery Delivery = new()
    {
        Id = 1,
        EventId = "event-1",
        EventName = "defect.created",
        Destination = "web-qa",
        MayBeRepeat = false,
        ReceivedAt = Some.Moment,
        Source = "",
        Body = default,
    };

    private readonly JumpingTime _time = new(Some.Moment) { RequestTimeout = SendTimeout };
    private readonly ScriptedSender _sender;

    public SendPipelineTests() => _sender = new ScriptedSender(_time);

    [Fact]
    public async Task SendAsync_ConnectionErrors_TriesThreeTimes()
    {
        _sender.Then(ConnectFailed, times: 2);

        var result = await EndedAsync(Pipeline().SendAsync(Message, DeliveryStep.Plain, Delivery, CancellationToken.None));

        Assert.Equal(SendOutcome.Delivered, result.Outcome);
        Assert.Equal(3, _sender.Sent.Count);
        Assert.True(_time.GetUtcNow() - Some.Moment >= TimeSpan.FromMilliseconds(600));
    }

    [Fact]
    public async Task SendAsync_AnyOtherFailure_IsNotRetried()
    {
        _sender.Then(ServerError);

        Assert.Same(ServerError, await Pipeline().SendAsync(Message, DeliveryStep.Plain, Delivery, CancellationToken.None));
        Assert.Single(_sender.Sent);
    }

    [Fact]
    public async Task SendAsync_NoResponseInTime_IsAmbiguous()
    {
        _sender.ThenHang();

        var result = await EndedAsync(Pipeline().SendAsync(Message, DeliveryStep.Plain, Delivery, CancellationToken.None));

        Assert.Equal(
            (SendOutcome.Ambiguous, SendReason.Timeout, "no response within 15 s"), (result.Outcome, result.Reason, result.Detail));
    }

    [Fact]
    public async Task SendAsync_TimeUp_IsInterrupted()
    {
        using var timeUp = new CancellationTokenSource();
        _sender.Then(async token =>
        {
            await timeUp.CancelAsync();
            token.ThrowIfCancellationRequested();
            return SendResult.Delivered();
        });

        var result = await Pipeline().SendAsync(Message, DeliveryStep.Plain, Delivery, timeUp.Token);

        Assert.Equal((SendOutcome.Ambiguous, SendReason.Interrupted), (result.Outcome, result.Reason));
    }

    [Fact]
    public async Task SendAsync_SenderThrows_IsAmbiguousAndHidesTheMessage()
    {
        _sender.Then(_ => throw new InvalidOperationException("https://hooks.slack.com/services/secret"));

        var result = await Pipeline().SendAsync(Message, DeliveryStep.Plain, Delivery, CancellationToken.None);

        Assert.Equal((SendOutcome.Ambiguous, "InvalidOperationException"), (result.Outcome, result.Detail));
    }

    [Fact]
    public async Task SendAsync_FiveConsecutiveFailures_OpensTheCircuitForThirtySeconds()
    {
        var pipeline = Pipeline();
        _sender.Then(ServerError, times: 5);
        for (var i = 0; i < 5; i++) await pipeline.SendAsync(Message, DeliveryStep.Plain, Delivery, CancellationToken.None);

        var open = await pipeline.SendAsync(Message, DeliveryStep.Plain, Delivery, CancellationToken.None);
        _time.Advance(open.RetryAfter!.Value);
        var closed = await pipeline.SendAsync(Message, DeliveryStep.Plain, Delivery, CancellationToken.None);

        Assert.Equal((SendOutcome.Wait, SendReason.CircuitOpen, BreakDuration), (open.Outcome, open.Reason, open.RetryAfter));
        Assert.Equal(SendOutcome.Delivered, closed.Outcome);
        Assert.Equal(6, _sender.Sent.Count);
    }

    private SendPipeline Pipeline() => new(
        new Destination
        {
            Name = "web-qa",
            Platform = ChatPlatform.Slack,
            Timeout = SendTimeout,
            Sender = _sender,
            SettingsDigest = "",
        },
        BreakDuration,
        _time);

    private async Task<SendResult> EndedAsync(Task<SendResult> sending)
    {
        await _time.UntilAsync(() => sending.IsCompleted, () => "the end of the send");
        return await sending;
    }
}
