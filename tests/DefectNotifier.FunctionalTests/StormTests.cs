using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using DefectNotifier.Chat.Slack.Api;
using DefectNotifier.FunctionalTests.Harness;
using DefectNotifier.Testing;

namespace DefectNotifier.FunctionalTests;

/// <summary>
/// Storms of defects at Slack's real rate limit, with 429 responses and a kill of the process: each event is reported exactly once, in few
/// messages.
/// </summary>
public sealed class StormTests
{
    [LongFact]
    public async Task Storm_OnABot_ReportsEachEventOnceInFewMessages()
    {
        const int Defects = 1_000;
        const int Blocker = 500;
        using var folder = new TestFolder();
        await using var slack = await SlackServer.StartAsync();
        slack.Channel.Pass("chat.postMessage").Refuse("chat.postMessage", TooMany).Refuse("chat.update", TooMany);
        var settings = StormSettings(folder).Destination("chat", slack.Address, ChatKind.SlackBot);

        await RunAsync(settings, Defects, Blocker, killWhen: () => slack.Channel.Messages.Any(message => IsDigest(message.Text)));

        var messages = slack.Channel.Messages;
        Assert.Equal(messages.Count, messages.DistinctBy(message => message.CorrelationKey).Count());
        Assert.DoesNotContain(messages, message => message.Text.Contains("may be a repeat", StringComparison.Ordinal));
        Assert.Single(slack.Channel.Roots, message => message.Text.Contains($"Marker {Blocker} end", StringComparison.Ordinal)
            && !IsDigest(message.Text));
        // With the two that were refused.
        Assert.InRange(slack.Channel.CallsOf("chat.postMessage") + slack.Channel.CallsOf("chat.update"), 10, 70);
    }

    [Fact]
    public async Task Storm_OnAWebhook_ReportsEachEventInFewMessages()
    {
        const int Defects = 300;
        const int Blocker = 151;
        using var folder = new TestFolder();
        using var chat = ChatServer.Start();
        var tooMany = ChatResponse.TooMany(ChatKind.SlackWebhook, 1);
        chat.Script.Next("chat", ChatResponse.Good(ChatKind.SlackWebhook), tooMany);
        var settings = StormSettings(folder).Destination("chat", chat, ChatKind.SlackWebhook);

        await RunAsync(settings, Defects, Blocker, killWhen: () => chat.PostedTo("chat").Any(call => IsDigest(call.Text)));

        var posted = chat.PostedTo("chat");
        Assert.Single(posted, call => call.Text.Contains($"Marker {Blocker} end", StringComparison.Ordinal) && !IsDigest(call.Text));
        // The kill may have hit a message whose response was not recorded; it is posted again and says so.
        Assert.InRange(posted.Count(call => call.MayBeRepeat), 0, 1);
        Assert.InRange(posted.Count, 3, 40);
    }

    [Fact]
    public async Task DigestThatIsRejected_IsADeadLetterForTheFallback_AndARetryReportsItsEvents()
    {
        using var folder = new TestFolder();
        using var chat = ChatServer.Start();
        var rejection = new ChatResponse(400, "invalid_payload");
        // A rejected message is sent again as plain text.
        chat.Script.Next("chat", ChatResponse.Good(ChatKind.SlackWebhook), rejection, rejection);
        var settings = StormSettings(folder)
            .Destination("chat", chat, ChatKind.SlackWebhook).Destination("ops", chat, ChatKind.SlackWebhook)
            .Set("Routes:0:Fallback", "ops").Set("Destinations:chat:RateLimit", new JsonObject { ["PerSecond"] = 1, ["Burst"] = 1 })
            .Set("Destinations:chat:Digest", new JsonObject { ["MaxWait"] = "1s", ["Window"] = "10s" });
        await using var worker = await WorkerProcess.ServeAsync(settings);
        var storm = new Storm(worker.Ingress, blocker: 0);
        await storm.SendAsync(1, 40);
        await chat.PostedAsync("ops", 1);

        var dead = Assert.Single((await worker.Operations.JsonAsync("/deliveries?state=dead"))["deliveries"]!.AsArray())!;
        var member = (await MembersAsync(worker.Operations, storm.Ids))[0];
        var why = await RunAsync(settings, "outbox", "why", member);
        var part = (await worker.Operations.DeliveryAsync(member, "chat"))["id"]!;
        var retryOfMember = await RunAsync(settings, "outbox", "retry", $"{(long)part}");
        var retry = await RunAsync(settings, "outbox", "retry", $"{(long)dead["id"]!}");
        await worker.Operations.DrainedAsync();

        Assert.Contains($"outbox retry {(long)dead["id"]!}", chat.PostedTo("ops")[0].Text, StringComparison.Ordinal);
        Assert.Contains("chat did not receive it: its digest is dead: the chat rejected the message.", why, StringComparison.Ordinal);
        Assert.Contains($"Retry delivery {(long)dead["id"]!}, the digest, to send it.", why, StringComparison.Ordinal);
        Assert.Contains("is part of a digest", retryOfMember, StringComparison.Ordinal);
        Assert.Contains("is now pending again", retry, StringComparison.Ordinal);
        Assert.Equal(2, chat.PostedTo("chat").Count);
        await AssertReportedAsync(worker.Operations, storm.Ids);
    }

