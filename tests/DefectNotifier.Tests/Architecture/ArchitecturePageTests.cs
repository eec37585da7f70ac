using System.Reflection;
using System.Text.RegularExpressions;
using DefectNotifier.Chat;
using DefectNotifier.Events;
using DefectNotifier.Sql;
using DefectNotifier.Sqlite;
using DefectNotifier.Worker.Commands;

namespace DefectNotifier.Tests.Architecture;

/// <summary>The page for developers names only types and methods that exist.</summary>
public sealed partial class ArchitecturePageTests
{
    private static readonly string Text = File.ReadAllText(Repository.PathOf("src", "docs", "ARCHITECTURE.md"));

    private static readonly IReadOnlyList<Type> Types =
    [
        .. new[] { typeof(DefectKey), typeof(SqlOutbox), typeof(SqliteOutbox), typeof(DestinationTypes), typeof(CommandLine) }
            .SelectMany(type => type.Assembly.GetTypes()),
    ];

    public static TheoryData<string> Steps =>
        [.. Step().Matches(SectionOf("## The path of one event")).Select(match => match.Groups["step"].Value)];

    [Fact]
    public void WayOfOneEvent_ItsSteps_AreFound() => Assert.InRange(Steps.Count, 10, 40);

    [Theory]
    [MemberData(nameof(Steps))]
    public void WayOfOneEvent_EachStep_IsAMethodOfTheCode(string step)
    {
        var parts = step.Split('.');
        const BindingFlags Any = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static;

        var methods = Types.Where(type => type.Name == parts[0])
            .SelectMany(type => type.GetMethods(Any | BindingFlags.DeclaredOnly)).Select(method => method.Name);

        Assert.Contains(parts[1], methods);
    }

    [Fact]
    public void Page_EachTypeName_IsOfTheCode()
    {
        var known = Types.Select(type => type.Name.Split('`')[0]).ToHashSet(StringComparer.Ordinal);
        var words = Repository.Sources("src").Concat(Repository.Sources("tests"))
            .SelectMany(file => Word().Matches(File.ReadAllText(file))).Select(match => match.Value).ToHashSet(StringComparer.Ordinal);

        var unknown = Name().Matches(Text).Select(match => match.Groups["name"].Value).Distinct().Except(known).Except(words);

        Assert.Empty(unknown);
    }

    [Fact]
    public void Page_ItsDecisions_AreFewAndShort()
    {
        var decisions = SectionOf("## Decisions").Split("\n\n", StringSplitOptions.RemoveEmptyEntries)
            .Where(paragraph => paragraph.TrimStart().StartsWith("**", StringComparison.Ordinal)).ToList();

        Assert.InRange(decisions.Count, 1, 20);
        Assert.All(decisions, decision => Assert.InRange(decision.Trim().Split('\n').Length, 1, 4));
    }

    private static string SectionOf(string heading)
    {
        var start = Text.IndexOf(heading + "\n", StringComparison.Ordinal);
        Assert.True(start >= 0, $"The page has no section '{heading}'.");
        var end = Text.IndexOf("\n## ", start + 1, StringComparison.Ordinal);
        return Text[(start + heading.Length + 1)..(end < 0 ? Text.Length : end)];
    }

    [GeneratedRegex(@"`(?<step>[A-Z]\w+\.[A-Z]\w+)`", RegexOptions.ExplicitCapture)]
    private static partial Regex Step();

    [GeneratedRegex(@"`(?<name>[A-Z][a-z]\w*[A-Z]\w*)`", RegexOptions.ExplicitCapture)]
    private static partial Regex Name();

    [GeneratedRegex(@"\b[A-Z]\w+\b")]
    private static partial Regex Word();
}
