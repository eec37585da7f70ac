using System.Text.Json.Nodes;
using DefectNotifier.FunctionalTests.Harness;
using DefectNotifier.Testing;

namespace DefectNotifier.FunctionalTests;

/// <summary>One message with a thread for each defect, sent by the real process.</summary>
public sealed class MessageThreadTests
{
    /// <summary>
    /// The sends for one defect: its message, a reply when it is updated, an update and a reply when it is resolved, an update when it is
    /// deleted.
    /// </summary>
    private const int Sends = 5;

    /// <summary>After a send, before its outcome is stored (see <see cref="StartupHook"/>): a restart must look it up.</summary>
    private const string AfterSend = "stop send";

    /// <summary>Before a send, and after its outcome.</summary>
    public static TheoryData<string> OtherPoints => ["start send", "count defectnotifier.deliveries"];

    [Fact]
    public Task Kill_AfterEachSend_LeavesOneCorrectMessageAndEachReplyOnce() => KillAtEachSendAsync(AfterSend);

    [LongTheory]
    [MemberData(nameof(OtherPoints))]
    public Task Kill_BesideEachSend_LeavesOneCorrectMessageAndEachReplyOnce(string point) => KillAtEachSendAsync(point);

    [LongFact]
    public Task Kill_AfterEachSendOfARepeat_LeavesOneReplyAndTheCount() => KillAtEachSendOfARepeatAsync(AfterSend);

    [LongTheory]
    [MemberData(nameof(OtherPoints))]
    public Task Kill_BesideEachSendOfARepeat_LeavesOneReplyAndTheCount(string point) => KillAtEachSendOfARepeatAsync(point);

    [Fact]
    public async Task AllEvents_OnEveryPlatform_NameTheDefectInEachMessage()
    {
        using var folder = new TestFolder();
        await using var slack = await SlackServer.StartAsync();
        using var chat = ChatServer.Start();
        var settings = SettingsOf(folder, slack)
            .Destination("hook", chat, ChatKind.SlackWebhook).Destination("teams", chat, ChatKind.Teams)
            .Set("Routes:0:To", new JsonArray("bot", "hook", "teams"));
        await using var worker = await WorkerProcess.ServeAsync(settings);

        await SendAllEventsAsync(worker.Ingress, slack.Channel);
        await worker.Operations.DrainedAsync();

        AssertMessages(slack.Channel);
        foreach (var name in (string[])["hook", "teams"])
        {
            Assert.Equal(4, chat.PostedTo(name).Count);
            Assert.All(chat.PostedTo(name), call => Assert.Contains("Marker 7 end", call.Body, StringComparison.Ordinal));
        }
    }

    [Fact]
    public async Task History_OfAReply_HasItsStep()
    {
        using var folder = new TestFolder();
        await using var slack = await SlackServer.StartAsync();
        await using var worker = await WorkerProcess.ServeAsync(SettingsOf(folder, slack));
        await worker.Ingress.PostAsync(Webhooks.Created(7));
        var resolved = await worker.Ingress.PostAsync(Webhooks.Of("resolved", 7, "WEB"));
        await worker.Operations.DrainedAsync();

        var history = (await worker.Operations.DeliveryAsync(resolved.Id!, "bot"))["history"]!.AsArray();

        // The first message may already show the defect as resolved.
        Assert.Equal("reply", (string?)history[^1]!["step"]);
        Assert.All(history, attempt => Assert.Equal("delivered", (string?)attempt!["outcome"]));
    }

    private static Task KillAtEachSendAsync(string point) =>
        Task.WhenAll(Enumerable.Range(1, Sends).Select(send => KillAsync($"{point} {send}", SendAllEventsAsync, AssertMessages)));

    // The sends for two defects with the same title: the message, a reply, and an update of the message.
    private static Task KillAtEachSendOfARepeatAsync(string point) =>
        Task.WhenAll(Enumerable.Range(1, 3).Select(send => KillAsync($"{point} {send}", SendRepeatAsync, AssertRepeat)));

