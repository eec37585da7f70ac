using DefectNotifier.Worker.Commands.Execution;
using DefectNotifier.Worker.Commands.Setup;

namespace DefectNotifier.Tests.Commands.Setup;

public sealed class InitCommandTests : IDisposable
{
    private const string Hook = "https://hooks.slack.com/services/T00000000/B00000000/hookPartQ8s7d6f5g4";
    private const string Token = "xoxb-" + "1111111111-2222222222-tokenPartA1b2C3d4E5f6";

    private const string Flow = "https://default0000.00.environment.api.powerplatform.com/powerautomate/automations/direct/workflows/x"
        + "/triggers/manual/paths/invoke?api-version=1&sp=%2Ftriggers%2Fmanual%2Frun&sv=1.0&sig=signaturePartZ9y8";

    private readonly CommandFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private string Settings => _folder.PathOf("new/appsettings.json");

    [Fact]
    public async Task Init_AllChats_WritesValidSettings()
    {
        var run = await InitAsync(
            "--slack-webhook",
            Hook,
            "--slack-token",
            Token,
            "--channel",
            "C0123456789",
            "--teams",
            Flow,
            "--project",
            "WEB,SHOP",
            "--project",
            "web");

        Assert.Equal((0, ""), (run.ExitCode, run.Error));
        var settings = CommandSettings.Read(Settings);
        Assert.Equal(
            ["slack", "slack-webhook", "teams"],
            settings.Destinations.Select(destination => destination.Name).Order(StringComparer.Ordinal));
        Assert.Equal(
            [Flow, Hook, Token],
            settings.Destinations.Select(destination => (destination.Url ?? destination.Token)!.Reveal()).Order(StringComparer.Ordinal));
        Assert.Equal(["WEB", "SHOP"], settings.Routes.Single().ProjectCodes);
        Assert.Equal(["slack", "slack-webhook", "teams"], settings.Routes.Single().To);
        var (ingress, operations) = (settings.Ingress.Secrets.Single().Reveal(), settings.OperationsSecrets.Single().Reveal());
        Assert.Matches("^[0-9a-f]{64} [0-9a-f]{64}$", $"{ingress} {operations}");
        Assert.NotEqual(ingress, operations);
        Assert.Matches($@"In Qase: .*\n.*\n  Secret  {ingress}\n", run.Output);
        Assert.Matches($@"Console and commands: .*\n  Secret  {operations}\n.*Operations:Secrets", run.Output);
        Assert.DoesNotContain("no chat", run.Output, StringComparison.Ordinal);
        Assert.EndsWith("}\n", await File.ReadAllTextAsync(Settings, TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Init_NoChat_SaysThatNothingIsSentAndHowToAddOne()
    {
        var run = await InitAsync("--yes");

        Assert.Contains("There is no chat yet: messages are only shown in the terminal", run.Output, StringComparison.Ordinal);
        Assert.Contains($" init --add --dir {SetupReport.Quote(_folder.PathOf("new"))}\n", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Init_Secrets_AreReadableOnlyByTheOwnerAndNotShown()
    {
        var run = await InitAsync("--slack-webhook", Hook, "--slack-token", Token, "--channel", "C0123456789", "--teams", Flow);

        if (!OperatingSystem.IsWindows()) Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Settings));
        Assert.All(
            (string[])["hookPart", "tokenPart", "signaturePart"],
            secret => Assert.DoesNotContain(secret, run.Output + run.Error, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Init_Templates_AreTheBuiltInOnes()
    {
        await InitAsync("--yes");

        var templates = Repository.PathOf("templates");
        var shipped = Directory.GetFiles(templates, "*.sbn", SearchOption.AllDirectories);
        string CopyOf(string file) => _folder.PathOf(Path.Combine("new/templates", Path.GetRelativePath(templates, file)));
        Assert.NotEmpty(shipped);
        Assert.All(shipped, file => Assert.Equal(File.ReadAllText(file), File.ReadAllText(CopyOf(file))));
    }

    [Fact]
    public async Task Init_Yes_ShowsMessagesInTheTerminal()
    {
        var run = await InitAsync("--yes", "--quiet");

        var settings = CommandSettings.Read(Settings);
        Assert.Equal("sandbox", settings.Destinations.Single().Type);
        Assert.Empty(settings.Routes.Single().ProjectCodes);
        Assert.Equal(settings.Ingress.Secrets.Single().Reveal(), run.Output.Trim());
    }

    [Fact]
    public async Task Init_Test_SendsAMessageAtTheEnd()
    {
        var run = await InitAsync("--yes", "--test");

        Assert.Equal((0, ""), (run.ExitCode, run.Error));
        Assert.Contains("lobby (Slack): delivered", run.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/srv/notifier", "/srv/notifier")]
    [InlineData("/home/anna/my notifier", "'/home/anna/my notifier'")]
    [InlineData("it's $HOME", "'it'\\''s $HOME'")]
    public void Quote_AnyPath_IsOneWordInAShell(string path, string expected) => Assert.Equal(expected, SetupReport.Quote(path));

    [Fact]
    public async Task Init_ExistingFiles_AreKeptUnlessForced()
    {
        var template = _folder.Write("new/templates/defect.created.sbn", "ours");
        _folder.Write("new/appsettings.json", "{}");
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(Settings, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.OtherRead);

        var refused = await InitAsync("--yes");
        Assert.Equal((1, ""), (refused.ExitCode, refused.Output));
        Assert.Contains($"{Settings} already exists.", refused.Error, StringComparison.Ordinal);
        Assert.Contains($"{template} already exists.", refused.Error, StringComparison.Ordinal);
        Assert.Equal(
            ("{}", "ours"),
            (
                await File.ReadAllTextAsync(Settings, TestContext.Current.CancellationToken),
                await File.ReadAllTextAsync(template, TestContext.Current.CancellationToken)));
        Assert.Single(Directory.GetFiles(_folder.PathOf("new/templates")));

        var forced = await InitAsync("--yes", "--force");
        Assert.Equal(0, forced.ExitCode);
        Assert.Contains($"Overwrote {Settings}.", forced.Output, StringComparison.Ordinal);
        Assert.Contains($"Overwrote {template}.", forced.Output, StringComparison.Ordinal);
        if (!OperatingSystem.IsWindows()) Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Settings));
        Assert.Equal("sandbox", CommandSettings.Read(Settings).Destinations.Single().Type);
        Assert.Equal([Settings], Directory.GetFiles(_folder.PathOf("new")));
    }

    [Fact]
    public async Task Init_UnchangedTemplates_DoNotNeedForce()
    {
        await InitAsync("--yes");
        File.Delete(Settings);

        Assert.Equal(0, (await InitAsync("--yes")).ExitCode);
    }

    [Theory]
    [InlineData("This terminal is not interactive")]
    [InlineData("--slack-token and --channel must be used together", "--slack-token", "xoxb-1")]
    [InlineData("--slack-token and --channel must be used together", "--channel", "C0123456789")]
    [InlineData("Destinations:slack:Channel", "--slack-token", "xoxb-1-2-a", "--channel", "#general")]
    [InlineData("Destinations:slack-webhook:Url", "--slack-webhook", "http://hooks.slack.com/services/hookPart")]
    [InlineData("Destinations:teams:Url", "--teams", "https://example.com/?sig=signaturePart")]
    public async Task Init_WrongArguments_AreReportedAndNothingIsWritten(string expected, params string[] arguments)
    {
        var run = await InitAsync(arguments);

        Assert.Equal((2, false), (run.ExitCode, Directory.Exists(_folder.PathOf("new"))));
        Assert.Contains(expected, run.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("hookPart", run.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("signaturePart", run.Error, StringComparison.Ordinal);
    }

    private Task<CommandRun> InitAsync(params string[] arguments) =>
        CommandRun.OfAsync(["init", "--dir", _folder.PathOf("new"), .. arguments]);
}
