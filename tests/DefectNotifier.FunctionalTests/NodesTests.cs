using System.Text.Json.Nodes;
using DefectNotifier.FunctionalTests.Harness;
using DefectNotifier.Testing;
using DefectNotifier.Testing.Databases;

namespace DefectNotifier.FunctionalTests;

/// <summary>Several workers on one PostgreSQL, as src/docs/deploy.md describes them.</summary>
public sealed class NodesTests : IDisposable
{
    /// <summary>The maximum that the document names.</summary>
    private const long MaxConnections = 10;

    private readonly string _schema = PostgresServer.CreateSchemaName();
    private readonly List<TestFolder> _folders = [];

    public NodesTests() => Assert.SkipWhen(PostgresServer.SkipReason is not null, PostgresServer.SkipReason ?? "");

    public void Dispose() => _folders.ForEach(folder => folder.Dispose());

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Kill_OneOfTwoNodes_TheOtherDeliversWhatBothAccepted(bool isPooled)
    {
        var skipReason = isPooled ? LongTests.SkipReason ?? PgBouncer.SkipReason : null;
        Assert.SkipWhen(skipReason is not null, skipReason ?? "");
        var server = await PostgresServer.SharedAsync();
        await using var pooler = isPooled ? await PgBouncer.CreateAsync(server) : null;
        var address = pooler?.ConnectionString() ?? server.ConnectionString();
        using var chat = ChatServer.Down();
        // The node that started first works on the destination.
        await using var first = await WorkerProcess.ServeAsync(Settings(address, chat));
        await using var second = await WorkerProcess.ServeAsync(Settings(address, chat));

        await first.Ingress.AcceptsAsync([1, 2, 3]);
        await second.Ingress.AcceptsAsync([4, 5]);
        await first.Ingress.AcceptsAsync([6]);
        await first.KillAsync();
        chat.Open();
        await second.Ingress.AcceptsAsync([7]);

        await chat.CallsAsync("web", 7);
        await second.Operations.DrainedAsync();
        Assert.Equal(Enumerable.Range(1, 7), chat.CallsTo("web").Select(call => call.Marker));
    }

    [Fact]
    public async Task Stop_TheNodeThatDelivers_LosesNothingAndAnotherGoesOn()
    {
        var server = await PostgresServer.SharedAsync();
        using var chat = ChatServer.Start();
        await using var old = await WorkerProcess.ServeAsync(Settings(server.ConnectionString(), chat));
        await old.Ingress.AcceptsAsync([1, 2]);
        await chat.PostedAsync("web", 2);

        await using var next = await WorkerProcess.ServeAsync(Settings(server.ConnectionString(), chat));
        await old.Ingress.AcceptsAsync([3]);
        old.Terminate();
        Assert.Equal(0, await old.ExitAsync(Eventually.Deadline));
        await next.Ingress.AcceptsAsync([4]);

        await chat.PostedAsync("web", 4);
        await next.Operations.DrainedAsync();
        Assert.Equal([1, 2, 3, 4], chat.CallsTo("web").Select(call => call.Marker));
    }

    [LongFact]
    public async Task Clock_OfOneNodeIsSixMinutesAhead_AcceptsWebhooksThatTheOtherDelivers()
    {
        var server = await PostgresServer.SharedAsync();
        using var chat = ChatServer.Start();
        var settings = Settings(server.ConnectionString(), chat).Set("Outbox:Node", "wrong");
        settings.Environment["DOTNET_STARTUP_HOOKS"] = typeof(StartupHook).Assembly.Location;
        settings.Environment["CLOCK_AHEAD"] = "360";
        await using var wrong = await WorkerProcess.ServeAsync(settings);
        await wrong.Ingress.AcceptsAsync([1]);
        await Eventually.HoldsAsync(
            async () => (await wrong.Operations.GetAsync("/health/ready")).Body.Contains(
                "the clock of this node is 360 s ahead of the database's", StringComparison.Ordinal),
            () => "The problem is reported.");

        await using var right = await WorkerProcess.ServeAsync(Settings(server.ConnectionString(), chat).Set("Outbox:Node", "right"));
        await wrong.Ingress.AcceptsAsync([2]);
        await chat.PostedAsync("web", 2);
        await right.Ingress.AcceptsAsync([3]);

        await chat.PostedAsync("web", 3);
        await right.Operations.DrainedAsync();
        Assert.Equal([1, 2, 3], chat.CallsTo("web").Select(call => call.Marker));
        // It reads who has the lane about once per second.
        await Eventually.HoldsAsync(
            async () => (string?)(await wrong.Operations.LaneAsync("web"))["node"] == "right", () => "The other node is named.");
    }

