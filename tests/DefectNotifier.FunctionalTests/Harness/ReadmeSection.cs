using System.Reflection;
using System.Text.RegularExpressions;

namespace DefectNotifier.FunctionalTests.Harness;

/// <summary>One section of the README, with those below it, and what a reader would type of it.</summary>
internal sealed partial class ReadmeSection
{
    private static readonly string Repository = typeof(ReadmeSection).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(entry => entry.Key == "Repository").Value!;

    private readonly string[] _lines;

    public ReadmeSection(string heading)
    {
        var lines = File.ReadAllLines(Path.Combine(Repository, "README.md"));
        var start = Array.IndexOf(lines, heading);
        Assert.True(start >= 0, $"The README has no section '{heading}'.");
        _lines = [heading, .. lines[(start + 1)..].TakeWhile(line => !line.StartsWith("## ", StringComparison.Ordinal))];
    }

    /// <summary>
    /// The lines of the fenced blocks, then the commands of the tables' first columns: each as it stands, and, where its row names options, once more with all of them.
    /// </summary>
    public IEnumerable<string> Commands => Fenced().Concat(Tabled());

    /// <summary>What stands in the running text and the tables as <c>code</c>.</summary>
    public IEnumerable<string> Spans => _lines.SelectMany(SpansOf);

    private IEnumerable<string> Fenced()
    {
        var isInside = false;
        foreach (var line in _lines)
        {
            if (line.Trim().StartsWith("```", StringComparison.Ordinal)) isInside = !isInside;
            else if (isInside) yield return line.Trim();
        }
    }

    private IEnumerable<string> Tabled()
    {
        foreach (var cells in _lines.Where(line => line.StartsWith('|')).Select(line => line.Split('|')))
        {
            if (SpansOf(cells[1]).FirstOrDefault() is not { } command || !command.StartsWith("outbox ", StringComparison.Ordinal)) continue;
            yield return command;
            var options = SpansOf(cells[2]).Where(span => span.StartsWith("--", StringComparison.Ordinal)).ToList();
            if (options.Count > 0) yield return $"{command} {string.Join(' ', options)}";
        }
    }

    private static IEnumerable<string> SpansOf(string text) => Span().Matches(text).Select(match => match.Groups["span"].Value);

    [GeneratedRegex("`(?<span>[^`]+)`", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Span();
}
