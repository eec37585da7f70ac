using System.Text.Json.Nodes;
using DefectNotifier.FunctionalTests.Harness;

namespace DefectNotifier.FunctionalTests;

/// <summary>Errors that prevent the start, and their messages.</summary>
public sealed class StartErrorTests
{
    [Fact]
    public async Task Serve_SeveralErrors_ReportsAllWithTheirPaths()
    {
        using var folder = new TestFolder();
        using var chat = ChatServer.Down();
        var settings = new WorkerSettings(folder)
            .Destination("retired", chat, ChatKind.Teams)
            .Set(
                "Destinations:retired:Url",
                $"https://contoso.webhook.office.com/webhookb2/1234/IncomingWebhook/{TestSecrets.Signature}/5678")
            .Destination("workflow", chat, ChatKind.SlackWebhook)
            .Set("Destinations:workflow:Url", $"https://hooks.slack.com/triggers/T0/1/{TestSecrets.HookPart}")
            .Destination("plain", chat, ChatKind.SlackWebhook)
            .Set("Destinations:plain:Url", $"http://hooks.slack.com/services/T0/B0/{TestSecrets.HookPart}")
            .Destination("bot", chat, ChatKind.SlackBot).Set("Destinations:bot:Channel", "#general")
            .Set("Destinations:bot:Tokn", TestSecrets.Token)
            .Route("bot").Route("bott")
            .Set("Ingress:Url", "http://0.0.0.0:0")
            .Set("Delivery:InitialBackoff", "soon")
            .Set("Outbox:ConnectionString", $"Host=db1;Database=defects;Password={TestSecrets.Token};{TestSecrets.HookPart}=x")
            .Set("Outbx", new JsonObject { ["Path"] = "x" });

        var (exitCode, output) = await WorkerProcess.RunAsync(folder.Path, "serve", "--config", settings.Write());

        Assert.Equal(2, exitCode);
        string[] expected =
        [
            "Destinations:retired:Url: is an Office 365 connector, which Microsoft retired",
            "Destinations:workflow:Url: is an address of Slack's Workflow Builder",
            "Destinations:plain:Url: must be https",
            "Destinations:bot:Channel: is a name",
            "Destinations:bot:Tokn: is not a setting. Did you mean 'Token'?",
            "Routes:1:To:0: names destination 'bott', which does not exist. Did you mean 'bot'?",
            "Ingress:Secrets: is empty, and Ingress:Url is not on loopback",
            "Delivery:InitialBackoff: 'soon' is not a time",
            "Outbox:ConnectionString: has an unknown keyword after the value of 'password'",
            "Outbox:Path: is set together with ConnectionString; remove one of the two.",
            "Outbx: is not a setting. Did you mean 'Outbox'?",
        ];
        Assert.All(expected, line => Assert.Contains(line, output.Error, StringComparison.Ordinal));
        Assert.Equal(expected.Length + 1, output.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length);
        TestSecrets.AreNotIn(output.All, "The output");
        Assert.False(File.Exists(folder.File("outbox.db")));
    }

