using System.Text.Json.Nodes;
using DefectNotifier.FunctionalTests.Harness;
using DefectNotifier.Testing;

namespace DefectNotifier.FunctionalTests;

/// <summary>Names and details from Qase's API, which no delivery waits for longer than it is set to.</summary>
public sealed class EnrichmentTests : IAsyncLifetime
{
    private const string Defect73 =
        """
        {"id":73,"title":"Coupons are ignored","actual_result":"The discount row disappears.","severity":"major","status":"open",
         "member_id":12,"created_at":"2026-01-05T07:00:00+00:00","updated_at":"2026-01-05T07:00:00+00:00"}
        """;

    /// <summary>The timeout of one request to Qase.</summary>
    private static readonly TimeSpan ResponseLimit = TimeSpan.FromSeconds(15);

    private readonly TestFolder _folder = new();
    private readonly ChatServer _chat = ChatServer.Start();
    private QaseServer _qase = null!;

    public async ValueTask InitializeAsync() => _qase = await QaseServer.StartAsync();

    public async ValueTask DisposeAsync()
    {
        await _qase.DisposeAsync();
        _chat.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task Resolved_DefectWithoutATitle_WaitsForItsName()
    {
        _qase.Set("defect/WEB/73", Defect73).Set("user/418", """{"id":418,"name":"Rut Olsen"}""")
            .Set("user/12", """{"id":12,"name":"Ole"}""");
        await using var worker = await WorkerProcess.ServeAsync(Settings().Set("Qase:WaitFor", "30s"));

        await PostAsync(worker, "resolved", 73);
        await _chat.PostedAsync("web", 1);

        Assert.Contains("Resolved: Coupons are ignored", _chat.PostedTo("web")[0].Text, StringComparison.Ordinal);
        Assert.Contains("by Rut Olsen", _chat.PostedTo("web")[0].Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Resolved_DefectWithoutATitle_IsNamedInALaterMessage()
    {
        _qase.Set("defect/WEB/73", Defect73).Set("user/418", """{"id":418,"name":"Rut Olsen"}""")
            .Set("user/12", """{"id":12,"name":"Ole"}""");
        await using var worker = await WorkerProcess.ServeAsync(Settings().Set("Qase:WaitFor", "0s"));

        await PostAsync(worker, "updated", 73);
        await _chat.PostedAsync("web", 1);
        await NoRequestIsPendingAsync(worker);
        await PostAsync(worker, "resolved", 73);
        await _chat.PostedAsync("web", 2);

        Assert.Contains("Updated: Defect WEB D-73", _chat.PostedTo("web")[0].Text, StringComparison.Ordinal);
        Assert.Contains("Resolved: Coupons are ignored", _chat.PostedTo("web")[1].Text, StringComparison.Ordinal);
        Assert.Contains(" after ", _chat.PostedTo("web")[1].Text, StringComparison.Ordinal);
        Assert.Contains("by Rut Olsen", _chat.PostedTo("web")[1].Text, StringComparison.Ordinal);
        Assert.Equal(["defect/WEB/73", "user/12", "user/418"], _qase.Requests.Order(StringComparer.Ordinal));
        Assert.All(_qase.Tokens, token => Assert.Equal(TestSecrets.Qase, token));
        Assert.Equal(3, await worker.Operations.MetricAsync("defectnotifier_qase_requests_total", "outcome=\"ok\""));
        Assert.Equal("asking", (string?)(await worker.Operations.JsonAsync("/health/ready"))["qase"]![0]!["state"]);
    }

    [Fact]
    public async Task Resolved_ShownByABot_IsUpdatedInPlace()
    {
        _qase.Set("defect/WEB/73", Defect73).Set("user/418", """{"id":418,"name":"Rut Olsen"}""")
            .Set("user/12", """{"id":12,"name":"Ole"}""");
        await using var slack = await SlackServer.StartAsync();
        await using var worker = await WorkerProcess.ServeAsync(
            Settings().Destination("bot", slack.Address, ChatKind.SlackBot).Set("Routes:0:To", new JsonArray("bot"))
                .Set("Routes:0:MessageMode", "update"));

        await PostAsync(worker, "resolved", 73);

        await Eventually.HoldsAsync(
            () => slack.Channel.Roots is [var root]
                && root.Text.Contains("Resolved: Coupons are ignored", StringComparison.Ordinal)
                && root.Text.Contains("by Rut Olsen", StringComparison.Ordinal),
            () => worker.Output.All);
        Assert.Single(slack.Channel.Messages);
    }

    [Fact]
    public async Task Post_QaseDoesNotRespond_DelaysNothing()
    {
        _qase.Always = -1;
        await using var worker = await WorkerProcess.ServeAsync(Settings());
        var started = TimeProvider.System.GetTimestamp();
        await PostAsync(worker, "resolved", 1);
        await Eventually.HoldsAsync(() => _qase.Requests.Count == 1, () => worker.Output.All);

        // Meanwhile everything else continues.
        await worker.Ingress.AcceptsAsync(Enumerable.Range(2, 40));
        await _chat.PostedAsync("web", 41);
        await worker.Operations.DrainedAsync();

        Assert.Equal(Enumerable.Range(2, 40), _chat.PostedTo("web").Skip(1).Select(call => call.Marker));
        // One request at a time: the next follows when the first one times out.
        Assert.InRange(_qase.Requests.Count, 1, 1 + (int)(TimeProvider.System.GetElapsedTime(started) / ResponseLimit));
        Assert.Equal("ready", (string?)(await worker.Operations.JsonAsync("/health/ready"))["status"]);
        worker.Terminate();
        Assert.Equal(0, await worker.ExitAsync(Eventually.Deadline));
    }

    [Fact]
    public async Task Post_QaseRejectsTheToken_IsLoggedOnceAndFixedByAnother()
    {
        _qase.Always = 401;
        var settings = Settings();
        await using var worker = await WorkerProcess.ServeAsync(settings);
        await worker.Ingress.AcceptsAsync(Enumerable.Range(1, 5));
        await Eventually.HoldsAsync(
            async () => (string?)(await worker.Operations.JsonAsync("/health/ready"))["qase"]?[0]?["state"] == "stopped",
            () => worker.Output.All);
        await _chat.PostedAsync("web", 5);

        var (status, ready) = await worker.Operations.GetAsync("/health/ready");
        Assert.Equal((200, "degraded"), (status, (string?)JsonNode.Parse(ready)!["status"]));
        Assert.Equal(1, await worker.Operations.MetricAsync("defectnotifier_qase_stopped"));
        Assert.Single(_qase.Requests);
        await worker.Output.SaysAsync("rejects the token of Qase (401)");
        Assert.Equal(2, worker.Output.All.Split("rejects the token of Qase (401)").Length);

        _qase.Always = 0;
        _qase.Set("user/418", """{"name":"Rut Olsen"}""");
        settings.Set("Qase:Token", "another").Write();
        await worker.ReloadAsync("Qase changed");
        await NoRequestIsPendingAsync(worker);
        await worker.Ingress.AcceptsAsync([6]);
        await _chat.PostedAsync("web", 6);

        Assert.Contains("by Rut Olsen", _chat.PostedTo("web")[5].Text, StringComparison.Ordinal);
        Assert.Equal([TestSecrets.Qase, "another"], _qase.Tokens);
        Assert.Equal("ready", (string?)(await worker.Operations.JsonAsync("/health/ready"))["status"]);
    }

    [Fact]
    public async Task Restart_RequestPending_IsRequestedAgain()
    {
        _qase.Always = -1;
        var settings = Settings();
        await using (var killed = await WorkerProcess.ServeAsync(settings))
        {
            await PostAsync(killed, "updated", 73);
            await Eventually.HoldsAsync(() => _qase.Requests.Count == 1, () => killed.Output.All);
            await killed.KillAsync();
        }

        _qase.Always = 0;
        _qase.Set("defect/WEB/73", Defect73);
        await using var worker = await WorkerProcess.ServeAsync(settings);
        await NoRequestIsPendingAsync(worker);
        await PostAsync(worker, "resolved", 73);

        await Eventually.HoldsAsync(
            () => _chat.PostedTo("web").Any(call => call.Text.Contains("Resolved: Coupons are ignored", StringComparison.Ordinal)),
            () => worker.Output.All);
    }

    [Fact]
    public async Task Post_OneWorkspaceOfTwo_IsRequestedWithItsOwnToken()
    {
        var settings = Settings().Remove("Qase", "Token").Set("Qase:Workspaces:mobile:Token", "mobile-token")
            .Set("Qase:Workspaces:mobile:ApiUrl", _qase.ApiUrl);
        _qase.Set("user/418", """{"name":"Rut Olsen"}""");
        await using var worker = await WorkerProcess.ServeAsync(settings);

        foreach (var (source, number) in ((string?, int)[])[(null, 1), ("other", 2), ("mobile", 3)])
            Assert.Equal(202, (await worker.Ingress.PostAsync(Webhooks.Created(number), source)).Status);
        await _chat.PostedAsync("web", 3);
        await NoRequestIsPendingAsync(worker);

        Assert.Equal(["user/418"], _qase.Requests);
        Assert.Equal(["mobile-token"], _qase.Tokens);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(401)]
    [InlineData(500)]
    public async Task Request_QaseEchoesTheToken_ItAppearsNowhere(int status)
    {
        _qase.Always = status;
        var settings = Settings().Set("Logging:LogLevel:Default", "Trace").Set("Logging:LogLevel:Microsoft", "Trace")
            .Set("Logging:LogLevel:System", "Trace");
        await using var worker = await WorkerProcess.ServeAsync(settings);
        await PostAsync(worker, "resolved", 73);
        await Eventually.HoldsAsync(
            async () => await worker.Operations.MetricAsync("defectnotifier_qase_requests_total") >= 1, () => worker.Output.All);
        await _chat.PostedAsync("web", 1);

        foreach (var path in (string[])["/metrics", "/health/ready", "/events", "/deliveries?state=all"])
            TestSecrets.AreNotIn((await worker.Operations.GetAsync(path)).Body, path);
        worker.Terminate();
        await worker.ExitAsync(Eventually.Deadline);
        TestSecrets.AreNotIn(worker.Output.All, "The output");
        Assert.DoesNotContain(_qase.ApiUrl, worker.Output.All, StringComparison.Ordinal);
        TestSecrets.AreNotIn(await File.ReadAllBytesAsync(_folder.File("outbox.db"), TestContext.Current.CancellationToken), "The outbox");
        Assert.All(_chat.CallsTo("web"), call => TestSecrets.AreNotIn(call.Body, "A message"));
    }

    private WorkerSettings Settings() => new WorkerSettings(_folder).Destination("web", _chat, ChatKind.SlackWebhook).Route("web")
        .Set("Qase:ApiUrl", _qase.ApiUrl).Set("Qase:Token", TestSecrets.Qase).Set("Qase:RequestsPerMinute", 600);

    private static async Task PostAsync(WorkerProcess worker, string name, int number) =>
        Assert.Equal(202, (await worker.Ingress.PostAsync(Webhooks.Of(name, number, "WEB"))).Status);

    private static Task NoRequestIsPendingAsync(WorkerProcess worker) => Eventually.HoldsAsync(
        async () => await worker.Operations.MetricAsync("defectnotifier_qase_requests_total") > 0
            && await worker.Operations.MetricAsync("defectnotifier_qase_waiting") == 0,
        () => worker.Output.All);
}
