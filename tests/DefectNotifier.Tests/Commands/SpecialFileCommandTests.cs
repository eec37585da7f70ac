using DefectNotifier.Testing;

namespace DefectNotifier.Tests.Commands;

/// <summary>Commands that find something else in the place of a file: they report it and neither wait nor read it all.</summary>
public sealed class SpecialFileCommandTests : IDisposable
{
    private readonly CommandFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Render_EventIsHuge_IsAnError()
    {
        SpecialFile.Make("sparse", _folder.PathOf("event.json"));

        var run = await RunAsync("render", "--platform", "slack", "--event", _folder.PathOf("event.json"));

        Assert.Equal((2, ""), (run.ExitCode, run.Output));
        Assert.Contains("event.json' is larger than 64 MB.", run.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("fifo")]
    [InlineData("folder")]
    [InlineData("sparse")]
    public async Task Any_SettingsAreNoRegularFile_IsAnError(string kind)
    {
        SpecialFile.Make(kind, _folder.PathOf("settings.json"));

        var run = await RunAsync("serve", "--config", _folder.PathOf("settings.json"));

        Assert.Equal((2, ""), (run.ExitCode, run.Output));
        Assert.Contains("settings.json", run.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(2, "serve")]
    [InlineData(1, "check")]
    [InlineData(2, "route", "--event", "defect.created")]
    [InlineData(2, "send", "--event", "defect.created", "--to", "web-qa")]
    [InlineData(2, "replay", "--since", "1d")]
    // A service at the default address may respond, such as the demo of another test.
    [InlineData(null, "outbox", "list")]
    [InlineData(null, "silence", "list")]
    [InlineData(null, "status")]
    [InlineData(null, "healthcheck")]
    public async Task Any_SettingsAreAFolder_SaysHowToFixIt(int? exitCode, params string[] command)
    {
        SpecialFile.Make("folder", _folder.PathOf("settings.json"));

        var run = await RunAsync([.. command, "--config", _folder.PathOf("settings.json")]);

        Assert.Equal(exitCode ?? run.ExitCode, run.ExitCode);
        Assert.Matches(
            $"{_folder.PathOf("settings.json")}: (error settings-file: )?is a folder and not a settings file. Docker creates",
            run.Output + run.Error);
    }

    [Theory]
    [InlineData("fifo", "The file is not a regular file but a FIFO, a socket or a device.")]
    [InlineData("sparse", "The file is larger than 64 kB.")]
    [InlineData("device", "The file leads out of the template folder, to '/dev/zero'.")]
    public async Task Check_TemplateIsNoRegularFile_IsAFinding(string kind, string message)
    {
        var settings = _folder.WriteSettings("""[ { "To": [ "web-qa" ] } ]""");
        SpecialFile.Make(kind, _folder.PathOf("words/defect.created.sbn"));

        var run = await RunAsync("check", "--config", settings);

        Assert.Equal(1, run.ExitCode);
        Assert.Contains($"words/defect.created.sbn: error unreadable-file: {message}", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Check_FolderLeadsOut_IsAFinding()
    {
        var settings = _folder.WriteSettings("""[ { "To": [ "web-qa" ] } ]""");
        File.CreateSymbolicLink(_folder.PathOf("words/finance"), "/etc");

        var run = await RunAsync("check", "--config", settings);

        Assert.Equal(1, run.ExitCode);
        Assert.Contains("words: error unreadable-file: The template folder '", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Init_TemplateIsAFifo_NeedsForceAndReplacesIt()
    {
        var template = _folder.Write("new/templates/defect.created.sbn", "");
        File.Delete(template);
        SpecialFile.Make("fifo", template);

        var refused = await RunAsync("init", "--dir", _folder.PathOf("new"), "--yes");
        var forced = await RunAsync("init", "--dir", _folder.PathOf("new"), "--yes", "--force");

        Assert.Contains($"{template} already exists.", refused.Error, StringComparison.Ordinal);
        Assert.Equal(0, forced.ExitCode);
        Assert.Equal(
            File.ReadAllText(Repository.PathOf("templates/defect.created.sbn")),
            await File.ReadAllTextAsync(template, TestContext.Current.CancellationToken));
    }

    // A command that opened a FIFO would never end.
    private static Task<CommandRun> RunAsync(params string[] arguments) =>
        Task.Run(() => CommandRun.OfAsync(arguments)).WaitAsync(Eventually.Deadline, TestContext.Current.CancellationToken);
}
