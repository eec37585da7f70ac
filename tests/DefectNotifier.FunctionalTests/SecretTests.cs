using System.Diagnostics;
using System.Text;
using System.Text.Json.Nodes;
using DefectNotifier.FunctionalTests.Harness;
using DefectNotifier.Testing;

namespace DefectNotifier.FunctionalTests;

/// <summary>Chats that echo secrets in their responses: no output may show them.</summary>
public sealed class SecretTests
{
    /// <summary>All paths of the operations API; EVENT and DELIVERY are replaced by the id of each.</summary>
    private static readonly string[] Paths =
    [
        "/metrics", "/health/live", "/health/ready", "/events", "/events?state=dead", "/events?state=unrouted",
        "/events?state=nonsense", "/events/EVENT", "/events/nonsense", "/sandbox/messages", "/deliveries?state=all",
        "/deliveries/DELIVERY", "/deliveries/DELIVERY/message", "/openapi.json",
    ];

    private static readonly ChatKind[] Kinds = Enum.GetValues<ChatKind>();

    /// <summary>Not secret, but a text that contains one of them contains a destination's URL.</summary>
    private static readonly string[] AddressParts = ["/services/", "/workflows/", "/paths/invoke", "api-version="];

    [Fact]
    public async Task Send_AnyChatEchoesSecrets_TheyAppearNowhere()
    {
        const string Echo =
            """
            {"ok":false,"error":"{tail} {authorization}","error_description":"{url}",
             "response_metadata":{"messages":["{authorization} {url}"]}}
            """;
        const string TeamsEcho = """{"error":{"code":"{tail}","message":"{url}"}}""";
        using var folder = new TestFolder();
        using var collector = new Collector();
        using var chat = ChatServer.Start();
        var settings = Settings(folder, collector).Set("Delivery:MaxBackoff", "100ms");
        foreach (var kind in Kinds)
        {
            chat.Script.Next(
                $"{kind}",
                new ChatResponse(200, "{url} {authorization}") { IsPosted = kind == ChatKind.Teams },
                new ChatResponse(400, kind == ChatKind.Teams ? TeamsEcho : Echo),
                new ChatResponse(500, "<html>{url} {authorization}</html>"),
                new ChatResponse(429, Echo) { RetryAfter = 1 },
                ChatResponse.Dropped,
                new ChatResponse(302, "{url}"));
            settings.Destination($"{kind}", chat, kind).Route($"{kind}", $"{kind}");
        }

        await using var worker = await WorkerProcess.ServeAsync(settings);

        var replies = new List<WebhookReply>();
        foreach (var kind in Kinds) replies.AddRange(await PostAsync(worker, 4, $"{kind}"));
        foreach (var kind in Kinds)
        {
            await worker.Operations.LaneIsAsync($"{kind}", "parked", "bad-address");
            Assert.Equal(6, chat.CallsTo($"{kind}").Count);
        }

        await NoSecretAppearsAsync(worker, replies, folder, collector);
        Assert.All(Kinds.SelectMany(kind => chat.CallsTo($"{kind}")), call => TestSecrets.AreNotIn(call.Body, "A message"));
    }

    [Fact]
    public async Task Send_ChatIsDown_ItsUrlAppearsNowhere()
    {
        using var folder = new TestFolder();
        using var collector = new Collector();
        using var chat = ChatServer.Down();
        var settings = Settings(folder, collector)
            .Destination("hook", chat, ChatKind.SlackWebhook).Destination("bot", chat, ChatKind.SlackBot)
            .Destination("teams", chat, ChatKind.Teams)
            .Route("hook").Route("bot").Route("teams").Set("Routes:0:Continue", true).Set("Routes:1:Continue", true);
        await using var worker = await WorkerProcess.ServeAsync(settings);

        var replies = await PostAsync(worker, 1, "WEB");
        foreach (var destination in (string[])["hook", "bot", "teams"])
            await worker.Operations.LaneIsAsync(destination, "waiting", "connect-failed");

        await NoSecretAppearsAsync(worker, replies, folder, collector);
    }

    // With the most detailed logs.
    private static WorkerSettings Settings(TestFolder folder, Collector collector) => new WorkerSettings(folder)
        .Set("Ingress:Secrets", new JsonArray(TestSecrets.Ingress, TestSecrets.NextIngress))
        .Set("Operations:Url", $"http://127.0.0.1:{FreePort.Next()}").Set("Operations:Secrets", new JsonArray(TestSecrets.Operations))
        .Set("Telemetry:OtlpEndpoint", collector.Endpoint)
        .Set("Logging:LogLevel:Default", "Trace").Set("Logging:LogLevel:Microsoft", "Trace").Set("Logging:LogLevel:System", "Trace");

