using DefectNotifier.FunctionalTests.Harness;
using DefectNotifier.Worker.Commands;

namespace DefectNotifier.FunctionalTests;

/// <summary>A destination that will never work as it is.</summary>
public sealed class MisconfiguredChatTests
{
    private static readonly Dictionary<ChatKind, (ChatResponse Response, string Reason, string Key)> Errors = new()
    {
        [ChatKind.SlackWebhook] = (new ChatResponse(404, "no_service"), "hook-gone", "Url"),
        [ChatKind.SlackBot] = (new ChatResponse(200, """{"ok":false,"error":"token_revoked"}"""), "bad-credentials", "Token"),
        [ChatKind.Teams] = (new ChatResponse(400, """{"error":{"code":"WorkflowTriggerIsNotEnabled","message":"The flow is off."}}"""), "flow-disabled", "Url"),
    };

    [Theory]
    [InlineData(ChatKind.SlackWebhook)]
    [InlineData(ChatKind.SlackBot)]
    [InlineData(ChatKind.Teams)]
    public async Task Send_DestinationIsGone_ParksItsLaneAloneUntilTheSettingsAreMended(ChatKind kind)
    {
        var (response, reason, key) = Errors[kind];
        using var folder = new TestFolder();
        using var chat = ChatServer.Start();
        chat.Script.Always("gone", response);
        var settings = new WorkerSettings(folder).Destination("gone", chat, kind).Destination("well", chat, ChatKind.SlackWebhook).Route("gone", "GONE").Route("well");
        WebhookReply reply;
        await using (var worker = await WorkerProcess.ServeAsync(settings))
        {
            reply = await worker.Ingress.PostAsync(Webhooks.Created(1, "GONE"));
            await worker.Operations.LaneIsAsync("gone", "parked", reason);
            await worker.Ingress.AcceptsAsync([2, 3], "GONE");
            await worker.Ingress.AcceptsAsync(Enumerable.Range(11, 5));
            await chat.PostedAsync("well", 5);
            var (status, ready) = await worker.Operations.GetAsync("/health/ready");
            Assert.Equal(200, status);
            Assert.Contains("\"degraded\"", ready, StringComparison.Ordinal);
            Assert.Equal(3, (int)(await worker.Operations.LaneAsync("gone"))["waiting"]!);
            Assert.Equal("pending", (string?)(await worker.Operations.DeliveryAsync(reply.Id!, "gone"))["state"]);
            await worker.Output.SaysAsync("gone is parked");
            Assert.Single(chat.CallsTo("gone"));
            await worker.KillAsync();
        }

        chat.Script.Recover("gone");
        settings.Set($"Destinations:gone:{key}", key == "Token" ? "xoxb-3333333333-mended" : chat.AddressOf("gone", kind) + "Mended");
        await using var restarted = await WorkerProcess.ServeAsync(settings);
        await restarted.Operations.DrainedAsync();

        Assert.Equal([1, 2, 3], chat.PostedTo("gone").Select(call => call.Marker));
        Assert.Equal([11, 12, 13, 14, 15], chat.PostedTo("well").Select(call => call.Marker));
        await restarted.Operations.LaneIsAsync("gone", "running");
    }
}
