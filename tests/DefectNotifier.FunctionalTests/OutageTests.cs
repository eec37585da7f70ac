using DefectNotifier.FunctionalTests.Harness;

namespace DefectNotifier.FunctionalTests;

/// <summary>The chat is down, does not respond, or fails repeatedly.</summary>
public sealed class OutageTests(SteadyWorker steady)
{
    [Fact]
    public async Task Send_ChatIsDown_EverythingArrivesInOrderWhenItIsBack()
    {
        using var folder = new TestFolder();
        using var chat = ChatServer.Down();
        var settings = new WorkerSettings(folder).Destination("web", chat, ChatKind.SlackBot).Route("web").Set("Delivery:MaxBackoff", "1s");
        await using var worker = await WorkerProcess.ServeAsync(settings);

        await worker.Ingress.AcceptsAsync(Enumerable.Range(1, 100));
        await worker.Operations.LaneIsAsync("web", "waiting", "connect-failed");
        Assert.Equal(100, (int)(await worker.Operations.LaneAsync("web"))["waiting"]!);
        Assert.Equal(100, await worker.Operations.MetricAsync("defectnotifier_waiting", "destination=\"web\""));
        chat.Open();
        await worker.Operations.DrainedAsync();

        Assert.Equal(Enumerable.Range(1, 100), chat.CallsTo("web").Select(call => call.Marker));
        Assert.DoesNotContain(chat.CallsTo("web"), call => call.MayBeRepeat);
    }

    [Fact]
    public async Task Send_FiveFailuresInARow_OpensTheCircuitForTheBreakDuration()
    {
        var name = steady.Destination(ChatKind.Teams);
        steady.Chat.Script.Next(name, [.. Enumerable.Repeat(new ChatResponse(503), 5)]);

        var reply = await steady.Worker.Ingress.PostAsync(Webhooks.Created(1, name));
        await steady.Worker.Ingress.AcceptsAsync([2, 3], name);
        await steady.Worker.Operations.DrainedAsync(name);

        var calls = steady.Chat.CallsTo(name);
        Assert.Equal([1, 1, 1, 1, 1, 1, 2, 3], calls.Select(call => call.Marker));
        Assert.True(calls[5].ArrivedAt - calls[4].AnsweredAt >= WorkerSettings.BreakDuration, steady.Chat.Ledger.ToString());
        Assert.Equal(
            [.. Enumerable.Repeat("retry service-unavailable", 5), "wait circuit-open", "delivered ok"],
            await steady.Worker.Operations.HistoryAsync(reply.Id!, name));
    }

    [Fact]
    public async Task Send_DestinationInOtherCaseAfterARestart_StillGetsItsPendingDeliveries()
    {
        using var folder = new TestFolder();
        using var chat = ChatServer.Down();
        var settings = new WorkerSettings(folder).Destination("web", chat, ChatKind.SlackWebhook).Route("web")
            .Set("Delivery:MaxBackoff", "1s");
        await using (var worker = await WorkerProcess.ServeAsync(settings))
            await worker.Ingress.AcceptsAsync([1]);

        chat.Open();
        settings.Environment["DESTINATIONS__WEB__TIMEOUT"] = "10s";
        await using var restarted = await WorkerProcess.ServeAsync(settings);

        await chat.PostedAsync("web", 1);
    }

    [Fact]
    public async Task Send_OneChatDoesNotRespond_TheOthersContinue()
    {
        var (hanging, healthy) = (steady.Destination(ChatKind.SlackWebhook), steady.Destination(ChatKind.Teams));
        var answer = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        steady.Chat.Script.Next(hanging, ChatResponse.Good(ChatKind.SlackWebhook) with { Until = answer.Task });

        await steady.Worker.Ingress.AcceptsAsync([1], hanging);
        await steady.Chat.CallsAsync(hanging, 1);
        await steady.Worker.Ingress.AcceptsAsync(Enumerable.Range(2, 10), healthy);
        await steady.Chat.PostedAsync(healthy, 10);

        Assert.Equal(Enumerable.Range(2, 10), steady.Chat.PostedTo(healthy).Select(call => call.Marker));
        Assert.Equal(1, (int)(await steady.Worker.Operations.LaneAsync(hanging))["waiting"]!);
        answer.SetResult();
    }

    [Fact]
    public async Task Send_NoResponseWithinTheTimeout_IsSentAgainAsAPossibleRepeat()
    {
        using var folder = new TestFolder();
        using var chat = ChatServer.Start();
        chat.Script.Next("web", ChatResponse.Withheld);
        var settings = new WorkerSettings(folder).Destination("web", chat, ChatKind.SlackWebhook).Route("web")
            .Set("Destinations:web:Timeout", "4s");
        await using var worker = await WorkerProcess.ServeAsync(settings);

        var reply = await worker.Ingress.PostAsync(Webhooks.Created(1));
        await worker.Operations.DrainedAsync();

        Assert.Equal([false, true], chat.CallsTo("web").Select(call => call.MayBeRepeat));
        Assert.Equal(["ambiguous timeout", "delivered ok"], await worker.Operations.HistoryAsync(reply.Id!, "web"));
    }
}
