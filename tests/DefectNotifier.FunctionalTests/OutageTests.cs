using DefectNotifier.FunctionalTests.Harness;
using DefectNotifier.Worker.Commands;

namespace DefectNotifier.FunctionalTests;

/// <summary>The chat is down, hangs, or fails again and again.</summary>
public sealed class OutageTests
{
    [Fact]
    public async Task Send_NobodyListens_EverythingArrivesInOrderOnceTheChatIsBack()
    {
        using var folder = new TestFolder();
        using var chat = ChatServer.Down();
        var settings = new WorkerSettings(folder).Destination("web", chat, ChatKind.SlackBot).Route("web").Set("Delivery:MaxBackoff", "2s");
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
    public async Task Send_FiveFailuresInARow_OpenTheCircuitAndGoOnWhenItCloses()
    {
        using var folder = new TestFolder();
        using var chat = ChatServer.Start();
        chat.Script.Next("web", [.. Enumerable.Repeat(new ChatResponse(503), 5)]);
        var settings = new WorkerSettings(folder).Destination("web", chat, ChatKind.Teams).Route("web")
            .Set("Delivery:InitialBackoff", "10ms").Set("Delivery:MaxBackoff", "10ms");
        await using var worker = await WorkerProcess.ServeAsync(settings);

        await worker.Ingress.AcceptsAsync(Enumerable.Range(1, 3));
        await worker.Operations.LaneIsAsync("web", "waiting", "circuit-open");
        Assert.Equal(5, chat.CallsTo("web").Count);
        await worker.Operations.DrainedAsync();

        Assert.Equal([1, 1, 1, 1, 1, 1, 2, 3], chat.CallsTo("web").Select(call => call.Marker));
    }

    [Fact]
    public async Task Send_DestinationSpelledOtherwiseAfterARestart_StillGetsWhatWaits()
    {
        using var folder = new TestFolder();
        using var chat = ChatServer.Down();
        var settings = new WorkerSettings(folder).Destination("web", chat, ChatKind.SlackWebhook).Route("web").Set("Delivery:MaxBackoff", "1s");
        await using (var worker = await WorkerProcess.ServeAsync(settings))
            await worker.Ingress.AcceptsAsync([1]);

        chat.Open();
        settings.Environment["DESTINATIONS__WEB__TIMEOUT"] = "10s";
        await using var restarted = await WorkerProcess.ServeAsync(settings);

        await chat.PostedAsync("web", 1);
    }

    [Fact]
    public async Task Send_OneChatHangs_TheOthersGoOn()
    {
        using var folder = new TestFolder();
        using var chat = ChatServer.Start();
        chat.Script.Always("stuck", ChatResponse.Withheld);
        var settings = new WorkerSettings(folder)
            .Destination("stuck", chat, ChatKind.SlackWebhook).Destination("well", chat, ChatKind.Teams).Route("stuck", "ST*").Route("well");
        await using var worker = await WorkerProcess.ServeAsync(settings);

        await worker.Ingress.AcceptsAsync([1], "STUCK");
        await chat.CallsAsync("stuck", 1);
        await worker.Ingress.AcceptsAsync(Enumerable.Range(2, 10));
        await chat.PostedAsync("well", 10);

        Assert.Equal(Enumerable.Range(2, 10), chat.PostedTo("well").Select(call => call.Marker));
        Assert.Equal(1, (int)(await worker.Operations.LaneAsync("stuck"))["waiting"]!);
    }

    [Fact]
    public async Task Send_AnswerLaterThanTheTimeout_IsSentAgainAsAPossibleRepeat()
    {
        using var folder = new TestFolder();
        using var chat = ChatServer.Start();
        chat.Script.Next("web", ChatResponse.Withheld);
        var settings = new WorkerSettings(folder).Destination("web", chat, ChatKind.SlackWebhook).Route("web")
            .Set("Destinations:web:Timeout", "4s").Set("Delivery:InitialBackoff", "00:00:00.050");
        await using var worker = await WorkerProcess.ServeAsync(settings);

        var reply = await worker.Ingress.PostAsync(Webhooks.Created(1));
        await worker.Operations.DrainedAsync();

        Assert.Equal([false, true], chat.CallsTo("web").Select(call => call.MayBeRepeat));
        var delivery = await worker.Operations.DeliveryAsync(reply.Id!, "web");
        Assert.Equal(["ambiguous timeout", "delivered ok"], delivery["history"]!.AsArray().Select(attempt => $"{attempt!["outcome"]} {attempt["reason"]}"));
    }
}
