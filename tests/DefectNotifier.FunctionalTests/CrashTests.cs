using DefectNotifier.FunctionalTests.Harness;
using DefectNotifier.Worker.Commands;

namespace DefectNotifier.FunctionalTests;

/// <summary>SIGKILL at the moments that hurt.</summary>
public sealed class CrashTests
{
    /// <summary>So many attempts of a lane may be written down whose outcomes are not.</summary>
    private const int AttemptsAhead = 6;

    [Fact]
    public async Task Kill_AfterTheAnswerAndBeforeAnySend_EveryMessageArrivesOnce()
    {
        using var folder = new TestFolder();
        using var chat = ChatServer.Down();
        var settings = new WorkerSettings(folder).Destination("web", chat, ChatKind.SlackWebhook).Route("web");
        await using (var worker = await WorkerProcess.ServeAsync(settings))
        {
            await worker.Ingress.AcceptsAsync(Enumerable.Range(1, 20));
            await worker.KillAsync();
        }

        chat.Open();
        await using var restarted = await WorkerProcess.ServeAsync(settings);
        await restarted.Operations.DrainedAsync();

        Assert.Equal(Enumerable.Range(1, 20), chat.CallsTo("web").Select(call => call.Marker));
    }

    [Fact]
    public async Task Kill_WhileTheChatAnswers503_EveryMessageIsPostedOnce()
    {
        using var folder = new TestFolder();
        using var chat = ChatServer.Start();
        chat.Script.Always("web", new ChatResponse(503));
        var settings = new WorkerSettings(folder).Destination("web", chat, ChatKind.Teams).Route("web");
        await using (var worker = await WorkerProcess.ServeAsync(settings))
        {
            await worker.Ingress.AcceptsAsync(Enumerable.Range(1, 5));
            await chat.CallsAsync("web", 1);
            await worker.KillAsync();
        }

        chat.Script.Recover("web");
        await using var restarted = await WorkerProcess.ServeAsync(settings);
        await restarted.Operations.DrainedAsync();

        Assert.Equal(Enumerable.Range(1, 5), chat.PostedTo("web").Select(call => call.Marker));
    }

    [Fact]
    public async Task Kill_WhileASendHangs_TheMessageIsSentAgainAsAPossibleRepeat()
    {
        using var folder = new TestFolder();
        using var chat = ChatServer.Start();
        chat.Script.Next("web", ChatResponse.Withheld);
        var settings = new WorkerSettings(folder).Destination("web", chat, ChatKind.SlackWebhook).Route("web").Set("Delivery:InitialBackoff", "00:00:00.050");
        WebhookReply first;
        await using (var worker = await WorkerProcess.ServeAsync(settings))
        {
            first = await worker.Ingress.PostAsync(Webhooks.Created(1));
            await worker.Ingress.AcceptsAsync([2]);
            await chat.CallsAsync("web", 1);
            await worker.KillAsync();
        }

        await using var restarted = await WorkerProcess.ServeAsync(settings);
        await restarted.Operations.DrainedAsync();

        Assert.Equal([(1, false), (1, true), (2, false)], chat.CallsTo("web").Select(call => (call.Marker, call.MayBeRepeat)));
        var delivery = await restarted.Operations.DeliveryAsync(first.Id!, "web");
        Assert.Equal("delivered", (string?)delivery["state"]);
        Assert.Equal(["ambiguous interrupted", "delivered ok"], delivery["history"]!.AsArray().Select(attempt => $"{attempt!["outcome"]} {attempt["reason"]}"));
    }

    [Fact]
    public async Task Kill_DuringABurst_NothingAcceptedIsLost()
    {
        using var folder = new TestFolder();
        using var chat = ChatServer.Start();
        var settings = new WorkerSettings(folder).Destination("web", chat, ChatKind.SlackWebhook).Route("web");
        Burst burst;
        await using (var worker = await WorkerProcess.ServeAsync(settings))
        {
            burst = Burst.Start(worker.Ingress, 400);
            await chat.PostedAsync("web", 20);
            await worker.KillAsync();
            await burst.EndAsync();
        }

        await using var restarted = await WorkerProcess.ServeAsync(settings);
        await restarted.Operations.DrainedAsync();

        Assert.NotEmpty(burst.Accepted);
        Assert.Empty(burst.Accepted.Except(chat.PostedTo("web").Select(call => call.Marker)));
        // Only an attempt that was written ahead and whose outcome was not yet written can be there twice, and then it says so.
        var repeats = chat.PostedTo("web").CountBy(call => call.Marker).Where(pair => pair.Value > 1).Select(pair => pair.Key).ToList();
        Assert.True(repeats.Count <= AttemptsAhead, chat.Ledger.ToString());
        Assert.All(repeats, marker => Assert.True(chat.PostedTo("web").Last(call => call.Marker == marker).MayBeRepeat));
    }
}
