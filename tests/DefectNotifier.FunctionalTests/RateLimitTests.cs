using DefectNotifier.FunctionalTests.Harness;

namespace DefectNotifier.FunctionalTests;

/// <summary>The chat's and the configured rate limits, measured by the chat's clock.</summary>
public sealed class RateLimitTests
{
    [Fact]
    public async Task Send_KilledDuringRetryAfter_StillWaitsAfterTheRestart()
    {
        var wait = TimeSpan.FromSeconds(6);
        using var folder = new TestFolder();
        using var chat = ChatServer.Start();
        chat.Script.Next("web", ChatResponse.TooMany(ChatKind.SlackWebhook, (int)wait.TotalSeconds));
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
    public async Task Send_RateLimitIsSet_KeepsTheInterval()
    {
        using var folder = new TestFolder();
        using var chat = ChatServer.Start();
        var settings = new WorkerSettings(folder).Destination("web", chat, ChatKind.SlackWebhook).Route("web")
            .Set("Destinations:web:RateLimit:PerSecond", 2).Set("Destinations:web:RateLimit:Burst", 1);
        await using var worker = await WorkerProcess.ServeAsync(settings);

        await worker.Ingress.AcceptsAsync(Enumerable.Range(1, 4));
        await worker.Operations.DrainedAsync();

        var calls = chat.CallsTo("web");
        Assert.Equal([1, 2, 3, 4], calls.Select(call => call.Marker));
        Assert.All(
            calls.Zip(calls.Skip(1)),
            pair => Assert.True(pair.Second.ArrivedAt - pair.First.AnsweredAt >= TimeSpan.FromMilliseconds(500), chat.Ledger.ToString()));
    }
}