    [Fact]
    public async Task Login_AtOneNode_IsValidAtTheOtherUntilTheLogoutThere()
    {
        var server = await PostgresServer.SharedAsync();
        using var chat = ChatServer.Start();
        await using var first = await WorkerProcess.ServeAsync(Settings(server.ConnectionString(), chat));
        await using var second = await WorkerProcess.ServeAsync(Settings(server.ConnectionString(), chat));
        using var browser = new Browser(first.Operations.Address);

        await browser.JsonAsync("POST", "/console/session", new JsonObject { ["secret"] = TestSecrets.Operations });
        Assert.Equal(200, await browser.StatusAsync("GET", "/events"));
        browser.Address = second.Operations.Address;
        Assert.Equal(200, await browser.StatusAsync("GET", "/events"));
        var cookie = browser.LastCookie.Split(';')[0];
        Assert.Equal(204, await browser.StatusAsync("DELETE", "/console/session"));

        foreach (var node in (WorkerProcess[])[first, second])
        {
            (string, string)[] headers = [("Host", browser.Host), ("Cookie", cookie)];
            await Eventually.HoldsAsync(
                async () => (await node.Operations.SendAsync("GET", "/events", null, headers)).Status == 401,
                () => "The session is still valid.");
        }
    }

    [Fact]
    public async Task Database_IsAway_RefusesWebhooksAndEndsNoSession()
    {
        await using var server = await PostgresServer.CreateAsync(PostgresServer.Unsynced);
        using var chat = ChatServer.Start();
        await using var node = await WorkerProcess.ServeAsync(Settings(server.ConnectionString(), chat));
        using var browser = new Browser(node.Operations.Address);
        await browser.JsonAsync("POST", "/console/session", new JsonObject { ["secret"] = TestSecrets.Operations });
        await node.Ingress.AcceptsAsync([1]);
        await chat.PostedAsync("web", 1);

        await server.StopAsync();
        var refused = await node.Ingress.PostAsync(Webhooks.Created(2));
        refused.IsProblem(503, "store-unavailable");
        Assert.NotNull(refused.RetryAfter);
        await Eventually.HoldsAsync(
            async () => (await node.Operations.GetAsync("/health/ready")).Status == 503, () => "The node is still ready.");
        Assert.Equal(200, (await node.Operations.GetAsync("/health/live")).Status);
        await Eventually.HoldsAsync(
            async () => await browser.StatusAsync("GET", "/console/session") == 503, () => "The session is still read.");
        Assert.Equal(503, await browser.StatusAsync("GET", "/events"));
        Assert.Equal(200, await browser.StatusAsync("GET", "/console/"));
        Assert.Equal(503, await browser.StatusAsync("DELETE", "/console/session"));

        await server.StartAsync();
        await Eventually.HoldsAsync(
            async () => (await node.Operations.GetAsync("/health/ready")).Status == 200, () => node.Output.All);
        Assert.False((bool)(await browser.JsonAsync("GET", "/console/session"))["isLoginNeeded"]!);
        await node.Ingress.AcceptsAsync([2]);
        await chat.PostedAsync("web", 2);
        Assert.Equal([1, 2], chat.CallsTo("web").Select(call => call.Marker));
    }

