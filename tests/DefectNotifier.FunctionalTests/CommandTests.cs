using System.Diagnostics;
using System.Text.Json.Nodes;
using DefectNotifier.FunctionalTests.Harness;
using DefectNotifier.Testing;

namespace DefectNotifier.FunctionalTests;

/// <summary>The commands besides <c>serve</c>, and a first run without settings.</summary>
public sealed class CommandTests
{
    // No proxy listens there: a request that uses it fails.
    private static readonly Dictionary<string, string> Proxied = new(StringComparer.Ordinal)
    {
        ["http_proxy"] = "http://127.0.0.1:9",
        ["HTTP_PROXY"] = "http://127.0.0.1:9",
        ["no_proxy"] = "",
        ["NO_PROXY"] = "",
    };

    [Fact]
    public async Task Demo_ProxyInTheEnvironment_IsNotUsed()
    {
        using var folder = new TestFolder();

        var (exitCode, output) = await WorkerProcess.RunAsync(folder.Path, Proxied, "demo", "--once");

        Assert.Equal((0, ""), (exitCode, output.Error.Trim()));
    }

    [Fact]
    public async Task Demo_Once_ShowsTheLifeOfADefectAndLeavesNoFiles()
    {
        using var folder = new TestFolder();

        var (exitCode, output) = await WorkerProcess.RunAsync(folder.Path, "demo", "--once");

        Assert.Equal(0, exitCode);
        var lines = output.Standard.Split('\n');
        var titles = lines.Where(line => line.StartsWith("── ", StringComparison.Ordinal)).Select(line => line.Trim(' ', '─'));
        Assert.Equal(["1 of 4: defect.created", "2 of 4: defect.updated", "3 of 4: defect.resolved", "4 of 4: defect.deleted"], titles);
        Assert.Equal(
            [
                "a new message",
                "the same message, with a reply in its thread",
                "the same message, updated in place, with a reply in its thread",
                "the same message, updated in place",
            ],
            lines.Where(line => line.Contains("   Slack, channel", StringComparison.Ordinal)).Select(line => line.Split(": ")[1]));
        Assert.Equal(4, lines.Count(line => line.EndsWith("Microsoft Teams, channel web-leads: a new card", StringComparison.Ordinal)));
        // Each message shows the defect as it is after its event: only the last one, in both chats, says that it was deleted.
        Assert.Equal(2, output.Standard.Split("Deleted by").Length - 1);
        Assert.All(lines, line => Assert.InRange(line.Length, 0, 100));
        Assert.Equal("", output.Error.Trim());
        Assert.Empty(Directory.GetFileSystemEntries(folder.Path));
    }

    [Theory]
    [InlineData("")]
    [InlineData("1 of 4")]
    public async Task Demo_EndedWhileItStartsOrShowsMessages_EndsAtOnceAndLeavesNoFiles(string shown)
    {
        using var folder = new TestFolder();
        Dictionary<string, string> environment = new(StringComparer.Ordinal) { ["TMPDIR"] = folder.Path };
        await using var demo = WorkerProcess.Start(folder.Path, environment, "demo");
        await Eventually.HoldsAsync(() => Data().Length > 0 && demo.Output.Standard.Contains(shown, StringComparison.Ordinal), "it starts");

        demo.Terminate();

        Assert.Equal(0, await demo.ExitAsync(TimeSpan.FromSeconds(15)));
        Assert.Equal("", demo.Output.Error.Trim());
        Assert.Empty(Data());

        string[] Data() => Directory.GetDirectories(folder.Path, "defect-notifier-demo-*");
    }

    [Fact]
    public async Task Serve_SandboxDestination_ShowsItsMessages()
    {
        using var folder = new TestFolder();
        var settings = new WorkerSettings(folder).Set("Destinations:lobby:Type", "sandbox").Set("Destinations:lobby:As", "teams")
            .Set("Destinations:lobby:RateLimit:PerSecond", 0).Route("lobby");
        await using var worker = await WorkerProcess.ServeAsync(settings);

        await worker.Ingress.AcceptsAsync([1, 2]);
        await worker.Operations.DrainedAsync();

        var messages = (await worker.Operations.JsonAsync("/sandbox/messages")).AsArray();
        Assert.Equal(2, messages.Count);
        Assert.All(messages, message => Assert.Equal(("lobby", "teams"), ((string?)message!["destination"], (string?)message["platform"])));
        Assert.Contains(
            "Marker 1 end", messages.Select(message => (string)message!["text"]!).Aggregate(string.Concat), StringComparison.Ordinal);
        Assert.Equal("message", (string?)messages[0]!["json"]!["type"]);
        await worker.Output.SaysAsync("Marker 2 end");
        Assert.Equal((200, "live"), await worker.Operations.GetAsync("/health/live"));
        Assert.Equal(
            2, await worker.Operations.MetricAsync("defectnotifier_deliveries_total", "destination=\"lobby\"", "outcome=\"delivered\""));
        Assert.Equal(
            2, await worker.Operations.MetricAsync("defectnotifier_events_total", "event=\"defect.created\"", "outcome=\"accepted\""));
    }

