using DefectNotifier.FunctionalTests.Harness;

namespace DefectNotifier.FunctionalTests;

/// <summary>More open connections than a listener may have.</summary>
public sealed class ConnectionTests
{
    /// <summary>Eight for each request that may be handled at once.</summary>
    private const int Limit = 8;

    [Fact]
    public async Task Ingress_FullOfIdleConnections_StillAcceptsWebhooksAndSaysSo()
    {
        using var folder = new TestFolder();
        using var chat = ChatServer.Start();
        await using var worker = await WorkerProcess.ServeAsync(Settings(folder, chat));
        using var idle = new OpenConnections();
        await idle.OpenAsync(worker.Ingress.Address, 3 * Limit);

        for (var number = 1; number <= 2 * Limit; number++)
        {
            // A connection of its own for each: an open one would stay among the limit's.
            using var handler = new SocketsHttpHandler { PooledConnectionLifetime = TimeSpan.Zero };
            using var http = new HttpClient(handler);
            using var content = new StringContent(Webhooks.Created(number));
            using var response = await http.PostAsync(worker.Ingress.Address, content, TestContext.Current.CancellationToken);
            Assert.Equal(202, (int)response.StatusCode);
            await idle.OpenAsync(worker.Ingress.Address, Limit);
        }

        await worker.Output.SaysAsync($"all {Limit} connections");
        var ready = await worker.Operations.JsonAsync("/health/ready");
        Assert.Equal("degraded", (string?)ready["status"]);
        Assert.Equal("connections", (string?)ready["problems"]![0]!["part"]);

        idle.Dispose();
        await worker.Output.SaysAsync("connections works again");
        Assert.Equal("ready", (string?)(await worker.Operations.JsonAsync("/health/ready"))["status"]);
    }

    [Fact]
    public async Task Operations_AreReachable_WhileTheIngressIsFullOfRequests()
    {
        using var folder = new TestFolder();
        using var chat = ChatServer.Start();
        await using var worker = await WorkerProcess.ServeAsync(Settings(folder, chat));
        using var busy = new OpenConnections();
        for (var number = 0; number < 3 * Limit; number++) busy.Add(await worker.Ingress.BeginPostAsync(contentLength: 1000));

        Assert.Equal(200, (await worker.Operations.GetAsync("/health/live")).Status);
    }

    private static WorkerSettings Settings(TestFolder folder, ChatServer chat) =>
        new WorkerSettings(folder).Destination("web", chat, ChatKind.SlackWebhook).Route("web").Set("Ingress:MaxWaiting", 1);
}
