using DefectNotifier.FunctionalTests.Harness;

namespace DefectNotifier.FunctionalTests;

/// <summary>SIGKILL at critical moments.</summary>
public sealed class CrashTests
{
    /// <summary>How many attempts of a lane can be open at once.</summary>
    private const int MaxOpenAttempts = 1;

    [Fact]
    public async Task Kill_AfterTheResponseAndBeforeAnySend_EveryMessageArrivesOnce()
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
    public async Task Kill_WhileTheChatResponds503_EveryMessageIsPostedOnce()
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
        var settings = new WorkerSettings(folder).Destination("web", chat, ChatKind.SlackWebhook).Route("web");
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
        Assert.Equal(["ambiguous interrupted", "delivered ok"], await restarted.Operations.HistoryAsync(first.Id!, "web"));
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
        // Only a message whose attempt was stored and whose outcome was not can be there twice, and then it says so.
        var repeats = chat.PostedTo("web").CountBy(call => call.Marker).Where(pair => pair.Value > 1).Select(pair => pair.Key).ToList();
        Assert.True(repeats.Count <= MaxOpenAttempts, chat.Ledger.ToString());
        Assert.All(repeats, marker => Assert.True(chat.PostedTo("web").Last(call => call.Marker == marker).MayBeRepeat));
    }
}
