namespace DefectNotifier.Tests.Commands.Previews;

/// <summary>The option <c>--digest</c> of <c>render</c>.</summary>
public sealed class RenderDigestTests
{
    [Theory]
    [InlineData("--digest 2 --platform slack", "2 new and changed defects in 2 projects")]
    [InlineData("--digest 200 --platform teams", " more with other titles")]
    [InlineData("--digest 10000 --platform slack", "9,800 new and changed defects and 200 other events")]
    [InlineData("--digest 200 --reply --platform slack", "Defects 1 to 40 of 200")]
    public async Task Render_Digest_IsMadeOfSamples(string options, string shown)
    {
        var run = await CommandRun.OfAsync(["render", .. options.Split(' ')]);
        var again = await CommandRun.OfAsync(["render", .. options.Split(' ')]);

        Assert.Equal((0, ""), (run.ExitCode, run.Error));
        Assert.Contains(shown, run.Output, StringComparison.Ordinal);
        Assert.Equal(run.Output, again.Output);
    }

    [Theory]
    [InlineData("", "Pass either --event or --digest.")]
    [InlineData("--digest 2 --event defect.created", "Pass either --event or --digest.")]
    [InlineData("--digest 0", "--digest: expected a number from 1 to 20000.")]
    [InlineData("--digest 20001", "--digest: expected a number from 1 to 20000.")]
    [InlineData("--digest many", "--digest: expected a number from 1 to 20000.")]
    [InlineData("--digest 2 --then defect.resolved", "--then: a digest is not about one defect.")]
    [InlineData("--digest 2 --severity blocker", "--severity: a digest is not about one defect.")]
    [InlineData("--digest 2 --reply", "--reply: the message of a digest of 2 lists all defects, so it has no replies.")]
    public async Task Render_WrongDigest_IsAnError(string options, string error)
    {
        var run = await CommandRun.OfAsync(
            ["render", .. options.Split(' ', StringSplitOptions.RemoveEmptyEntries), "--platform", "slack"]);

        Assert.NotEqual(0, run.ExitCode);
        Assert.Contains(error, run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Render_DigestWithAMisspelledName_HasAWarning()
    {
        using var folder = new CommandFolder();
        folder.Write("templates/digest.sbn", "# {{ digest.count }} {{ digest.hading }}");

        var run = await CommandRun.OfAsync(
            "render", "--digest", "2", "--platform", "slack", "--templates", folder.PathOf("templates"));

        Assert.Contains("There is no 'digest.hading'", run.Error, StringComparison.Ordinal);
        Assert.Contains("Did you mean 'digest.heading'?", run.Error, StringComparison.Ordinal);
    }
}