    private static async Task KillAsync(string point, Func<IngressClient, SlackChannel, Task> sendAsync, Action<SlackChannel> check)
    {
        using var folder = new TestFolder();
        await using var slack = await SlackServer.StartAsync();
        var port = FreePort.Next();
        var settings = SettingsOf(folder, slack).Set("Ingress:Url", $"http://127.0.0.1:{port}");
        settings.Environment["DOTNET_STARTUP_HOOKS"] = typeof(StartupHook).Assembly.Location;
        settings.Environment["KILL_AT"] = point;
        await using var first = WorkerProcess.Launch(settings);
        var second = ReplaceAsync(first, settings);

        await sendAsync(new IngressClient(new Uri($"http://127.0.0.1:{port}/webhooks/qase")), slack.Channel);

        await using var worker = await second;
        await worker.Operations.DrainedAsync();
        check(slack.Channel);
        Assert.DoesNotContain(slack.Channel.Messages, message => message.Text.Contains("may be a repeat", StringComparison.Ordinal));
    }

    private static WorkerSettings SettingsOf(TestFolder folder, SlackServer slack) => new WorkerSettings(folder)
        .Destination("bot", slack.Address, ChatKind.SlackBot).Route("bot")
        .Set("Routes:0:MessageMode", "thread-and-update").Set("Routes:0:Repeats:Within", "24h");

    private static async Task<WorkerProcess> ReplaceAsync(WorkerProcess first, WorkerSettings settings)
    {
        Assert.Equal(WorkerProcess.Killed, await first.ExitAsync(Eventually.Deadline));
        settings.Environment.Remove("KILL_AT");
        return await WorkerProcess.ServeAsync(settings);
    }

    // Sends each event when the effect of the one before it is visible.
    private static async Task SendAllEventsAsync(IngressClient ingress, SlackChannel channel)
    {
        await SendAsync(ingress, Webhooks.Created(7));
        await Eventually.HoldsAsync(() => channel.Roots.Count == 1, "the defect's message");
        await SendAsync(ingress, Webhooks.Of("updated", 7, "WEB"));
        await Eventually.HoldsAsync(() => channel.RepliesTo(channel.Roots[0]).Count == 1, "the reply on its update");
        await SendAsync(ingress, Webhooks.Of("resolved", 7, "WEB"));
        await Eventually.HoldsAsync(
            () => channel.RepliesTo(channel.Roots[0]).Count == 2 && channel.Roots[0].Text.Contains('✅'),
            "its resolution, in the message and the thread");
        await SendAsync(ingress, Webhooks.Of("deleted", 7, "WEB"));
        await Eventually.HoldsAsync(() => channel.Roots[0].Text.Contains("🗑️", StringComparison.Ordinal), "its deletion");
    }

    private static async Task SendRepeatAsync(IngressClient ingress, SlackChannel channel)
    {
        await SendAsync(ingress, Webhooks.Created(7));
        await Eventually.HoldsAsync(() => channel.Roots.Count == 1, "the defect's message");
        await SendAsync(ingress, Webhooks.Created(8).Replace("Marker 8 end", "Marker 7 end", StringComparison.Ordinal));
        await Eventually.HoldsAsync(() => channel.Roots[0].Text.Contains("×2", StringComparison.Ordinal), "the count in its heading");
    }

    // Repeats the webhook until it is accepted.
    private static async Task SendAsync(IngressClient ingress, string webhook) => await Eventually.HoldsAsync(
        async () =>
        {
            try
            {
                return (await ingress.PostAsync(webhook)).Status == 202;
            }
            catch (HttpRequestException)
            {
                // No worker is listening, or the worker ended before its response.
                return false;
            }
        },
        () => $"a worker that takes {webhook}");

    private static void AssertRepeat(SlackChannel channel)
    {
        var root = Assert.Single(channel.Roots);
        Assert.Contains("D-7", root.Text, StringComparison.Ordinal);
        Assert.Contains("D-8", Assert.Single(channel.RepliesTo(root)).Text, StringComparison.Ordinal);
    }

    private static void AssertMessages(SlackChannel channel)
    {
        var root = Assert.Single(channel.Roots);
        Assert.Contains("🗑️ Marker 7 end", root.Text, StringComparison.Ordinal);
        Assert.Collection(
            channel.RepliesTo(root),
            updated => Assert.Contains("Updated by", updated.Text, StringComparison.Ordinal),
            resolved => Assert.Contains("✅ Resolved by", resolved.Text, StringComparison.Ordinal));
    }
}
