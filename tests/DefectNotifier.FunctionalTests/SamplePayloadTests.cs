using System.Text.Json;
using System.Text.Json.Nodes;
using DefectNotifier.FunctionalTests.Harness;
using DefectNotifier.Testing;

namespace DefectNotifier.FunctionalTests;

/// <summary>Every sample payload, from the webhook to the chat that its project code is routed to.</summary>
public sealed class SamplePayloadTests
{
    [Theory]
    [InlineData(ChatKind.SlackWebhook, "SHOP")]
    [InlineData(ChatKind.SlackBot, "mobile-app")]
    [InlineData(ChatKind.Teams, "BILL")]
    public async Task Post_EverySample_ArrivesOnceAndInOrder(ChatKind kind, string project)
    {
        using var folder = new TestFolder();
        using var chat = ChatServer.Start();
        var settings = new WorkerSettings(folder)
            .Destination("right", chat, kind).Destination("wrong", chat, ChatKind.SlackWebhook)
            .Route("right", "SH*", "MOBILE-?PP", "BILL", "OLD").Route("wrong");
        await using var worker = await WorkerProcess.ServeAsync(settings);

        var expected = new List<string[]>();
        var titled = new HashSet<(string Project, string Id)>();
        foreach (var name in Payloads.Names)
        {
            var body = JsonNode.Parse(Payloads.ReadText(name))!.AsObject();
            var is2021 = !body.ContainsKey("project_code");
            if (!is2021) body["project_code"] = project;
            var reply = await worker.Ingress.PostAsync(body.ToJsonString(), is2021 ? "OLD" : null);
            Assert.Equal((202, "accepted"), (reply.Status, reply.EventStatus));
            expected.Add(SignsOf(body, is2021 ? "OLD" : project, titled));
        }

        await worker.Operations.DrainedAsync();
        var posted = chat.PostedTo("right");
        Assert.Empty(chat.CallsTo("wrong"));
        Assert.Equal(expected.Count, chat.CallsTo("right").Count);
        Assert.All(
            posted.Zip(expected),
            pair => Assert.All(pair.Second, sign => Assert.Contains(sign, ReadableOf(pair.First), StringComparison.Ordinal)));
        Assert.All(posted, call => IsValid(call, kind));
    }

    // Texts that identify the message of each sample.
    private static string[] SignsOf(JsonObject body, string project, HashSet<(string Project, string Id)> titled)
    {
        var name = (string)(body["event_name"] ?? body["event"])!;
        var id = body["payload"]!["id"]!.ToString();
        var hasTitle = !string.IsNullOrWhiteSpace(body["payload"]!["title"]?.ToString());
        if (hasTitle && name.StartsWith("defect.", StringComparison.Ordinal)) titled.Add((project, id));
        var isKnown = titled.Contains((project, id));
        return name switch
        {
            "defect.created" => ["D-" + id, project],
            // With its title when the defect was created before, else with its number.
            "defect.updated" or "defect.resolved" or "defect.deleted" => isKnown
                ? ["D-" + id, project, $"{char.ToUpperInvariant(name[7])}{name[8..]}: "]
                : [$"{char.ToUpperInvariant(name[7])}{name[8..]}: Defect {project} D-{id}"],
            "defect.reopened" => ["D-" + id, project, "reopened"],
            "run.completed" => [$"Run {id} completed", project],
            _ => [body["payload"]!["title"]!.ToString(), project],
        };
    }

    // Teams reads Markdown in some places, where a backslash escapes what could be markup.
    private static string ReadableOf(ChatCall call) => call.Text.Replace("\\", "", StringComparison.Ordinal);

    private static void IsValid(ChatCall call, ChatKind kind)
    {
        Assert.StartsWith("application/json", call.ContentType, StringComparison.Ordinal);
        var message = call.Json.AsObject();
        if (kind == ChatKind.SlackBot)
        {
            Assert.Equal("C0123456789", (string?)message["channel"]);
            message.Remove("channel");
            Assert.Equal("defect_notifier_delivery", (string?)message["metadata"]!["event_type"]);
            message.Remove("metadata");
        }

        Assert.Equal(kind == ChatKind.SlackBot ? "Bearer " + TestSecrets.Token : null, call.Authorization);
        var element = JsonSerializer.SerializeToElement(message);
        Assert.Empty(kind == ChatKind.Teams ? TeamsRules.Check(element) : SlackRules.Check(element));
        // Without it some flows reject the message.
        if (kind == ChatKind.Teams)
            Assert.Equal(JsonValueKind.Null, element.GetProperty("attachments")[0].GetProperty("contentUrl").ValueKind);
        Assert.DoesNotContain("template failed", call.Body, StringComparison.Ordinal);
    }
}
