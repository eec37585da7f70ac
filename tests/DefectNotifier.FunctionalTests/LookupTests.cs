using DefectNotifier.FunctionalTests.Harness;
using DefectNotifier.Worker.Commands;

namespace DefectNotifier.FunctionalTests;

/// <summary>A Slack bot's message whose answer was lost, and which may be in the channel.</summary>
public sealed class LookupTests
{
    [Fact]
    public async Task Send_PostedAndTheAnswerLost_IsFoundAndNotSentAgain()
    {
        using var folder = new TestFolder();
        using var chat = ChatServer.Start();
        chat.ShowsHistory = true;
        chat.Script.Next("web", new ChatResponse(500) { IsPosted = true });
        await using var worker = await WorkerProcess.ServeAsync(SettingsOf(folder, chat));

        var reply = await worker.Ingress.PostAsync(Webhooks.Created(1));
        await worker.Ingress.AcceptsAsync([2]);
        await worker.Operations.DrainedAsync();

        Assert.Equal([1, 2], chat.CallsTo("web").Select(call => call.Marker));
        var delivery = await worker.Operations.DeliveryAsync(reply.Id!, "web");
        Assert.Equal(("delivered", "found"), ((string?)delivery["state"], (string?)delivery["reason"]));
    }

    [Fact]
    public async Task Send_NotPostedAndTheAnswerLost_IsSentAgainAsIfForTheFirstTime()
    {
        using var folder = new TestFolder();
        using var chat = ChatServer.Start();
        chat.ShowsHistory = true;
        chat.Script.Next("web", new ChatResponse(500));
        await using var worker = await WorkerProcess.ServeAsync(SettingsOf(folder, chat));

        await worker.Ingress.AcceptsAsync([1, 2]);
        await worker.Operations.DrainedAsync();

        Assert.Equal([(1, false), (1, false), (2, false)], chat.CallsTo("web").Select(call => (call.Marker, call.MayBeRepeat)));
    }

    [Fact]
    public async Task Send_AnswerLostAndTheScopeMissing_IsSentAgainAndSaysSo()
    {
        using var folder = new TestFolder();
        using var chat = ChatServer.Start();
        chat.Script.Next("web", new ChatResponse(500) { IsPosted = true });
        await using var worker = await WorkerProcess.ServeAsync(SettingsOf(folder, chat));

        await worker.Ingress.AcceptsAsync([1, 2]);
        await worker.Operations.DrainedAsync();

        Assert.Equal([(1, false), (1, true), (2, false)], chat.PostedTo("web").Select(call => (call.Marker, call.MayBeRepeat)));
    }

    private static WorkerSettings SettingsOf(TestFolder folder, ChatServer chat) =>
        new WorkerSettings(folder).Destination("web", chat, ChatKind.SlackBot).Route("web")
            .Set("Delivery:ConfirmAfter", "00:00:00.050").Set("Delivery:InitialBackoff", "00:00:00.050");
}
