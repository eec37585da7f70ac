using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace DefectNotifier.Tests.Architecture;

/// <summary>The order of the house: a stage uses only stages before it, a project only the ones that it may.</summary>
public sealed partial class FolderOrderTests
{
    private static readonly string[] Stages = ["Telemetry", "Events", "Routing", "Outbox", "Enrichment", "Rendering", "Delivery"];

    public static TheoryData<string> StageNames => [.. Stages];

    [Theory]
    [MemberData(nameof(StageNames))]
    public void Stage_ItsSources_UseOnlyStagesBeforeIt(string stage)
    {
        var later = Stages.SkipWhile(name => name != stage).Skip(1).ToHashSet(StringComparer.Ordinal);
        var sources = Repository.Sources("src", "DefectNotifier", stage).ToList();

        Assert.NotEmpty(sources);
        Assert.Empty(sources.SelectMany(file => StageInText().Matches(File.ReadAllText(file))
            .Select(match => match.Groups[1].Value).Where(later.Contains).Select(used => $"{Path.GetFileName(file)} uses {used}")));
    }

    [Fact]
    public void Pipeline_ItsFolders_AreTheStages() =>
        Assert.Equal(Stages.Order(StringComparer.Ordinal), Directory.GetDirectories(Repository.PathOf("src", "DefectNotifier"))
            .Select(folder => Path.GetFileName(folder)).Except(["bin", "obj"]).Order(StringComparer.Ordinal));

    [Theory]
    [InlineData("DefectNotifier", "")]
    [InlineData("DefectNotifier.Sqlite", "DefectNotifier")]
    [InlineData("DefectNotifier.Chat", "DefectNotifier")]
    [InlineData("DefectNotifier.Worker", "DefectNotifier DefectNotifier.Chat DefectNotifier.Sqlite")]
    public void Project_ItsReferences_AreTheAllowedOnes(string project, string references)
    {
        var file = XDocument.Load(Repository.PathOf("src", project, project + ".csproj"));

        var found = file.Descendants("ProjectReference").Select(reference => Path.GetFileNameWithoutExtension((string)reference.Attribute("Include")!));

        Assert.Equal(references.Split(' ', StringSplitOptions.RemoveEmptyEntries), found.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Pipeline_ItsSources_KnowNeitherWebNorDatabaseNorHttpClient() =>
        Assert.Empty(Repository.Sources("src", "DefectNotifier").Where(file => ForeignWord().IsMatch(File.ReadAllText(file))).Select(Path.GetFileName));

    [GeneratedRegex(@"DefectNotifier\.(\w+)")]
    private static partial Regex StageInText();

    [GeneratedRegex(@"\b(Microsoft\.AspNetCore|Microsoft\.Data|System\.Net\.Http|HttpClient|Sqlite\w+)\b")]
    private static partial Regex ForeignWord();
}
