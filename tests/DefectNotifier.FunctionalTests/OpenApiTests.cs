using System.Text.Json.Nodes;
using DefectNotifier.FunctionalTests.Harness;

namespace DefectNotifier.FunctionalTests;

/// <summary>The responses of the running worker conform to its OpenAPI document.</summary>
public sealed class OpenApiTests
{
    // Requests for each operation, with the expected status. {dead} is a dead delivery, {event} its event.
    private static readonly (string Operation, string Path, string? Body, int Status)[] Samples =
    [
        ("get /health/live", "/health/live", null, 200),
        ("head /health/live", "/health/live", null, 200),
        ("head /health/ready", "/health/ready", null, 200),
        ("get /health/ready", "/health/ready", null, 200),
        ("head /metrics", "/metrics", null, 200),
        ("get /metrics", "/metrics", null, 200),
        ("get /status", "/status", null, 200),
        ("get /events", "/events", null, 200),
        ("get /events", "/events?state=dead&project=WEB*&name=defect.*&text=checkout&since=1d&until=0s&limit=1", null, 200),
        ("get /events", "/events?state=lost", null, 400),
        ("get /events", "/events?limit=0", null, 400),
        ("get /events/archive", "/events/archive", null, 200),
        ("get /events/archive", "/events/archive?since=1d&before=1&limit=2", null, 200),
        ("get /events/archive", "/events/archive?since=soon", null, 400),
        ("get /events/{id}", "/events/{event}", null, 200),
        ("get /events/{id}", "/events/nobody", null, 404),
        ("get /deliveries", "/deliveries?state=dead,held&state=delivered&destination=WEB&project=WEB&since=1h&limit=1", null, 200),
        ("get /deliveries", "/deliveries?since=tomorrow", null, 400),
        ("get /deliveries", "/deliveries?stat=dead", null, 400),
        ("get /deliveries/{id}", "/deliveries/{dead}", null, 200),
        ("get /deliveries/{id}", "/deliveries/4711", null, 404),
        ("get /deliveries/{id}/message", "/deliveries/{dead}/message", null, 200),
        ("get /deliveries/{id}/message", "/deliveries/2/message", null, 200),
        ("get /deliveries/{id}/message", "/deliveries/4711/message", null, 404),
        ("post /deliveries/retry", "/deliveries/retry", """{"reason":"invalid-message","dryRun":true}""", 200),
        ("post /deliveries/retry", "/deliveries/retry", """{"dryRun":true}""", 400),
        ("post /deliveries/retry", "/deliveries/retry", """{"raeson":"invalid-message"}""", 400),
        ("post /deliveries/discard", "/deliveries/discard", """{"state":["dead"],"since":"1h","dryRun":true}""", 200),
        ("post /deliveries/discard", "/deliveries/discard", """{"state":"dead"}""", 400),
        ("post /deliveries/{id}/retry", "/deliveries/{dead}/retry?dryRun=true", null, 200),
        ("post /deliveries/{id}/retry", "/deliveries/{dead}/retry?dryRun=perhaps", null, 400),
        ("post /deliveries/{id}/retry", "/deliveries/4711/retry", null, 404),
        ("post /deliveries/{id}/retry", "/deliveries/2/retry", null, 409),
        ("post /deliveries/{id}/discard", "/deliveries/{dead}/discard", null, 200),
        ("post /deliveries/{id}/discard", "/deliveries/{dead}/discard", null, 409),
        ("post /destinations/{name}/resume", "/destinations/web/resume", null, 409),
        ("post /destinations/{name}/resume", "/destinations/nobody/resume", null, 404),
        ("post /destinations/{name}/resume", "/destinations/gone/resume", null, 200),
        ("post /silences", "/silences", """{"title":["timeout*"],"for":"2h","by":"anna","why":"known outage"}""", 200),
        ("post /silences", "/silences", """{"for":"2h","by":"anna","why":"known outage"}""", 400),
        ("post /silences", "/silences", """{"fro":"2h"}""", 400),
        ("get /silences", "/silences", null, 200),
        ("get /silences", "/silences?all=true", null, 200),
        ("get /silences", "/silences?all=perhaps", null, 400),
        ("post /silences/{id}/expire", "/silences/1/expire", null, 200),
        ("post /silences/{id}/expire", "/silences/1/expire", null, 409),
        ("post /silences/{id}/expire", "/silences/4711/expire", null, 404),
        ("post /reload", "/reload", null, 200),
        ("get /console/session", "/console/session", null, 200),
        ("post /console/session", "/console/session", """{"secret":"any"}""", 200),
        ("post /console/session", "/console/session", """{"sceret":"any"}""", 400),
        ("delete /console/session", "/console/session", null, 204),
        ("get /sandbox/messages", "/sandbox/messages", null, 200),
    ];

