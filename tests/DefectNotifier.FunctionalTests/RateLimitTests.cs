using DefectNotifier.FunctionalTests.Harness;

namespace DefectNotifier.FunctionalTests;

/// <summary>The pace that a chat asks for, by the chat's own clock.</summary>
public sealed class RateLimitTests
{
    [Theory]
    [InlineData(ChatKind.SlackWebhook, 429)]
    [InlineData(ChatKind.SlackBot, 429)]
    [InlineData(ChatKind.SlackBot, 200)]
    [InlineData(ChatKind.Teams, 429)]
    public async Task Send_ToldToRetryAfter_WaitsAndLosesNothing(ChatKind kind, int status)
    {
        using var folder = new TestFolder();
        using var chat = ChatServer.Start();
        chat.Script.Next("web", ChatAnswer.Good(kind), ChatAnswer.TooMany(kind, 2) with { Status = status });
        await using var worker = await WorkerProcess.ServeAsync(new WorkerSettings(folder).Destination("web", chat, kind).Route("web"));

        await worker.Ingress.AcceptsAsync(Enumerable.Range(1, 4));
        await worker.Operations.DrainedAsync();

        var calls = chat.CallsTo("web");
        Assert.Equal([1, 2, 2, 3, 4], calls.Select(call => call.Marker));
        Assert.True(calls[2].ArrivedAt - calls[1].AnsweredAt >= TimeSpan.FromSeconds(2), chat.Ledger.ToString());
        // What was told to wait was not posted, so its message is no repeat.
        Assert.DoesNotContain(calls, call => call.MayBeRepeat);
    }

    [Fact]
    public async Task Send_ToldToRetryAfter_CountsNoAttempt()
    {
        using var folder = new TestFolder();
        using var chat = ChatServer.Start();
        chat.Script.Next("web", ChatAnswer.TooMany(ChatKind.Teams, 1));
        await using var worker = await WorkerProcess.ServeAsync(new WorkerSettings(folder).Destination("web", chat, ChatKind.Teams).Route("web"));

        var reply = await worker.Ingress.PostAsync(Webhooks.Created(1));
        await worker.Operations.DrainedAsync();

        var delivery = await worker.Operations.DeliveryAsync(reply.Id!, "web");
        Assert.Equal(0, (int)delivery["attempts"]!);
        Assert.Equal(["wait rate-limited", "delivered ok"], delivery["history"]!.AsArray().Select(attempt => $"{attempt!["fate"]} {attempt["reason"]}"));
        Assert.Equal(1, await worker.Operations.MetricAsync("defectnotifier_deliveries_total", "destination=\"web\"", "reason=\"rate-limited\""));
    }

    [Fact]
    public async Task Send_KilledWhileToldToRetryAfter_StillWaitsAfterTheRestart()
    {
        var wait = TimeSpan.FromSeconds(6);
        using var folder = new TestFolder();
        using var chat = ChatServer.Start();
        chat.Script.Next("web", ChatAnswer.TooMany(ChatKind.SlackWebhook, (int)wait.TotalSeconds));
        var settings = new WorkerSettings(folder).Destination("web", chat, ChatKind.SlackWebhook).Route("web");
        await using (var worker = await WorkerProcess.ServeAsync(settings))
        {
            await worker.Ingress.AcceptsAsync([1, 2]);
            await worker.Operations.LaneIsAsync("web", "waiting", "rate-limited");
            await worker.KillAsync();
        }

        await using var restarted = await WorkerProcess.ServeAsync(settings);
        await restarted.Operations.DrainedAsync();

        var calls = chat.CallsTo("web");
        Assert.Equal([1, 1, 2], calls.Select(call => call.Marker));
        Assert.True(calls[1].ArrivedAt - calls[0].AnsweredAt >= wait, chat.Ledger.ToString());
    }

    [Fact]
    public async Task Send_Paced_KeepsTheDistance()
    {
        using var folder = new TestFolder();
        using var chat = ChatServer.Start();
        var settings = new WorkerSettings(folder).Destination("web", chat, ChatKind.SlackWebhook).Route("web").Set("Destinations:web:Pace:PerSecond", 2);
        await using var worker = await WorkerProcess.ServeAsync(settings.Set("Destinations:web:Pace:Burst", 1));

        await worker.Ingress.AcceptsAsync(Enumerable.Range(1, 4));
        await worker.Operations.DrainedAsync();

        var calls = chat.CallsTo("web");
        Assert.Equal([1, 2, 3, 4], calls.Select(call => call.Marker));
        Assert.All(calls.Zip(calls.Skip(1)), pair => Assert.True(pair.Second.ArrivedAt - pair.First.AnsweredAt >= TimeSpan.FromMilliseconds(500), chat.Ledger.ToString()));
    }
}
