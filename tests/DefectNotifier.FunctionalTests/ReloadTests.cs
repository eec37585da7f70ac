using System.Text.Json.Nodes;
using DefectNotifier.FunctionalTests.Harness;
using DefectNotifier.Testing;

namespace DefectNotifier.FunctionalTests;

/// <summary>A running worker whose settings and templates are changed under traffic.</summary>
public sealed class ReloadTests : IDisposable
{
    private readonly TestFolder _folder = new();
    private readonly ChatServer _chat = ChatServer.Start();

    public void Dispose()
    {
        _chat.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task Reload_UnderTraffic_LosesAndRepeatsNothing()
    {
        var settings = new WorkerSettings(_folder).Destination("web", _chat, ChatKind.SlackBot)
            .Destination("bill", _chat, ChatKind.SlackWebhook).Route("bill", "BILL").Route("web");
        await using var worker = await WorkerProcess.ServeAsync(settings);
        var operations = worker.Operations;
        var (sent, isOver) = (0, false);
        var traffic = Task.Run(
            async () =>
            {
                while (!Volatile.Read(ref isOver)) await worker.Ingress.AcceptsAsync([++sent]);
            },
            TestContext.Current.CancellationToken);

        for (var i = 0; i < 8; i++)
        {
            settings.Set("Destinations:web:Token", $"xoxb-3333333333-{i}").Write();
            await worker.ReloadAsync("destination web changed");
            await _chat.PostedAsync("web", _chat.PostedTo("web").Count + 3);
        }

        // A destination is removed while its chat fails, and added again: its pending deliveries are sent.
        _chat.Script.Always("bill", new ChatResponse(503, "no"));
        await worker.Ingress.AcceptsAsync([100_001, 100_002, 100_003], "BILL");
        await _chat.CallsAsync("bill", 1);
        settings.Remove("Destinations", "bill").Set("Routes", new JsonArray(new JsonObject { ["To"] = new JsonArray("web") })).Write();
        await worker.ReloadAsync("destination bill removed");
        await Eventually.HoldsAsync(
            async () => (int?)(await operations.JsonAsync("/health/ready"))["withoutDestination"]!["bill"] == 3,
            () => "Three deliveries without a destination");
        _chat.Script.Recover("bill");

        // An invalid configuration is never active.
        settings.Set("Routes:0:To", new JsonArray("wep")).Set("Destinations:bad:Type", "slack").Set("Destinations:bad:Token", "y").Write();
        var reply = await operations.PostAsync("/reload");
        reply.IsProblem(409, "configuration-rejected");
        Assert.Contains(
            "bot tokens start with xoxb-.\\nRoutes:0:To:0: names destination 'wep', which does not exist. Did you mean 'web'?\"",
            reply.Body.Replace("\\u0027", "'", StringComparison.Ordinal),
            StringComparison.Ordinal);
        var (status, ready) = await operations.GetAsync("/health/ready");
        Assert.Equal((200, "degraded"), (status, (string?)JsonNode.Parse(ready)!["status"]));
        Assert.Equal(1, await operations.MetricAsync("defectnotifier_configuration_faulty"));
        Assert.Equal("Routes:0:To:0", (string?)JsonNode.Parse(ready)!["configuration"]!["rejected"]!.AsArray()[^1]);

        settings.Remove("Destinations", "bad").Destination("bill", _chat, ChatKind.SlackWebhook);
        settings.Set("Routes:0:To", new JsonArray("web")).Write();
        await worker.ReloadAsync("destination bill added");
        Volatile.Write(ref isOver, true);
        await traffic;
        await operations.DrainedAsync();

        Assert.Equal(Enumerable.Range(1, sent), _chat.PostedTo("web").Select(call => call.Marker));
        Assert.Equal([100_001, 100_002, 100_003], _chat.PostedTo("bill").Select(call => call.Marker));
        Assert.Equal("ready", (string?)(await operations.JsonAsync("/health/ready"))["status"]);
        Assert.Equal(10, await operations.MetricAsync("defectnotifier_reloads_total", "outcome=\"applied\""));
        // Two on a slow machine, where the service has checked the file by itself before the request.
        Assert.InRange(await operations.MetricAsync("defectnotifier_reloads_total", "outcome=\"rejected\""), 1, 2);
        Assert.DoesNotContain("xoxb-3333333333", worker.Output.All, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Reload_BySignalAndByItself_ActivatesSecretsAndTemplatesAndReportsVersions()
    {
        Directory.CreateDirectory(_folder.File("templates"));
        Template("Marker {{ defect.id }} end, first words");
        var settings = new WorkerSettings(_folder).Destination("web", _chat, ChatKind.SlackWebhook).Route("web")
            .Set("Templates:Path", _folder.File("templates")).Set("Ingress:Secrets", new JsonArray(TestSecrets.Ingress));
        settings.Set("Operations:Url", $"http://127.0.0.1:{FreePort.Next()}");
        await using var worker = await WorkerProcess.ServeAsync(settings);
        var first = await VersionAsync(worker);

        settings.Set("Ingress:Secrets", new JsonArray(TestSecrets.Ingress, TestSecrets.NextIngress)).Write();
        worker.HangUp();
        await Eventually.HoldsAsync(async () => await VersionAsync(worker) != first, () => worker.Output.All);
        foreach (var (number, secret) in ((int, string)[])[(1, TestSecrets.Ingress), (2, TestSecrets.NextIngress)])
            Assert.Equal(202, (await worker.Ingress.PostAsync(Webhooks.Created(number), secret: secret)).Status);
        settings.Set("Ingress:Secrets", new JsonArray(TestSecrets.NextIngress)).Write();
        worker.HangUp();
        await Eventually.HoldsAsync(
            async () => (await worker.Ingress.PostAsync("{}", secret: TestSecrets.Ingress)).Status == 401, () => worker.Output.All);

        // The service finds changed templates by itself, and never uses an invalid one.
        Template("{{ if }}");
        await worker.Output.SaysAsync("The template's last good version stays active");
        // The line is logged a moment before the state is set.
        await Eventually.HoldsAsync(
            async () => (string?)(await worker.Operations.JsonAsync("/health/ready"))["status"] == "degraded", () => worker.Output.All);
        var before = await VersionAsync(worker);
        var reply = await worker.Ingress.PostAsync(Webhooks.Created(3), secret: TestSecrets.NextIngress);
        await _chat.PostedAsync("web", 3);
        Template("Marker {{ defect.id }} end, second words");
        await Eventually.HoldsAsync(async () => await VersionAsync(worker) != before, () => worker.Output.All);
        Assert.Equal(202, (await worker.Ingress.PostAsync(Webhooks.Created(4), secret: TestSecrets.NextIngress)).Status);
        await _chat.PostedAsync("web", 4);

        Assert.Equal(
            [true, true, true, false], _chat.PostedTo("web").Select(call => call.Body.Contains("first words", StringComparison.Ordinal)));
        var stored = await worker.Operations.JsonAsync("/events/" + reply.Id);
        Assert.Equal(before, (string?)stored["decision"]!["version"]);
        Assert.Equal(before, (string?)stored["deliveries"]![0]!["history"]![0]!["version"]);
        var (exitCode, why) = await WorkerCommand.RunAsync(
            _folder.Path, "outbox", "why", reply.Id!, "--config", settings.Write("command.json"));
        Assert.Equal(0, exitCode);
        Assert.Contains($"configuration {before}", why.Standard, StringComparison.Ordinal);
        foreach (var secret in (string[])[TestSecrets.Ingress, TestSecrets.NextIngress])
            Assert.DoesNotContain(secret, worker.Output.All, StringComparison.Ordinal);
    }

    private void Template(string text) => File.WriteAllText(_folder.File("templates/defect.created.sbn"), text);

    private static async Task<string> VersionAsync(WorkerProcess worker) =>
        (string)(await worker.Operations.JsonAsync("/health/ready"))["configuration"]!["version"]!;
}
