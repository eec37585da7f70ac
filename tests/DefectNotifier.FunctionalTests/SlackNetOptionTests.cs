using System.Diagnostics;
using DefectNotifier.FunctionalTests.Harness;

namespace DefectNotifier.FunctionalTests;

/// <summary>The build option <c>UseSlackNet</c>. The package itself is not needed, because nothing is restored here.</summary>
public sealed class SlackNetOptionTests
{
    [Fact]
    public async Task WithoutTheOption_NothingOfSlackNetIsReferencedOrCompiled()
    {
        var (exitCode, text) = await BuildAsync("-getItem:PackageReference,Compile", "-getProperty:DefineConstants");

        Assert.Equal(0, exitCode);
        Assert.Contains("SlackApiClient.cs", text, StringComparison.Ordinal);
        Assert.All(
            (string[])["\"SlackNet\"", "SlackNetApi", "USE_SLACKNET"], word => Assert.DoesNotContain(word, text, StringComparison.Ordinal));
    }

    [Fact]
    public async Task WithTheOption_SlackNetIsReferencedAndTheLockFilesAreLeftAlone()
    {
        var (exitCode, text) = await BuildAsync(
            "-p:UseSlackNet=true", "-getItem:PackageReference,Compile", "-getProperty:DefineConstants,NuGetLockFilePath");

        Assert.Equal(0, exitCode);
        Assert.Contains("\"Identity\": \"SlackNet\"", text, StringComparison.Ordinal);
        Assert.Contains("SlackNetApi.cs", text, StringComparison.Ordinal);
        Assert.Contains("USE_SLACKNET", text, StringComparison.Ordinal);
        Assert.Contains("obj/slacknet.lock.json", text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("PublishAot")]
    [InlineData("PublishTrimmed")]
    public async Task WithTheOptionAndTrimming_IsRefusedBeforeTheBuild(string property)
    {
        var (exitCode, text) = await BuildAsync("-p:UseSlackNet=true", $"-p:{property}=true", "-t:CollectPackageReferences");

        Assert.NotEqual(0, exitCode);
        Assert.Contains("UseSlackNet can't be combined with PublishAot or PublishTrimmed", text, StringComparison.Ordinal);
    }

    private static async Task<(int ExitCode, string Text)> BuildAsync(params string[] arguments)
    {
        var project = Path.Combine(RepositoryRoot.Path, "src", "DefectNotifier.Chat");
        var start = new ProcessStartInfo("dotnet", ["msbuild", project, "-nologo", "-nodeReuse:false", .. arguments])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
        };
        using var process = Process.Start(start)!;
        var text = await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return (process.ExitCode, text);
    }
}
