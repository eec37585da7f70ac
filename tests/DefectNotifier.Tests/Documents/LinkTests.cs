using System.Text;
using System.Text.RegularExpressions;

namespace DefectNotifier.Tests.Documents;

/// <summary>Links within the repository lead somewhere, in all Markdown files.</summary>
public sealed partial class LinkTests
{
    [Fact]
    public void Links_ToFilesAndHeadings_LeadSomewhere()
    {
        var links = (from file in Repository.MarkdownFiles
                     from match in Link().Matches(WithoutCode(File.ReadAllText(file)))
                     let target = match.Groups["target"].Value
                     where !target.Contains("://", StringComparison.Ordinal) && !target.StartsWith("mailto:", StringComparison.Ordinal)
                     select (File: file, Target: target)).ToList();

        Assert.InRange(links.Count, 25, 1000);
        Assert.Empty(links.Where(link => !Exists(link.File, link.Target))
            .Select(link => $"{Path.GetRelativePath(Repository.Root, link.File)}: {link.Target}"));
    }

    [Fact]
    public void Documents_EachOne_IsLinkedFromTheReadme()
    {
        var readme = File.ReadAllText(Repository.PathOf("README.md"));

        Assert.All(
            Directory.EnumerateFiles(Repository.PathOf("src", "docs"), "*.md"),
            file => Assert.Contains($"](src/docs/{Path.GetFileName(file)}", readme, StringComparison.Ordinal));
    }

    private static bool Exists(string from, string target)
    {
        var parts = target.Split('#', 2);
        var file = parts[0].Length == 0 ? from : Path.GetFullPath(Path.Combine(Path.GetDirectoryName(from)!, parts[0]));
        if (!Path.Exists(file)) return false;
        return parts.Length == 1 || Heading().Matches(WithoutCode(File.ReadAllText(file)))
            .Any(match => AnchorOf(match.Groups["text"].Value) == parts[1]);
    }

    // As GitHub makes it: lower case, spaces become hyphens, other punctuation is dropped.
    private static string AnchorOf(string heading)
    {
        var anchor = new StringBuilder();
        foreach (var letter in heading.ToLowerInvariant())
        {
            if (char.IsLetterOrDigit(letter) || letter is '-' or '_') anchor.Append(letter);
            else if (letter == ' ') anchor.Append('-');
        }

        return anchor.ToString();
    }

    private static string WithoutCode(string text) => Code().Replace(text, "");

    [GeneratedRegex(@"\]\((?<target>[^)\s]+)\)", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Link();

    [GeneratedRegex(@"^#+ (?<text>.+)$", RegexOptions.ExplicitCapture | RegexOptions.Multiline, 1000)]
    private static partial Regex Heading();

    [GeneratedRegex(
        @"^ *(?<fence>````*)[^\n]*\n.*?^ *\k<fence> *$|`[^`\n]+`",
        RegexOptions.ExplicitCapture | RegexOptions.Multiline | RegexOptions.Singleline,
        1000)]
    private static partial Regex Code();
}