    private static async Task<string> RunAsync(WorkerSettings settings, params string[] arguments)
    {
        var (_, output) = await WorkerProcess.RunAsync(settings.Folder, [.. arguments, "--config", settings.Write()]);
        return output.All;
    }

    // The events that are in a digest.
    private static async Task<IReadOnlyList<string>> MembersAsync(OperationsClient operations, IEnumerable<string> ids)
    {
        var members = new List<string>();
        foreach (var id in ids)
            if ((string?)(await operations.DeliveryAsync(id, "chat"))["state"] == "digested") members.Add(id);
        return members;
    }

    private static SlackResponse TooMany => new() { Error = "ratelimited", Status = 429, RetryAfter = TimeSpan.FromSeconds(1) };

    private static WorkerSettings StormSettings(TestFolder folder) => new WorkerSettings(folder)
        .Set("Ingress:Url", $"http://127.0.0.1:{FreePort.Next()}").Set("Operations:Url", $"http://127.0.0.1:{FreePort.Next()}")
        .Set("Delivery:ConfirmAfter", "200ms").Set("Delivery:MaxResendDelay", "200ms")
        .Route("chat").Set("Routes:0:MessageMode", "thread-and-update");

    // Sends the first half, kills the worker when it has posted a digest, and sends the other half during the restart.
    private static async Task RunAsync(WorkerSettings settings, int defects, int blocker, Func<bool> killWhen)
    {
        settings.Set("Destinations:chat:Digest", new JsonObject { ["MaxWait"] = "2s", ["Window"] = "10s" })
            .Set("Destinations:chat:RateLimit", new JsonObject { ["PerSecond"] = 1 });
        var storm = new Storm(new IngressClient(settings.IngressAddress), blocker);
        await using (var first = await WorkerProcess.ServeAsync(settings))
        {
            await storm.SendAsync(1, defects / 2);
            await Eventually.HoldsAsync(killWhen, () => $"a digest: {first.Output.All}");
            await first.KillAsync();
        }

        var rest = storm.SendAsync((defects / 2) + 1, defects);
        await using var worker = await WorkerProcess.ServeAsync(settings);
        await rest;
        await worker.Operations.DrainedAsync();

        await AssertReportedAsync(worker.Operations, storm.Ids);
        Assert.Empty(await worker.Operations.EventsAsync("state=dead"));
    }

    // Each event is delivered, or is in a digest that is.
    private static async Task AssertReportedAsync(OperationsClient operations, IEnumerable<string> ids)
    {
        foreach (var id in ids)
        {
            var deliveries = (await operations.JsonAsync("/events/" + id))["deliveries"]!.AsArray();
            // The other updates the defect's own message.
            var delivery = deliveries[0]!;
            var state = (string?)delivery["state"];
            if (state == "digested") Assert.Equal("delivered", (string?)delivery["digest"]!["state"]);
            else Assert.Equal("delivered", state);
            Assert.All(deliveries.Skip(1), update => Assert.Equal("delivered", (string?)update!["state"]));
        }
    }

    private static bool IsDigest(string text) => text.Contains(" defects in ", StringComparison.Ordinal);

    /// <summary>Qase in a storm: a third of the defects are resolved at once. A webhook is sent again until it is accepted.</summary>
    private sealed class Storm(IngressClient ingress, int blocker)
    {
        private readonly ConcurrentBag<string> _ids = [];

        /// <summary>Of all accepted events.</summary>
        public IReadOnlyCollection<string> Ids => _ids;

        public Task SendAsync(int first, int last) => Parallel.ForEachAsync(
            Enumerable.Range(first, last - first + 1),
            new ParallelOptions { MaxDegreeOfParallelism = 8, CancellationToken = TestContext.Current.CancellationToken },
            async (number, _) =>
            {
                await SendAsync(Webhooks.Created(number, severity: number == blocker ? "blocker" : "major"));
                if (number % 3 == 0) await SendAsync(Webhooks.Of("resolved", number, "WEB"));
            });

        private async Task SendAsync(string body) => await Eventually.HoldsAsync(
            async () =>
            {
                try
                {
                    var reply = await ingress.PostAsync(body);
                    if (reply.Status == 202) _ids.Add(reply.Id!);
                    return reply.Status == 202;
                }
                catch (HttpRequestException)
                {
                    // No worker is listening.
                    return false;
                }
            },
            () => "a worker that takes webhooks");
    }
}
