using DefectNotifier.Worker.Commands.Completion;

namespace DefectNotifier.Tests.Commands.Completion;

public sealed class CompletionTests : IDisposable
{
    private readonly CommandFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("  defect-notifier [command] [options]", "--help")]
    [InlineData("  defect-notifier outbox list [options]", "outbox", "list", "--help")]
    [InlineData("  defect-notifier send [options]", "send", "--nosuch")]
    public async Task Help_AnyCommand_HasTheNameOfTheDocuments(string usage, params string[] arguments) =>
        Assert.Contains(usage + "\n", (await CommandRun.OfAsync(arguments)).Output, StringComparison.Ordinal);

    [Theory]
    [InlineData("rend", "render")]
    [InlineData("render --event defect.", "defect.created,defect.deleted,defect.resolved,defect.updated")]
    [InlineData("render --platform ", "slack,teams")]
    [InlineData("route --severity m", "major,minor")]
    [InlineData("outbox list --state d", "dead,delivered,discarded")]
    [InlineData("completion ", "bash,fish,pwsh,zsh")]
    public async Task Suggest_Line_OffersTheValues(string line, string expected) =>
        Assert.Subset(await SuggestAsync(line), expected.Split(',').ToHashSet(StringComparer.Ordinal));

    [Theory]
    [InlineData("render --config {0} --to ")]
    [InlineData("send --config {0} --to ")]
    [InlineData("outbox list --config {0} --destination ")]
    [InlineData("outbox resume --config {0} ")]
    public async Task Suggest_Destination_OffersTheConfiguredOnes(string line) =>
        Assert.Subset(
            await SuggestAsync(string.Format(line, _folder.WriteSettings("[]"))),
            new HashSet<string>(StringComparer.Ordinal) { "web-qa", "billing" });

    [Theory]
    [InlineData("missing.json")]
    [InlineData("broken.json")]
    public async Task Suggest_UnreadableSettings_OffersNothingWithoutAnError(string file)
    {
        _folder.Write("broken.json", "{");

        var run = await CommandRun.OfAsync("[suggest]", $"render --config {_folder.PathOf(file)} --to ");

        Assert.Equal((0, "", ""), (run.ExitCode, run.Output.Trim(), run.Error));
    }

    [Theory]
    [InlineData("/app/DefectNotifier.Worker", "/app/DefectNotifier.Worker")]
    [InlineData("/usr/local/bin/dn", "/usr/local/bin/dn")]
    [InlineData("/usr/bin/dotnet", "/usr/bin/dotnet /app/DefectNotifier.Worker.dll")]
    public void Program_ExecutableOrDotnet_IsTheCommandThatRunsItAgain(string process, string expected) =>
        Assert.Equal(expected, string.Join(' ', CompletionCommand.Program(process, "/app/")));

    [Theory]
    [InlineData("bash", "complete -o default -F _defect_notifier dn")]
    [InlineData("zsh", "compdef _defect_notifier dn")]
    [InlineData("fish", "complete -c dn -a '(__defect_notifier)'")]
    [InlineData("pwsh", "Register-ArgumentCompleter -Native -CommandName 'dn'")]
    public async Task Completion_EachShell_WritesItsScript(string shell, string expected)
    {
        var run = await CommandRun.OfAsync("completion", shell, "--name", "dn");

        Assert.Equal((0, ""), (run.ExitCode, run.Error));
        Assert.Contains(expected, run.Output, StringComparison.Ordinal);
        Assert.Contains(Path.GetFileName(Environment.ProcessPath!), run.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("PROGRAM", run.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("NAME", run.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("csh")]
    [InlineData("bash", "--name", "x;reboot")]
    [InlineData("bash", "--name", "$(x)")]
    public async Task Completion_WrongArguments_AreRejected(params string[] arguments) =>
        Assert.Equal(2, (await CommandRun.OfAsync(["completion", .. arguments])).ExitCode);

    private static async Task<HashSet<string>> SuggestAsync(string line)
    {
        var run = await CommandRun.OfAsync($"[suggest:{line.Length}]", line);
        Assert.Equal((0, ""), (run.ExitCode, run.Error));
        return [.. run.Output.Split(Environment.NewLine, StringSplitOptions.RemoveEmptyEntries)];
    }
}
