using DefectNotifier.FunctionalTests.Harness;

namespace DefectNotifier.FunctionalTests;

/// <summary>A destination that will never work as it is, and a message that never will.</summary>
public sealed class MisconfiguredChatTests
{
    private static readonly Dictionary<ChatKind, (ChatAnswer Answer, string Reason, string Key)> Faults = new()
    {
        [ChatKind.SlackWebhook] = (new ChatAnswer(404, "no_service"), "hook-gone", "Url"),
        [ChatKind.SlackBot] = (new ChatAnswer(200, """{"ok":false,"error":"token_revoked"}"""), "bad-credentials", "Token"),
        [ChatKind.Teams] = (new ChatAnswer(400, """{"error":{"code":"WorkflowTriggerIsNotEnabled","message":"The flow is off."}}"""), "flow-disabled", "Url"),
    };

    [Theory]
    [InlineData(ChatKind.SlackWebhook)]
    [InlineData(ChatKind.SlackBot)]
    [InlineData(ChatKind.Teams)]
    public async Task Send_DestinationIsGone_ParksItsLaneAloneUntilTheSettingsAreMended(ChatKind kind)
    {
        var (answer, reason, key) = Faults[kind];
        using var folder = new TestFolder();
        using var chat = ChatServer.Start();
        chat.Script.Always("gone", answer);
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
            Assert.Contains("gone is parked", worker.Output.All, StringComparison.Ordinal);
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

    [Theory]
    [InlineData(ChatKind.SlackWebhook, 400, "invalid_blocks")]
    [InlineData(ChatKind.SlackBot, 200, """{"ok":false,"error":"invalid_blocks"}""")]
    [InlineData(ChatKind.Teams, 400, """{"error":{"code":"TriggerInputSchemaMismatch","message":"no"}}""")]
    public async Task Send_MessageIsRefused_BecomesADeadLetterAndTheLaneGoesOn(ChatKind kind, int status, string body)
    {
        using var folder = new TestFolder();
        using var chat = ChatServer.Start();
        // Each is asked once more, for the words alone.
        chat.Script.Next("web", new ChatAnswer(status, body), new ChatAnswer(status, body));
        await using var worker = await WorkerProcess.ServeAsync(new WorkerSettings(folder).Destination("web", chat, kind).Route("web"));

        var reply = await worker.Ingress.PostAsync(Webhooks.Created(1));
        await worker.Ingress.AcceptsAsync([2, 3]);
        await worker.Operations.DrainedAsync();

        Assert.Equal([1, 1, 2, 3], chat.CallsTo("web").Select(call => call.Marker));
        Assert.Equal(reply.Id, (string?)Assert.Single((await worker.Operations.JsonAsync("/events?outcome=dead")).AsArray())!["id"]);
        var delivery = await worker.Operations.DeliveryAsync(reply.Id!, "web");
        Assert.Equal(("dead", "invalid-message"), ((string?)delivery["state"], (string?)delivery["reason"]));
        Assert.Contains("is a dead letter (invalid-message", worker.Output.All, StringComparison.Ordinal);
        Assert.Equal(1, await worker.Operations.MetricAsync("defectnotifier_deliveries_total", "fate=\"refused\"", "reason=\"invalid-message\""));
        Assert.Contains("\"ready\"", (await worker.Operations.GetAsync("/health/ready")).Body, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(ChatKind.SlackWebhook, 400, "invalid_blocks", "sent as plain text")]
    [InlineData(ChatKind.SlackBot, 200, """{"ok":false,"error":"invalid_blocks"}""", "sent as plain text")]
    [InlineData(ChatKind.Teams, 413, "", "sent as a plain card")]
    public async Task Send_BlocksAreRefused_TheChannelStillLearnsOfTheDefect(ChatKind kind, int status, string body, string told)
    {
        using var folder = new TestFolder();
        using var chat = ChatServer.Start();
        chat.Script.Next("web", new ChatAnswer(status, body));
        await using var worker = await WorkerProcess.ServeAsync(new WorkerSettings(folder).Destination("web", chat, kind).Route("web"));

        var reply = await worker.Ingress.PostAsync(Webhooks.Created(1));
        await worker.Operations.DrainedAsync();

        Assert.Equal([1], chat.PostedTo("web").Select(call => call.Marker));
        var delivery = await worker.Operations.DeliveryAsync(reply.Id!, "web");
        Assert.Equal("delivered", (string?)delivery["state"]);
        Assert.Contains(told, (string?)delivery["detail"], StringComparison.Ordinal);
    }
}
