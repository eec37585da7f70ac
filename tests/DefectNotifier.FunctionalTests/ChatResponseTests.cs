using DefectNotifier.FunctionalTests.Harness;

namespace DefectNotifier.FunctionalTests;

/// <summary>Responses that the lane handles by itself. Each test has a destination of its own.</summary>
public sealed class ChatResponseTests(SteadyWorker steady)
{
    private ChatServer Chat => steady.Chat;

    private WorkerProcess Worker => steady.Worker;

    [Theory]
    [InlineData(ChatKind.SlackWebhook, 400, "invalid_blocks")]
    [InlineData(ChatKind.SlackBot, 200, """{"ok":false,"error":"invalid_blocks"}""")]
    [InlineData(ChatKind.Teams, 400, """{"error":{"code":"TriggerInputSchemaMismatch","message":"no"}}""")]
    public async Task Send_MessageIsRejected_BecomesADeadLetterAndTheLaneGoesOn(ChatKind kind, int status, string body)
    {
        var name = steady.Destination(kind);
        // Each is sent once more, as plain text.
        Chat.Script.Next(name, new ChatResponse(status, body), new ChatResponse(status, body));

        var reply = await Worker.Ingress.PostAsync(Webhooks.Created(1, name));
        await Worker.Ingress.AcceptsAsync([2, 3], name);
        await Worker.Operations.DrainedAsync(name);

        Assert.Equal([1, 1, 2, 3], Chat.CallsTo(name).Select(call => call.Marker));
        Assert.Single(await Worker.Operations.EventsAsync("state=dead"), stored => (string?)stored!["id"] == reply.Id);
        var delivery = await Worker.Operations.DeliveryAsync(reply.Id!, name);
        Assert.Equal(("dead", "invalid-message"), ((string?)delivery["state"], (string?)delivery["reason"]));
        await Worker.Output.SaysAsync($"{name}: event {reply.Id} is a dead letter (invalid-message");
        Assert.Equal(
            1,
            await Worker.Operations.MetricAsync(
                "defectnotifier_deliveries_total", $"destination=\"{name}\"", "outcome=\"dead\"", "reason=\"invalid-message\""));
        Assert.Contains("\"ready\"", (await Worker.Operations.GetAsync("/health/ready")).Body, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(ChatKind.SlackWebhook, 400, "invalid_blocks", "sent as plain text")]
    [InlineData(ChatKind.SlackBot, 200, """{"ok":false,"error":"invalid_blocks"}""", "sent as plain text")]
    [InlineData(ChatKind.Teams, 413, "", "sent as a plain card")]
    public async Task Send_BlocksAreRejected_IsSentAsPlainText(ChatKind kind, int status, string body, string detail)
    {
        var name = steady.Destination(kind);
        Chat.Script.Next(name, new ChatResponse(status, body));

        var reply = await Worker.Ingress.PostAsync(Webhooks.Created(1, name));
        await Worker.Operations.DrainedAsync(name);

        Assert.Equal([1], Chat.PostedTo(name).Select(call => call.Marker));
        var delivery = await Worker.Operations.DeliveryAsync(reply.Id!, name);
        Assert.Equal("delivered", (string?)delivery["state"]);
        Assert.Contains(detail, (string?)Assert.Single(delivery["history"]!.AsArray())!["detail"], StringComparison.Ordinal);
        // The address of the defect, in the form that the platform shows.
        var link = kind == ChatKind.Teams ? "{\"type\":\"Action.OpenUrl\",\"url\":\"https://" : "<https://";
        var posted = Assert.Single(Chat.PostedTo(name)).Body;
        Assert.Contains(link, posted, StringComparison.Ordinal);
        Assert.Contains("Open in Qase", posted, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(ChatKind.SlackWebhook, 429)]
    [InlineData(ChatKind.SlackBot, 429)]
    [InlineData(ChatKind.SlackBot, 200)]
    [InlineData(ChatKind.Teams, 429)]
    public async Task Send_RetryAfter_WaitsAndLosesNothing(ChatKind kind, int status)
    {
        var name = steady.Destination(kind);
        Chat.Script.Next(name, ChatResponse.Good(kind), ChatResponse.TooMany(kind, 2) with { Status = status });

        await Worker.Ingress.AcceptsAsync(Enumerable.Range(1, 4), name);
        await Worker.Operations.DrainedAsync(name);

        var calls = Chat.CallsTo(name);
        Assert.Equal([1, 2, 2, 3, 4], calls.Select(call => call.Marker));
        Assert.True(calls[2].ArrivedAt - calls[1].AnsweredAt >= TimeSpan.FromSeconds(2), Chat.Ledger.ToString());
        // A rate-limited request was not posted, so its message is no repeat.
        Assert.DoesNotContain(calls, call => call.MayBeRepeat);
    }

    [Fact]
    public async Task Send_RetryAfter_IsAnAttemptInEveryView()
    {
        var name = steady.Destination(ChatKind.Teams);
        Chat.Script.Next(name, ChatResponse.TooMany(ChatKind.Teams, 1));

        var reply = await Worker.Ingress.PostAsync(Webhooks.Created(1, name));
        await Worker.Operations.DrainedAsync(name);

        var delivery = await Worker.Operations.DeliveryAsync(reply.Id!, name);
        Assert.Equal(["wait rate-limited", "delivered ok"], OperationsClient.HistoryOf(delivery));
        Assert.Equal(2, (int)delivery["attempts"]!);
        var listed = await Worker.Operations.JsonAsync($"/deliveries/{delivery["id"]}");
        Assert.Equal(2, (int)listed["delivery"]!["attempts"]!);
        Assert.Equal(
            1,
            await Worker.Operations.MetricAsync("defectnotifier_deliveries_total", $"destination=\"{name}\"", "reason=\"rate-limited\""));
    }

    [Theory]
    [InlineData(ChatKind.SlackWebhook)]
    [InlineData(ChatKind.SlackBot)]
    [InlineData(ChatKind.Teams)]
    public async Task Send_SeveralFailures_PostsEveryMessageOnceInOrder(ChatKind kind)
    {
        var name = steady.Destination(kind);
        var good = ChatResponse.Good(kind);
        Chat.Script.Next(
            name,
            [
                good, new ChatResponse(500), new ChatResponse(503), ChatResponse.Dropped,
                good, ChatResponse.Dropped, new ChatResponse(500), good,
            ]);

        await Worker.Ingress.AcceptsAsync(Enumerable.Range(1, 6), name);
        await Worker.Operations.DrainedAsync(name);

        Assert.Equal([1, 2, 2, 2, 2, 3, 3, 3, 4, 5, 6], Chat.CallsTo(name).Select(call => call.Marker));
        Assert.Equal(Enumerable.Range(1, 6), Chat.PostedTo(name).Select(call => call.Marker));
        // After a lost response the message may have been posted, so its repeat says so. A message without a failure does not.
        Assert.Equal([false, true, true, false, false, false], Chat.PostedTo(name).Select(call => call.MayBeRepeat));
    }
}