    [Theory]
    [InlineData("--confg", "settings.json")]
    [InlineData("sevre")]
    public async Task Run_UnknownArgument_ShowsHelp(params string[] arguments)
    {
        using var folder = new TestFolder();

        var (exitCode, output) = await WorkerProcess.RunAsync(folder.Path, arguments);

        Assert.Equal(2, exitCode);
        Assert.Contains(arguments[0], output.Error, StringComparison.Ordinal);
        Assert.Contains("--config", output.Standard, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Serve_DefaultFileIsAFolder_IsAnErrorThatSaysWhy()
    {
        using var folder = new TestFolder();
        var path = folder.File("appsettings.json");
        Directory.CreateDirectory(path);

        var (exitCode, output) = await WorkerProcess.RunAsync(folder.Path, "serve");

        Assert.Equal(2, exitCode);
        Assert.Contains($"{path}: is a folder and not a settings file. Docker creates a folder", output.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Check_NothingIsConfigured_Fails()
    {
        using var folder = new TestFolder();

        var (exitCode, output) = await WorkerProcess.RunAsync(folder.Path, "check");

        Assert.Equal(1, exitCode);
        Assert.Contains(
            $"{folder.File("appsettings.json")}: error settings-file: There is no settings file",
            output.Standard,
            StringComparison.Ordinal);
        Assert.Contains(
            $"templates: error unreadable-file: There is no folder {folder.File("templates")}",
            output.Standard,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task Check_DestinationsFromTheEnvironment_NeedNoFile()
    {
        using var folder = new TestFolder();
        Directory.CreateDirectory(folder.File("templates"));
        var environment = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["Destinations__lobby__Type"] = "sandbox",
            ["Routes__0__To__0"] = "lobby",
        };

        var (exitCode, output) = await WorkerProcess.RunAsync(folder.Path, environment, "check");

        Assert.True(exitCode == 0, output.All);
        Assert.Contains(
            $"No settings file at {folder.File("appsettings.json")}: the destinations come from environment variables",
            output.Standard,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task Serve_SettingsFileIsMissing_NamesIt()
    {
        using var folder = new TestFolder();

        var (exitCode, output) = await WorkerProcess.RunAsync(folder.Path, "serve", "--config", "missing.json");

        Assert.Equal(2, exitCode);
        Assert.Contains("there is no file 'missing.json'", output.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Serve_FileIsNotJson_NamesTheLineAndShowsNoContent()
    {
        using var folder = new TestFolder();
        await File.WriteAllTextAsync(
            folder.File("broken.json"),
            $$"""{ "Ingress": { "Secrets": ["{{TestSecrets.Ingress}}" """,
            TestContext.Current.CancellationToken);

        var (exitCode, output) = await WorkerProcess.RunAsync(folder.Path, "serve", "--config", "broken.json");

        Assert.Equal(2, exitCode);
        Assert.Contains("broken.json:1:", output.Error, StringComparison.Ordinal);
        TestSecrets.AreNotIn(output.All, "The output");
    }

    [Fact]
    public async Task Serve_OutboxInUse_FailsAndTheFirstWorkerGoesOn()
    {
        using var folder = new TestFolder();
        using var chat = ChatServer.Start();
        var settings = new WorkerSettings(folder).Destination("web", chat, ChatKind.SlackWebhook).Route("web");
        await using var first = await WorkerProcess.ServeAsync(settings);

        var (exitCode, output) = await WorkerProcess.RunAsync(folder.Path, "serve", "--config", settings.Write());

        Assert.Equal(1, exitCode);
        Assert.Contains("is in use by another process", output.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", output.All, StringComparison.Ordinal);
        await first.Ingress.AcceptsAsync([1]);
        await chat.PostedAsync("web", 1);
    }

    [Theory]
    [InlineData("Ingress:Url")]
    [InlineData("Operations:Url")]
    public async Task Serve_PortInUse_NamesItAndItsSetting(string setting)
    {
        using var folder = new TestFolder();
        using var chat = ChatServer.Start();
        var taken = new Uri(chat.AddressOf("web", ChatKind.SlackBot)).Port;
        var settings = new WorkerSettings(folder).Destination("web", chat, ChatKind.SlackWebhook).Route("web")
            .Set(setting, $"http://127.0.0.1:{taken}");

        var (exitCode, output) = await WorkerProcess.RunAsync(folder.Path, "serve", "--config", settings.Write());

        Assert.Equal(1, exitCode);
        Assert.StartsWith(
            $"DefectNotifier can't start: it can't listen at http://127.0.0.1:{taken}/ ({setting}): Address already in use.",
            output.Error,
            StringComparison.Ordinal);
        Assert.DoesNotContain("outbox is closed", output.All, StringComparison.Ordinal);
        Assert.DoesNotContain("DefectNotifier stops", output.All, StringComparison.Ordinal);
    }
}