    [Fact]
    public async Task Healthcheck_RunningOrNot_HasTheExitCode()
    {
        using var folder = new TestFolder();
        var settings = new WorkerSettings(folder).Set("Operations:Url", $"http://127.0.0.1:{FreePort.Next()}");
        await using (await WorkerProcess.ServeAsync(settings))
        {
            var (running, quiet) = await WorkerProcess.RunAsync(folder.Path, "healthcheck", "--config", settings.Write());
            Assert.Equal(0, running);
            Assert.Equal("", quiet.All.Trim());
            Assert.Equal(0, (await WorkerProcess.RunAsync(folder.Path, Proxied, "healthcheck", "--config", settings.Write())).ExitCode);
        }

        var (stopped, output) = await WorkerProcess.RunAsync(folder.Path, "healthcheck", "--config", settings.Write());
        Assert.Equal(1, stopped);
        Assert.Contains("No service is listening at", output.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Healthcheck_SavedSettingsHaveErrors_AsksTheServiceThatContinuesWithTheEarlierOnes()
    {
        using var folder = new TestFolder();
        var settings = new WorkerSettings(folder).Set("Operations:Url", $"http://127.0.0.1:{FreePort.Next()}");
        await using var worker = await WorkerProcess.ServeAsync(settings);

        var (exitCode, output) = await WorkerProcess.RunAsync(
            folder.Path, "healthcheck", "--config", settings.Set("Ruotes", new JsonArray()).Write());

        Assert.Equal(0, exitCode);
        Assert.Contains("Ruotes: is not a setting", output.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("https://console.example.com")]
    public async Task Healthcheck_DestinationIsParked_SaysWhyAndSucceeds(string? publicUrl)
    {
        using var folder = new TestFolder();
        using var chat = ChatServer.Start();
        chat.Script.Always("web", new ChatResponse(200, """{"ok":false,"error":"token_revoked"}"""));
        var settings = new WorkerSettings(folder).Set("Operations:Url", $"http://127.0.0.1:{FreePort.Next()}")
            .Destination("web", chat, ChatKind.SlackBot).Route("web");
        // Then /health/ready shows names only with a secret, which the command does not send.
        if (publicUrl is not null) settings.Set("Operations:PublicUrl", publicUrl).Set("Operations:Secrets:0", TestSecrets.Operations);
        await using var worker = await WorkerProcess.ServeAsync(settings);
        await worker.Ingress.AcceptsAsync([1], "WEB");
        await worker.Output.SaysAsync("web is parked");

        var (exitCode, output) = await WorkerProcess.RunAsync(folder.Path, "healthcheck", "--config", settings.Write());

        Assert.Equal(0, exitCode);
        Assert.Contains("The service is degraded.", output.Error, StringComparison.Ordinal);
        var reason = publicUrl is null ? "web is parked (bad-credentials), 1 delivery waits." : "The command \"status\" shows it.";
        Assert.Contains(reason, output.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Serve_SettingsInTheEnvironment_OverrideTheFile()
    {
        using var folder = new TestFolder();
        using var chat = ChatServer.Start();
        var settings = new WorkerSettings(folder).Destination("file", chat, ChatKind.SlackBot)
            .Destination("environment", chat, ChatKind.SlackBot).Route("file");
        settings.Environment["Routes__0__To__0"] = "environment";
        settings.Environment["Destinations__environment__Token"] = "xoxb-from-the-environment";
        await using var worker = await WorkerProcess.ServeAsync(settings);

        await worker.Ingress.AcceptsAsync([1]);
        await worker.Operations.DrainedAsync();

        Assert.Equal(["Bearer xoxb-from-the-environment"], chat.PostedTo("environment").Select(call => call.Authorization));
        Assert.Empty(chat.CallsTo("file"));
    }

    [Fact]
    public async Task Init_ThenRender_WorksInTheNewFolder()
    {
        using var folder = new TestFolder();

        var (written, output) = await WorkerProcess.RunAsync(folder.Path, "init", "--yes");
        var (shown, message) = await WorkerProcess.RunAsync(folder.Path, "render", "--event", "defect.created", "--to", "lobby");

        Assert.Equal((0, ""), (written, output.Error.Trim()));
        Assert.Equal((0, ""), (shown, message.Error.Trim()));
        Assert.Contains("Checkout total ignores the voucher", message.Standard, StringComparison.Ordinal);
        Assert.DoesNotContain('\u001b', message.Standard);
    }

    [Fact]
    public async Task Completion_Bash_CompletesALine()
    {
        using var folder = new TestFolder();
        var (exitCode, script) = await WorkerProcess.RunAsync(folder.Path, "completion", "bash", "--name", "dn");
        Assert.Equal(0, exitCode);
        await File.WriteAllTextAsync(
            folder.File("try.sh"),
            script.Standard + """

            COMP_LINE='dn outbox re' COMP_POINT=12 COMP_WORDS=(dn outbox re) COMP_CWORD=2
            _defect_notifier
            echo "${COMPREPLY[@]}"
            """,
            TestContext.Current.CancellationToken);

        using var bash = Process.Start(
            new ProcessStartInfo("bash", [folder.File("try.sh")]) { RedirectStandardOutput = true, UseShellExecute = false })!;

        Assert.Equal("resume retry", (await bash.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken)).Trim());
    }
}
