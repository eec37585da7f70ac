using DefectNotifier.FunctionalTests.Harness;

namespace DefectNotifier.FunctionalTests;

/// <summary>Notices about problems with one destination, sent to another one.</summary>
public sealed class NoticeTests
{
    [Fact]
    public async Task Park_AlertToIsSet_SendsOneNoticeWithTheRemedyAndOneWhenItRunsAgain()
    {
        using var folder = new TestFolder();
        using var chat = ChatServer.Start();
        chat.Script.Always("web", new ChatResponse(404, "no_service"));
        var settings = new WorkerSettings(folder).Destination("web", chat, ChatKind.SlackWebhook).Destination("ops", chat, ChatKind.Teams)
            .Route("web").Set("Delivery:AlertTo", "ops").Set("Delivery:ParkedProbe", "00:00:01");
        await using var worker = await WorkerProcess.ServeAsync(settings);

        await worker.Ingress.AcceptsAsync([1, 2]);
        await chat.CallsAsync("web", 3);
        chat.Script.Recover("web");
        await chat.PostedAsync("ops", 2);
        await worker.Operations.DrainedAsync();

        var notices = chat.PostedTo("ops");
        Assert.Equal(2, notices.Count);
        Assert.Contains("web is parked", notices[0].Text, StringComparison.Ordinal);
        Assert.Contains("hook-gone", notices[0].Text, StringComparison.Ordinal);
        Assert.Contains("Create a new webhook or flow", notices[0].Text, StringComparison.Ordinal);
        Assert.Contains("web accepts messages again", notices[1].Text, StringComparison.Ordinal);
        Assert.Equal([1, 2], chat.PostedTo("web").Select(call => call.Marker));
        await worker.Output.SaysAsync("web is parked");
        Assert.Equal(1, worker.Output.All.Split("web is parked").Length - 1);
    }

    [Fact]
    public async Task Reject_RouteHasAFallback_NamesTheDefectThere()
    {
        using var folder = new TestFolder();
        using var chat = ChatServer.Start();
        chat.Script.Next("web", new ChatResponse(400, "invalid_payload"), new ChatResponse(400, "invalid_payload"));
        var settings = new WorkerSettings(folder).Destination("web", chat, ChatKind.SlackWebhook)
            .Destination("lobby", chat, ChatKind.SlackBot).Route("web").Set("Routes:0:Fallback", "lobby");
        await using var worker = await WorkerProcess.ServeAsync(settings);

        await worker.Ingress.AcceptsAsync([1, 2]);
        await chat.PostedAsync("lobby", 1);
        await worker.Operations.DrainedAsync();

        var notice = Assert.Single(chat.PostedTo("lobby"));
        Assert.Contains("web did not get a message", notice.Text, StringComparison.Ordinal);
        Assert.Contains("invalid-message", notice.Text, StringComparison.Ordinal);
        Assert.Contains("Marker 1 end", notice.Text, StringComparison.Ordinal);
        Assert.Equal([2], chat.PostedTo("web").Select(call => call.Marker));
    }

    [LongFact]
    public async Task Wait_LongerThanFallbackAfter_SendsOneNoticeAndArrivesLater()
    {
        using var folder = new TestFolder();
        using var chat = ChatServer.Start();
        chat.Script.Always("web", new ChatResponse(503));
        // The reason is in the notice only while the lane is waiting, so it waits most of the time.
        var settings = new WorkerSettings(folder).Destination("web", chat, ChatKind.Teams).Destination("lobby", chat, ChatKind.SlackWebhook)
            .Route("web").Set("Routes:0:Fallback", "lobby").Set("Routes:0:FallbackAfter", "3s")
            .Set("Delivery:InitialBackoff", "10s").Set("Delivery:MaxBackoff", "10s");
        await using var worker = await WorkerProcess.ServeAsync(settings);

        // Only one event: with several, the notice might be sent between two of them and count only some.
        await worker.Ingress.AcceptsAsync([2]);
        await chat.PostedAsync("lobby", 1);
        chat.Script.Recover("web");
        await worker.Operations.DrainedAsync();

        var notice = Assert.Single(chat.PostedTo("lobby"));
        Assert.Contains("1 message.", notice.Text, StringComparison.Ordinal);
        Assert.Contains("service-unavailable", notice.Text, StringComparison.Ordinal);
        Assert.Contains("Marker 2 end", notice.Text, StringComparison.Ordinal);
        Assert.Equal([2], chat.PostedTo("web").Select(call => call.Marker));
    }

    [Fact]
    public async Task Kill_WhileASendHangs_DestinationThatHolds_HoldsTheMessageAndSendsTheRest()
    {
        using var folder = new TestFolder();
        using var chat = ChatServer.Start();
        chat.Script.Next("web", ChatResponse.Withheld);
        var settings = new WorkerSettings(folder).Destination("web", chat, ChatKind.SlackWebhook).Route("web")
            .Set("Destinations:web:WhenUnsure", "hold");
        WebhookReply first;
        await using (var worker = await WorkerProcess.ServeAsync(settings))
        {
            first = await worker.Ingress.PostAsync(Webhooks.Created(1));
            await worker.Ingress.AcceptsAsync([2]);
            await chat.CallsAsync("web", 1);
            await worker.KillAsync();
        }

        await using var restarted = await WorkerProcess.ServeAsync(settings);
        await restarted.Operations.DrainedAsync();

        Assert.Equal([1, 2], chat.CallsTo("web").Select(call => call.Marker));
        var delivery = await restarted.Operations.DeliveryAsync(first.Id!, "web");
        Assert.Equal(("held", "unconfirmed"), ((string?)delivery["state"], (string?)delivery["reason"]));
    }
}
