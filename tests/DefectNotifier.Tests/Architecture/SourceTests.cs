using System.Text.RegularExpressions;

namespace DefectNotifier.Tests.Architecture;

/// <summary>Rules for every source file.</summary>
public sealed partial class SourceTests
{
    [Fact]
    public void Sources_File_HoldsTheTypeThatItIsNamedAfter()
    {
        var offenders = Repository.Sources("src").Concat(Repository.Sources("tests"))
            .Select(file => (
                File: file,
                Types: TopLevelType().Matches(File.ReadAllText(file)).Select(match => match.Groups["name"].Value).ToList()))
            .Where(found => found.Types.Count > 0 && !found.Types.Contains(Path.GetFileNameWithoutExtension(found.File).Split('.')[0]));

        Assert.Empty(offenders.Select(found => $"{Path.GetFileName(found.File)}: {string.Join(", ", found.Types)}"));
    }

    [Fact]
    public void Sources_Namespaces_AreTheirFolders()
    {
        var offenders = from file in Repository.Sources("src").Concat(Repository.Sources("tests"))
                        let found = Namespace().Match(File.ReadAllText(file))
                        where found.Success
                        let folder = Path.GetDirectoryName(Path.GetRelativePath(Repository.Root, file))!
                        let expected = string.Join('.', folder.Split('/').Skip(1))
                        where found.Groups["name"].Value != expected
                        select $"{file}: {found.Groups["name"].Value} instead of {expected}";

        Assert.Empty(offenders);
    }

    [Fact]
    public void Sources_Lines_AreAtMost140CharactersLong() =>
        Assert.Empty(Repository.Sources("src").Concat(Repository.Sources("tests")).SelectMany(file => LongLines(file, 140)));

    [Fact]
    public void Documents_Lines_AreAtMost120CharactersLong() =>
        Assert.Empty(Repository.MarkdownFiles.SelectMany(file => LongLines(file, 120)));

    [Fact]
    public void LogMessages_EventIds_AreUnique()
    {
        var ids = Repository.Sources("src").SelectMany(file => LogMessageId().Matches(File.ReadAllText(file)))
            .Select(match => int.Parse(match.Groups["id"].Value)).ToList();

        Assert.NotEmpty(ids);
        Assert.Empty(ids.GroupBy(id => id).Where(same => same.Count() > 1).Select(same => same.Key));
    }

    [Fact]
    public void Repository_TopLevel_HoldsWhatItMayHold() =>
        Assert.Empty(Directory.EnumerateFileSystemEntries(Repository.Root)
            .Select(entry => Path.GetFileName(entry)!).Where(name => name[0] != '.')
            .Except(["src", "tests", "templates", "DefectNotifier.sln", "README.md", "appsettings.example.json"])
            .Except(["Dockerfile", "global.json", "LICENSE"])
            // What running the program there leaves behind; .gitignore names it too.
            .Except(["data", "appsettings.json", "TestResults"]));

    // A row of a table can't be wrapped, and a command is shown as it is typed.
    private static IEnumerable<string> LongLines(string file, int limit)
    {
        var isFenced = false;
        var (isDocument, number) = (file.EndsWith(".md", StringComparison.Ordinal), 0);
        foreach (var line in File.ReadLines(file))
        {
            number++;
            if (isDocument && line.TrimStart().StartsWith("```", StringComparison.Ordinal)) isFenced = !isFenced;
            if (line.Length > limit && !(isDocument && (isFenced || line.StartsWith('|')))) yield return $"{file}:{number}: {line.Length}";
        }
    }

    [GeneratedRegex(
        @"^(?:(?:public|internal|file|static|abstract|sealed|partial|readonly|ref)\s+)*" +
        @"(?:class|record struct|record class|record|struct|interface|enum)\s+(?<name>\w+)",
        RegexOptions.Multiline | RegexOptions.ExplicitCapture)]
    private static partial Regex TopLevelType();

    [GeneratedRegex(@"^namespace (?<name>[\w.]+);", RegexOptions.Multiline | RegexOptions.ExplicitCapture)]
    private static partial Regex Namespace();

    [GeneratedRegex(@"\[LoggerMessage\((?:EventId = )?(?<id>\d+)", RegexOptions.ExplicitCapture)]
    private static partial Regex LogMessageId();
}
