using System.Text.RegularExpressions;

namespace DefectNotifier.Tests.Architecture;

public sealed partial class DockerfileTests
{
    private static readonly string[] Lines = File.ReadAllText(Repository.PathOf("Dockerfile")).Replace("\\\n", "").Split('\n');

    [Fact]
    public void EachRestore_ChecksTheLockFilesFirst()
    {
        var restores = Lines.Where(line => line.Contains("dotnet restore", StringComparison.Ordinal)).ToList();

        Assert.NotEmpty(restores);
        Assert.All(restores, line => Assert.Contains("--locked-mode", line.Split("&&")[0]));
        Assert.DoesNotContain(Lines, line => RestoresByItself().IsMatch(line) && !line.Contains("--no-restore", StringComparison.Ordinal));
    }

    [Fact]
    public void EachBaseImage_TakesADigest()
    {
        var images = Lines.Where(line => line.StartsWith("FROM ", StringComparison.Ordinal) && line.Contains('/')).ToList();

        Assert.NotEmpty(images);
        Assert.All(images, line =>
        {
            var argument = Digest().Match(line).Groups["name"].Value;
            Assert.Contains($"ARG {argument}=", Lines);
        });
    }

    [GeneratedRegex("dotnet (build|publish|run|test) ")]
    private static partial Regex RestoresByItself();

    [GeneratedRegex(@"\$\{(?<name>[A-Z]+_DIGEST)\}( AS |$)")]
    private static partial Regex Digest();
}