    [Fact]
    public async Task Responses_OfEveryOperation_ConformToTheDocument()
    {
        await using var admin = await AdminScene.OpenAsync();
        admin.Settings.Set("Destinations:lobby:Type", "sandbox").Set("Destinations:lobby:As", "teams")
            .Destination("gone", admin.Chat, ChatKind.SlackWebhook).Route("gone", "GONE");
        admin.Chat.Script.Always("gone", new ChatResponse(404, "no_service"));
        await admin.StopAsync();
        admin.Settings.Set("Routes:0:To", new JsonArray("web", "lobby")).Set("Routes:0:ProjectCodes", new JsonArray("WEB"));
        await admin.StartAsync();
        await admin.Worker.Ingress.AcceptsAsync([2]);
        await admin.Worker.Operations.DrainedAsync();
        await admin.Worker.Ingress.AcceptsAsync([3], "GONE");
        await admin.Worker.Operations.LaneIsAsync("gone", "parked");
        var document = await admin.Worker.Operations.JsonAsync("/openapi.json");
        var operations = document["paths"]!.AsObject()
            .SelectMany(path => path.Value!.AsObject().Select(operation => (Name: $"{operation.Key} {path.Key}", operation.Value)))
            .ToDictionary();

        Assert.Equal(
            // It does not end.
            operations.Keys.Except(["get /live"]).Order(StringComparer.Ordinal),
            Samples.Select(sample => sample.Operation).Distinct().Order(StringComparer.Ordinal));
        foreach (var (operation, path, body, status) in Samples)
        {
            var asked = path.Replace("{dead}", $"{admin.Dead}", StringComparison.Ordinal)
                .Replace("{event}", admin.DeadEvent, StringComparison.Ordinal);
            var reply = await admin.Worker.Operations.SendAsync(operation.Split(' ')[0].ToUpperInvariant(), asked, body);
            Assert.True(status == reply.Status, $"{asked}: {reply.Status} {reply.Body}");
            Conforms(document, operations[operation]!, reply, asked);
        }

        const string Retry = "post /deliveries/{id}/retry";
        (string, string, int)[] foreign = [("Origin", "https://evil.example", 403), ("Host", "rebound.example", 421)];
        foreach (var (name, value, status) in foreign)
        {
            var reply = await admin.Worker.Operations.SendAsync("POST", $"/deliveries/{admin.Dead}/retry", null, (name, value));
            Assert.Equal(status, reply.Status);
            Conforms(document, operations[Retry]!, reply, name);
        }
    }

    private static void Conforms(JsonNode document, JsonNode operation, WebhookReply reply, string asked)
    {
        var described = operation["responses"]![$"{reply.Status}"];
        Assert.True(described is not null, $"{asked}: {reply.Status} is not described");
        if (described["content"] is not JsonObject contents) return;
        // The response to HEAD has no body.
        if (reply.Body.Length == 0) return;
        Assert.True(contents.ContainsKey(reply.ContentType!), $"{asked}: {reply.ContentType} is not described");
        if (!reply.ContentType!.EndsWith(
            "json", StringComparison.Ordinal) || contents[reply.ContentType]!["schema"] is not { } schema) return;
        Assert.Empty(
            new SchemaChecker(document).Check(JsonNode.Parse(reply.Body), schema).Select(error => $"{asked}: {error} in {reply.Body}"));
    }
}
