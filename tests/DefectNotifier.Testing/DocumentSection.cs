using System.Text.RegularExpressions;

namespace DefectNotifier.Testing;

/// <summary>One section of a document with its subsections, and the commands in it.</summary>
public sealed partial class DocumentSection
{
    private readonly string[] _lines;

    /// <param name="repository">The root of the repository.</param>
    /// <param name="file">The document in it.</param>
    /// <param name="heading">With its leading <c>#</c>.</param>
    public DocumentSection(string repository, string file, string heading)
    {
        var lines = File.ReadAllLines(Path.Combine(repository, file));
        var start = Array.IndexOf(lines, heading);
        if (start < 0) throw new ArgumentException($"{file} has no section '{heading}'.", nameof(heading));
        var depth = heading.IndexOf(' ', StringComparison.Ordinal);
        _lines = [heading, .. lines[(start + 1)..].TakeWhile(line => !IsHeading(line, depth))];
    }

    /// <summary>
    /// The lines of the fenced blocks, then the commands in the first columns of tables: each as written, and if its row names options,
    /// again with all of them.
    /// </summary>
    public IEnumerable<string> Commands => Fenced().Concat(Tabled());

    /// <summary>Everything written as <c>code</c> in text and tables.</summary>
    public IEnumerable<string> TimeText => _lines.SelectMany(SpansOf);

    /// <summary>The rows of the tables without headings: the <c>code</c> in their cells.</summary>
    public IEnumerable<IReadOnlyList<string>> Rows => _lines.Where(
        line => line.StartsWith("| `", StringComparison.Ordinal)).Select(line => SpansOf(line).ToList());

    private static bool IsHeading(string line, int depth) =>
        line.TrimStart('#') is { Length: var rest } && line.Length - rest is var marks and > 0 && marks <= depth && line[marks] == ' ';

    /// <summary>The fenced blocks in a language.</summary>
    public IEnumerable<string> Blocks(string language)
    {
        for (var start = 0; start < _lines.Length; start++)
        {
            if (!_lines[start].StartsWith("```", StringComparison.Ordinal)) continue;
            string[] inside = [.. _lines[(start + 1)..].TakeWhile(line => line != "```")];
            if (_lines[start] == $"```{language}") yield return string.Join('\n', inside);
            start += inside.Length + 1;
        }
    }

    public IEnumerable<string> Fenced()
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