    // The proxy of compose-nodes.yaml, without TLS. The nodes have the same ports, and addresses of their own.
    [LongFact]
    public async Task HaProxy_OneOfThreeNodesIsKilled_WebhooksAndTheConsoleGoOn()
    {
        const string PublicUrl = "https://defects.example.com";
        string[] addresses = ["127.0.0.2", "127.0.0.3", "127.0.0.4"];
        var server = await PostgresServer.SharedAsync();
        using var chat = ChatServer.Start();
        var (ingress, operations, port) = (FreePort.Next(), FreePort.Next(), FreePort.Next());
        var config = (await File.ReadAllTextAsync(DeploymentFile.PathOf("haproxy.cfg"), TestContext.Current.CancellationToken))
            .Replace("bind :443 ssl crt /certificates/", $"bind 127.0.0.1:{port}", StringComparison.Ordinal)
            .Replace("8080", $"{ingress}", StringComparison.Ordinal).Replace("8081", $"{operations}", StringComparison.Ordinal)
            .Replace(" node-a:", $" {addresses[0]}:", StringComparison.Ordinal)
            .Replace(" node-b:", $" {addresses[1]}:", StringComparison.Ordinal)
            .Replace(" node-c:", $" {addresses[2]}:", StringComparison.Ordinal);
        await using var proxy = await HaProxy.StartAsync(Folder(), config, port);
        var nodes = new List<WorkerProcess>();
        try
        {
            foreach (var address in addresses)
            {
                nodes.Add(await WorkerProcess.ServeAsync(Settings(server.ConnectionString(), chat)
                    .Set("Operations:PublicUrl", PublicUrl)
                    .Set("Ingress:Url", $"http://{address}:{ingress}").Set("Operations:Url", $"http://{address}:{operations}")));
            }

            using var browser = new Browser(new Uri($"http://127.0.0.1:{port}")) { Host = "defects.example.com", Origin = PublicUrl };
            await Eventually.HoldsAsync(
                async () => await browser.StatusAsync("GET", "/console/") == 200, () => "The proxy serves no console.");
            await browser.JsonAsync("POST", "/console/session", new JsonObject { ["secret"] = TestSecrets.Operations });
            var client = new IngressClient(new Uri($"http://127.0.0.1:{port}/webhooks/qase"));
            await Eventually.HoldsAsync(async () => (await client.PostAsync("")).Status == 400, () => "The proxy forwards no webhook.");

            await client.AcceptsAsync(Enumerable.Range(1, 6));
            await nodes[0].KillAsync();
            await client.AcceptsAsync(Enumerable.Range(7, 6));
            for (var count = 0; count < 6; count++) Assert.Equal(200, await browser.StatusAsync("GET", "/events"));
            Assert.Equal(404, await browser.StatusAsync("GET", "/metrics"));

            await chat.CallsAsync("web", 12);
            await nodes[1].Operations.DrainedAsync();
            Assert.Equal(Enumerable.Range(1, 12), chat.CallsTo("web").Select(call => call.Marker).Distinct());
            foreach (var node in nodes.Skip(1)) TestSecrets.AreNotIn(node.Output.All, "The log");
        }
        finally
        {
            foreach (var node in nodes) await node.DisposeAsync();
        }
    }

    [LongFact]
    public async Task Connections_OfABusyNode_AreAtMostThoseOfTheDocument()
    {
        await using var server = await PostgresServer.CreateAsync(PostgresServer.Unsynced);
        using var chat = ChatServer.Start();
        await using var node = await WorkerProcess.ServeAsync(Settings(server.ConnectionString(), chat));
        using var browser = new Browser(node.Operations.Address);
        await browser.JsonAsync("POST", "/console/session", new JsonObject { ["secret"] = TestSecrets.Operations });
        var burst = Burst.Start(node.Ingress, 200);
        while (!burst.EndAsync().IsCompleted)
            await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => browser.StatusAsync("GET", "/events")));
        await burst.EndAsync();
        await chat.PostedAsync("web", burst.Accepted.Count);

        var open = (long)(await server.QueryAsync("SELECT count(*) FROM pg_stat_activity WHERE application_name = 'DefectNotifier'"))!;

        Assert.InRange(open, 4, MaxConnections);
        var document = await File.ReadAllTextAsync(
            Path.Combine(RepositoryRoot.Path, "src", "docs", "deploy.md"), TestContext.Current.CancellationToken);
        Assert.Contains($"at most {MaxConnections} connections", document, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Document_ItsRoleAndDatabase_AreEnoughForANode()
    {
        await using var server = await PostgresServer.CreateAsync(PostgresServer.Unsynced);
        using var chat = ChatServer.Start();
        var lines = new DocumentSection(RepositoryRoot.Path, "src/docs/deploy.md", "## Several nodes").Fenced()
            .Where(line => line.StartsWith("CREATE", StringComparison.Ordinal)).ToList();
        Assert.Equal(2, lines.Count);
        foreach (var line in lines) await server.QueryAsync(line);

        var address = server.ConnectionString("defects").Replace("=postgres", "=notifier", StringComparison.Ordinal);
        await using var node = await WorkerProcess.ServeAsync(Settings(address, chat));
        await node.Ingress.AcceptsAsync([1]);
        await chat.PostedAsync("web", 1);
    }

    private WorkerSettings Settings(string connectionString, ChatServer chat) => new WorkerSettings(Folder()).Remove("Outbox", "Path")
        .Set("Outbox:ConnectionString", connectionString).Set("Outbox:Schema", _schema).Set("Outbox:Lease", "5s")
        .Set("Operations:Secrets", new JsonArray(TestSecrets.Operations))
        .Destination("web", chat, ChatKind.SlackWebhook).Route("web");

    private TestFolder Folder()
    {
        _folders.Add(new TestFolder());
        return _folders[^1];
    }
}
