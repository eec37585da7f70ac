using System.Text.Json.Nodes;

namespace DefectNotifier.Tests.Commands.Checking;

public sealed class CheckCommandTests
{
    [Theory]
    [InlineData(false, 0)]
    [InlineData(true, 1)]
    public async Task Command_OnlyAWarning_FailsOnlyWhenStrict(bool isStrict, int exitCode)
    {
        using var folder = new CheckFolder();
        folder.File("defect.create.sbn", "x");
        await folder.CheckAsync();

        var run = await CommandRun.OfAsync(["check", "--config", folder.ConfigFile, .. isStrict ? ["--strict"] : Array.Empty<string>()]);

        Assert.Equal((exitCode, ""), (run.ExitCode, run.Error));
        Assert.Contains("defect.create.sbn: warning template-name: ", run.Output, StringComparison.Ordinal);
        Assert.EndsWith("0 errors, 1 warning.", run.Output.TrimEnd(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Command_Json_WritesOneObject()
    {
        using var folder = new CheckFolder();
        folder.File("default.sbn", "x {{ defect.titel }}");
        await folder.CheckAsync();

        var run = await CommandRun.OfAsync("check", "--config", folder.ConfigFile, "--json");

        var finding = JsonNode.Parse(run.Output)!["findings"]![0]!;
        Assert.Equal((1, "error", "unknown-name"), (run.ExitCode, (string?)finding["severity"], (string?)finding["code"]));
        Assert.Equal("Did you mean 'defect.title'?", (string?)finding["suggestion"]);
    }

    [Fact]
    public async Task Command_NamesWithControlCharacters_AreCleaned()
    {
        using var folder = new CheckFolder();
        folder.File("[red]\u001b[31m\u202Edefect.sbn", "{{ 'x' }}").Set("Destinations:lobby:[bold]\u001b", "1");
        await folder.CheckAsync();

        var run = await CommandRun.OfAsync("check", "--config", folder.ConfigFile, "--quiet");

        Assert.DoesNotContain(run.Output, letter => letter is '\u001b' or '\u202E');
        Assert.Contains("[red]", run.Output, StringComparison.Ordinal);
        Assert.Contains("[bold]", run.Output, StringComparison.Ordinal);
        Assert.All(run.Output.TrimEnd().Split('\n'), line => Assert.Matches(": (error|warning) [a-z-]+: ", line));
    }

    [Theory]
    [InlineData("--config")]
    [InlineData("--templates")]
    [InlineData("--nosuch")]
    public async Task Command_WrongArgument_HasExitCodeTwo(string option)
    {
        var run = await CommandRun.OfAsync("check", option, "/nowhere");

        Assert.Equal(2, run.ExitCode);
        Assert.Contains(option, run.Error, StringComparison.Ordinal);
    }
}