    // One with a wrong secret, the others with the right one.
    private static async Task<IReadOnlyList<WebhookReply>> PostAsync(WorkerProcess worker, int count, string project)
    {
        var refused = await worker.Ingress.PostAsync(Webhooks.Created(99), secret: TestSecrets.WrongIngress);
        Assert.Equal(401, refused.Status);
        TestSecrets.AreNotIn(refused.Body, "The refusal");
        var replies = new List<WebhookReply>();
        for (var number = 1; number <= count; number++)
            replies.Add(await worker.Ingress.PostAsync(Webhooks.Created(number, project), secret: TestSecrets.Ingress));
        return replies;
    }

    private static async Task NoSecretAppearsAsync(
        WorkerProcess worker, IReadOnlyList<WebhookReply> replies, TestFolder folder, Collector collector)
    {
        var operations = new OperationsClient(worker.Operations.Address) { Secret = TestSecrets.Operations };
        var paths = Paths.SelectMany(path => replies.Select((reply, index) => path
            .Replace("EVENT", reply.Id, StringComparison.Ordinal)
            .Replace("DELIVERY", $"{index + 1}", StringComparison.Ordinal)));
        foreach (var path in paths.Distinct(StringComparer.Ordinal))
            IsClean(await RespondAsync(operations, path), path);
        await CommandsAreCleanAsync(folder, replies);
        await FilesAreCleanAsync(folder, "outbox.db", "outbox.db-wal");

        worker.Terminate();
        Assert.Equal(0, await worker.ExitAsync(Eventually.Deadline));
        IsClean(worker.Output.All, "The output", atLeast: "Listening for webhooks");
        await FilesAreCleanAsync(folder, "outbox.db");
        IsClean(string.Concat(collector.Traces.Select(Encoding.Latin1.GetString)), "A span", atLeast: "defectnotifier.destination");
        IsClean(string.Concat(collector.Metrics.Select(Encoding.Latin1.GetString)), "A metric", atLeast: "defectnotifier.deliveries");
    }

    private static async Task<string> RespondAsync(OperationsClient operations, string path)
    {
        var (status, body) = await operations.GetAsync(path);
        // An unauthorized response would contain nothing to search.
        Assert.NotEqual(401, status);
        return body;
    }

    private static async Task CommandsAreCleanAsync(TestFolder folder, IReadOnlyList<WebhookReply> replies)
    {
        string[][] commands =
        [
            ["list", "--state", "all"],
            .. replies.Select((_, index) => (string[])["show", $"{index + 1}"]),
            .. replies.Select(reply => (string[])["why", reply.Id!]),
        ];
        foreach (var arguments in commands)
        {
            var (exitCode, output) = await WorkerCommand.RunAsync(
                folder.Path, ["outbox", .. arguments, "--config", folder.File("settings.json")]);
            Assert.Equal(0, exitCode);
            IsClean(output.All, "outbox " + arguments[0], atLeast: "defect.created");
        }
    }

    private static async Task FilesAreCleanAsync(TestFolder folder, params string[] names)
    {
        var bytes = new MemoryStream();
        foreach (var name in names)
        {
            // The worker holds a lock that .NET respects and cp does not.
            using var copying = Process.Start("cp", [folder.File(name), folder.File("copy")]);
            await copying.WaitForExitAsync(TestContext.Current.CancellationToken);
            bytes.Write(await File.ReadAllBytesAsync(folder.File("copy"), TestContext.Current.CancellationToken));
        }

        IsClean(Encoding.Latin1.GetString(bytes.ToArray()), string.Join(" and ", names), atLeast: "Marker");
    }

    /// <param name="text">The text to search.</param>
    /// <param name="where">Names it in a failure.</param>
    /// <param name="atLeast">A text that must be there: proves that the search works.</param>
    private static void IsClean(string text, string where, string atLeast = "")
    {
        Assert.Contains(atLeast, text, StringComparison.Ordinal);
        TestSecrets.AreNotIn(text, where);
        Assert.All(AddressParts, part => Assert.DoesNotContain(part, text, StringComparison.OrdinalIgnoreCase));
    }
}
