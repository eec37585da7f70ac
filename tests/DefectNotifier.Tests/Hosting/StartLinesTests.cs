using DefectNotifier.Delivery.Sending;
using DefectNotifier.Routing;
using DefectNotifier.Worker.Hosting;
using DefectNotifier.Worker.Settings;

namespace DefectNotifier.Tests.Hosting;

/// <summary>The first lines of the log.</summary>
public sealed class StartLinesTests
{
    private static readonly NotifierSettings Settings = new()
    {
        OutboxPath = "data/outbox.db",
        Ingress = new IngressOptions
        {
            Secrets = [Secret.From("ingress-secret")!],
            Sources = [new IngressSourceOptions("mobile", [Secret.From("mobile-secret")!])],
        },
        Destinations =
        [
            new DestinationOptions { Name = "web-qa", Type = "slack", Channel = "C1", Token = Secret.From("xoxb-secret") },
            new DestinationOptions { Name = "lobby", Type = "sandbox", As = "teams" },
        ],
        Routes =
        [
            new RouteOptions
            {
                ProjectCodes = ["WEB", "SHOP*"], Events = ["defect.*"], MinSeverity = "major", To = ["web-qa"], Continue = true,
            },
            new RouteOptions { Severities = ["blocker"], To = ["web-qa", "lobby"] },
            new RouteOptions { To = ["lobby"] },
        ],
    };

    [Fact]
    public void Of_Settings_NamesEachPartWithFullPaths()
    {
        var lines = LinesOf(Settings, new SettingsOrigin("/etc/notifier/appsettings.json", HasFile: true, HasDestinations: true));

        Assert.StartsWith("DefectNotifier 0.", lines[0], StringComparison.Ordinal);
        Assert.Equal(
            [
                "Settings file: /etc/notifier/appsettings.json",
                $"No template folder at {Path.GetFullPath("templates")}: the built-in templates are used",
                $"Outbox: {Path.GetFullPath("data/outbox.db")}",
                "Destinations: web-qa (slack), lobby (sandbox as teams)",
                "Route 0: project WEB, SHOP*; event defect.*; severity major or worse -> web-qa, and continue",
                "Route 1: severity blocker -> web-qa, lobby",
                "Route 2: everything -> lobby",
                "Secret for webhooks (Ingress): set, and for the sources mobile; secret for operators (Operations): not set",
            ],
            lines[1..]);
        Assert.DoesNotContain("-secret", string.Concat(lines), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true, true, "Settings file: /app/appsettings.json")]
    [InlineData(true, false, "Settings file: /app/appsettings.json; it has no destinations, so messages are only shown here")]
    [InlineData(
        false, true, "No settings file at /app/appsettings.json: the destinations come from environment variables and /run/secrets")]
    [InlineData(false, false, "No settings file at /app/appsettings.json: messages are only shown here")]
    public void Of_Origin_SaysWhetherMessagesAreSent(bool hasFile, bool hasDestinations, string expected) =>
        Assert.Equal(expected, LinesOf(Settings, new SettingsOrigin("/app/appsettings.json", hasFile, hasDestinations))[1]);

    [Fact]
    public void Of_FolderOfTemplates_IsNamed()
    {
        using var folder = new TestTemplates();

        var settings = Settings with { Templates = Settings.Templates with { Path = folder.Path } };
        Assert.Contains($"Templates: {folder.Path}", LinesOf(settings, origin: null));
    }

    [Fact]
    public void Of_ManyRoutesAndNames_IsShortened()
    {
        var codes = Enumerable.Range(0, 25).Select(number => $"P{number}").ToList();
        var routes = Enumerable.Range(0, 12).Select(_ => new RouteOptions { ProjectCodes = codes, To = ["lobby"] }).ToList();

        var lines = LinesOf(Settings with { Routes = routes }, origin: null);

        Assert.Equal(10, lines.Count(line => line.StartsWith("Route ", StringComparison.Ordinal)));
        Assert.Contains("And 2 more routes", lines);
        Assert.Contains(lines, line => line.EndsWith("P18, P19 and 5 more -> lobby", StringComparison.Ordinal));
    }

    [Fact]
    public void Of_NoRoutes_SaysSo() => Assert.Contains(
        "No routes: every event is stored, and no message is sent", LinesOf(Settings with { Routes = [] }, origin: null));

    [Fact]
    public void LoginOf_Settings_NamesTheSettingWithTheSecret()
    {
        var secret = Secret.From("operator-secret")!;
        var access = Settings with { OperationsAccess = [new OperatorOptions("anna", secret, Permissions.Read)] };

        Assert.Equal("", StartLines.LoginOf(Settings));
        Assert.Contains("Operations:Secrets", StartLines.LoginOf(access with { OperationsSecrets = [secret] }), StringComparison.Ordinal);
        Assert.Contains("Operations:Access", StartLines.LoginOf(access), StringComparison.Ordinal);
    }

    private static List<string> LinesOf(NotifierSettings settings, SettingsOrigin? origin) =>
        [.. StartLines.Of(new LoadedSettings(settings, new Dictionary<string, string?>()) { Origin = origin })];

    private sealed class TestTemplates : IDisposable
    {
        private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("start-");

        public string Path => _folder.FullName;

        public void Dispose() => _folder.Delete();
    }
}
