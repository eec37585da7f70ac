using DefectNotifier.FunctionalTests.Harness;

namespace DefectNotifier.FunctionalTests;

/// <summary>A Slack bot's message that may be in the channel, because its response was lost.</summary>
public sealed class LookupTests(SteadyWorker steady)
{
    private readonly string _name = steady.Destination(ChatKind.SlackBot);

    private ChatServer Chat => steady.Chat;

    private WorkerProcess Worker => steady.Worker;

    [Fact]
    public async Task Send_PostedAndTheResponseLost_IsFoundAndNotSentAgain()
    {
        Chat.ShowHistoryOf(_name);
        Chat.Script.Next(_name, new ChatResponse(500) { IsPosted = true });

        var reply = await Worker.Ingress.PostAsync(Webhooks.Created(1, _name));
        await Worker.Ingress.AcceptsAsync([2], _name);
        await Worker.Operations.DrainedAsync(_name);

        Assert.Equal([1, 2], Chat.CallsTo(_name).Select(call => call.Marker));
        var delivery = await Worker.Operations.DeliveryAsync(reply.Id!, _name);
        Assert.Equal(("delivered", "found"), ((string?)delivery["state"], (string?)delivery["reason"]));
    }

    [Fact]
    public async Task Send_NotPostedAndTheResponseLost_IsSentAgainUnmarked()
    {
        Chat.ShowHistoryOf(_name);
        Chat.Script.Next(_name, new ChatResponse(500));

        await Worker.Ingress.AcceptsAsync([1, 2], _name);
        await Worker.Operations.DrainedAsync(_name);

        Assert.Equal([(1, false), (1, false), (2, false)], Chat.CallsTo(_name).Select(call => (call.Marker, call.MayBeRepeat)));
    }

    [Fact]
    public async Task Send_ResponseLostAndTheScopeMissing_IsSentAgainAsAPossibleRepeat()
    {
        Chat.Script.Next(_name, new ChatResponse(500) { IsPosted = true });

        await Worker.Ingress.AcceptsAsync([1, 2], _name);
        await Worker.Operations.DrainedAsync(_name);

        Assert.Equal([(1, false), (1, true), (2, false)], Chat.PostedTo(_name).Select(call => (call.Marker, call.MayBeRepeat)));
    }
}
