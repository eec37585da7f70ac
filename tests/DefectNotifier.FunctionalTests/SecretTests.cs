using DefectNotifier.FunctionalTests.Harness;

using DefectNotifier.Testing;

namespace DefectNotifier.FunctionalTests;

/// <summary>Chats that tell everything they were told: none of it may be seen.</summary>
public sealed class SecretTests
{
    [Theory]
    [InlineData(ChatKind.SlackWebhook)]
    [InlineData(ChatKind.SlackBot)]
    [InlineData(ChatKind.Teams)]
    public async Task Send_ChatEchoesSecrets_TheyAreSeenNowhere(ChatKind kind)
    {
        const string Echo = """{"ok":false,"error":"{tail} {authorization}","error_description":"{url}","response_metadata":{"messages":["{authorization} {url}"]}}""";
        const string TeamsEcho = """{"error":{"code":"{tail}","message":"{url}"}}""";
        using var folder = new TestFolder();
        using var chat = ChatServer.Start();
        chat.Script.Next(
            "web",
            new ChatAnswer(200, "{url} {authorization}") { IsPosted = kind == ChatKind.Teams },
            new ChatAnswer(400, kind == ChatKind.Teams ? TeamsEcho : Echo),
            new ChatAnswer(500, "<html>{url} {authorization}</html>"),
            new ChatAnswer(429, Echo) { RetryAfter = 1 },
            ChatAnswer.Dropped,
            new ChatAnswer(302, "{url}"));
        var settings = new WorkerSettings(folder).Destination("web", chat, kind).Route("web")
            .Set("Delivery:FirstRetry", "00:00:00.050").Set("Delivery:LongestRetry", "00:00:00.100").Set("Logging:LogLevel:Default", "Trace");
        await using var worker = await WorkerProcess.ServeAsync(settings);

        var replies = new List<WebhookReply>();
        for (var number = 1; number <= 4; number++) replies.Add(await worker.Ingress.PostAsync(Webhooks.Created(number)));
        await worker.Operations.LaneIsAsync("web", "parked", "bad-address");

        Assert.Equal(6, chat.CallsTo("web").Count);
        await NothingShowsAsync(worker, replies);
    }

    [Fact]
    public async Task Send_ChatIsDown_ItsAddressIsSeenNowhere()
    {
        using var folder = new TestFolder();
        using var chat = ChatServer.Down();
        var settings = new WorkerSettings(folder).Set("Logging:LogLevel:Default", "Trace")
            .Destination("hook", chat, ChatKind.SlackWebhook).Destination("bot", chat, ChatKind.SlackBot).Destination("teams", chat, ChatKind.Teams)
            .Route("hook").Route("bot").Route("teams").Set("Routes:0:Continue", true).Set("Routes:1:Continue", true);
        await using var worker = await WorkerProcess.ServeAsync(settings);

        var reply = await worker.Ingress.PostAsync(Webhooks.Created(1));
        foreach (var destination in (string[])["hook", "bot", "teams"]) await worker.Operations.LaneIsAsync(destination, "waiting", "connect-failed");

        await NothingShowsAsync(worker, [reply]);
    }

    private static async Task NothingShowsAsync(WorkerProcess worker, IEnumerable<WebhookReply> replies)
    {
        string[] paths = ["/metrics", "/health/ready", "/events", .. replies.Select(reply => "/events/" + reply.Id)];
        foreach (var path in paths)
        {
            var (_, body) = await worker.Operations.GetAsync(path);
            TestSecrets.AreNotIn(body, path);
        }

        worker.Terminate();
        Assert.Equal(0, await worker.ExitAsync(Eventually.Deadline));
        TestSecrets.AreNotIn(worker.Output.All, "The output");
    }
}
