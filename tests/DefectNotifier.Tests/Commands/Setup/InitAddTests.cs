using DefectNotifier.Worker.Commands.Execution;

namespace DefectNotifier.Tests.Commands.Setup;

/// <summary><c>init --add</c>: a destination or a route for existing settings.</summary>
public sealed class InitAddTests : IDisposable
{
    private const string Token = "xoxb-" + "1111111111-2222222222-tokenPartA1b2C3d4E5f6";

    private readonly CommandFolder _folder = new();

    private string Settings => _folder.PathOf("appsettings.json");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Add_SlackBot_AddsADestinationAndARouteAndKeepsTheRest()
    {
        const string Before =
            """
            {
              // Written by hand.
              "Ingress": { "Secrets": [ "7d1f0c9e5b3a48261f7e" ] },
              "Destinations": {
                "slack": { "Type": "sandbox" } // the lobby
              },
              "Routes": [
                // Everything else.
                { "To": [ "slack" ] }
              ]
            }
            """;
        _folder.Write("appsettings.json", Before);

        var run = await AddAsync("--slack-token", Token, "--channel", "C0123456789", "--project", "WEB");

        Assert.Equal((0, ""), (run.ExitCode, ErrorsIn(run)));
        var settings = CommandSettings.Read(Settings);
        Assert.Equal(Token, settings.Destinations.Single(one => one.Name == "slack-2").Token!.Reveal());
        Assert.Equal(["WEB"], settings.Routes[0].ProjectCodes);
        Assert.Equal((string[])["slack-2"], settings.Routes[0].To);
        Assert.Equal((string[])["slack"], settings.Routes[1].To);
        var text = await File.ReadAllTextAsync(Settings, TestContext.Current.CancellationToken);
        Assert.All(
            Before.Split('\n').Select(line => line.Trim()).Where(line => line.Contains("//", StringComparison.Ordinal)),
            line => Assert.Contains(line.Replace(" // the", ", // the", StringComparison.Ordinal), text, StringComparison.Ordinal));
        Assert.Contains($"Added Routes:0, to slack-2, to {Settings}.", run.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("tokenPart", run.Output + run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Add_NameAndNoSettings_AddsBoth()
    {
        _folder.Write("appsettings.json", "{}");

        var run = await AddAsync("--yes", "--name", "web-qa", "--test");

        Assert.Equal((0, ""), (run.ExitCode, ErrorsIn(run)));
        var settings = CommandSettings.Read(Settings);
        Assert.Equal("web-qa", settings.Destinations.Single().Name);
        Assert.Equal((string[])["web-qa"], settings.Routes.Single().To);
        Assert.Contains("web-qa (Slack): delivered", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Add_RouteToAnExistingDestination_AddsNoDestination()
    {
        _folder.Write(
            "appsettings.json",
            """{ "Destinations": { "web": { "Type": "sandbox" } }, "Routes": [ { "ProjectCodes": "WEB", "To": [ "web" ] } ] }""");

        var run = await AddAsync("--to", "web", "--project", "SHOP");

        Assert.Equal((0, ""), (run.ExitCode, ErrorsIn(run)));
        var settings = CommandSettings.Read(Settings);
        Assert.Single(settings.Destinations);
        Assert.Equal(["WEB", "SHOP"], settings.Routes.Select(route => Assert.Single(route.ProjectCodes)));
    }

    // What init tells the user to do next.
    [Theory]
    [InlineData]
    [InlineData("--project", "WEB")]
    public async Task Add_ToSettingsWithoutAChat_BothGetTheEvents(params string[] project)
    {
        await CommandRun.OfAsync(["init", "--yes", "--dir", _folder.Root, .. project]);
        var before = CommandSettings.Read(Settings);

        var run = await AddAsync(["--slack-token", Token, "--channel", "C0123456789", .. project]);

        Assert.Equal((0, ""), (run.ExitCode, ErrorsIn(run)));
        var settings = CommandSettings.Read(Settings);
        Assert.Equal(["lobby", "slack"], settings.Routes.SelectMany(route => route.To));
        Assert.Equal(
            (before.OperationsSecrets.Single().Reveal(), before.Ingress.Secrets.Single().Reveal()),
            (settings.OperationsSecrets.Single().Reveal(), settings.Ingress.Secrets.Single().Reveal()));
    }

    [Theory]
    [InlineData("The new Routes:1 never matches: the earlier Routes:0 takes every event", "--yes")]
    [InlineData("--to: there is no destination 'no-such'. Available: lobby.", "--to", "no-such", "--project", "WEB")]
    [InlineData("--to: there is no destination 'loby'. Available: lobby. Did you mean 'lobby'?", "--to", "lobby", "--to", "loby")]
    [InlineData("Destinations:slack:Channel", "--slack-token", "xoxb-1-2-a", "--channel", "#general", "--project", "WEB")]
    [InlineData("--name: names one new destination", "--to", "lobby", "--name", "other")]
    [InlineData("--add and --force can't be used together", "--yes", "--force")]
    public async Task Add_CannotWork_ChangesNothing(string expected, params string[] arguments)
    {
        const string Before = """{ "Destinations": { "lobby": { "Type": "sandbox" } }, "Routes": [ { "To": [ "lobby" ] } ] }""";
        _folder.Write("appsettings.json", Before);

        var run = await AddAsync(arguments);

        Assert.Equal(2, run.ExitCode);
        Assert.Contains(expected, run.Error, StringComparison.Ordinal);
        Assert.Equal(Before, await File.ReadAllTextAsync(Settings, TestContext.Current.CancellationToken));
    }

    [Theory]
    [InlineData("there is no file", null)]
    [InlineData("appsettings.json: ", "{ broken")]
    public async Task Add_NoSettings_IsAnError(string expected, string? before)
    {
        if (before is not null) _folder.Write("appsettings.json", before);

        var run = await AddAsync("--yes");

        Assert.Equal(2, run.ExitCode);
        Assert.Contains(expected, run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Add_Owner_KeepsThePermissionsAndWarnsWhenOthersCanRead()
    {
        if (OperatingSystem.IsWindows()) return;
        _folder.Write("appsettings.json", """{ "Ingress": { "Secrets": [ "7d1f0c9e5b3a48261f7e" ] } }""");
        const UnixFileMode Mode = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.OtherRead;
        File.SetUnixFileMode(Settings, Mode);

        var run = await AddAsync("--slack-token", Token, "--channel", "C0123456789");

        Assert.Equal((0, Mode), (run.ExitCode, File.GetUnixFileMode(Settings)));
        Assert.Contains($"Other users can read {Settings}", run.Error, StringComparison.Ordinal);
    }

    // Temporary files of tests can be read by others.
    private static string ErrorsIn(CommandRun run) => run.Error.StartsWith("Other users", StringComparison.Ordinal) ? "" : run.Error;

    private Task<CommandRun> AddAsync(params string[] arguments) =>
        CommandRun.OfAsync(["init", "--add", "--dir", _folder.Root, .. arguments]);
}
