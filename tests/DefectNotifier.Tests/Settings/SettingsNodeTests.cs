using CsCheck;
using DefectNotifier.Worker.Settings;
using Microsoft.Extensions.Configuration;

namespace DefectNotifier.Tests.Settings;

public sealed class SettingsNodeTests
{
    // Without numbers: lists are replaced as a whole, see SettingsListTests.
    private static readonly string[] Keys = ["a", "A", "b", "c0", "-1", ""];

    private static readonly Gen<string> Path =
        Gen.Int[0, Keys.Length - 1].Select(index => Keys[index]).Array[1, 4].Select(parts => string.Join(':', parts));

    private static readonly Gen<Dictionary<string, string?>> Source =
        Gen.Select(Path, Gen.String.Null()).Array[0, 12].Select(pairs =>
        {
            var source = new Dictionary<string, string?>(StringComparer.OrdinalIgnoreCase);
            foreach (var (path, value) in pairs) source[path] = value;
            return source;
        });

    [Fact]
    public void From_AnySources_HasTheSameValuesAsDotNetConfiguration() => Gen.Select(Source, Source).Sample((first, second) =>
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(first).AddInMemoryCollection(second).Build();

        var expected = configuration.AsEnumerable()
            .Where(pair => pair.Value is not null)
            .Select(pair => (pair.Key.ToUpperInvariant(), pair.Value!));
        var actual = SettingsNode.From(first, second).Values().Select(pair => (pair.Key.ToUpperInvariant(), pair.Value));
        Assert.Equal(expected.Order(), actual.Order());
    });

    [Fact]
    public void GetChildren_ManyItems_AreInNumericOrder()
    {
        var list = Enumerable.Range(0, 12).Reverse().Select(number => KeyValuePair.Create($"Routes:{number}:To", (string?)$"web-{number}"));

        var children = SettingsNode.From(list).GetSection("Routes").GetChildren();

        Assert.Equal(Enumerable.Range(0, 12).Select(number => number.ToString()), children.Select(child => child.Key));
    }

    [Fact]
    public void From_OtherCaseInALaterSource_KeepsTheSpellingOfTheFirst()
    {
        var root = SettingsNode.From(
            new Dictionary<string, string?> { ["Destinations:web-qa:Type"] = "slack" },
            new Dictionary<string, string?> { ["DESTINATIONS:WEB-QA:TOKEN"] = "xoxb-made-up" });

        Assert.Equal("web-qa", root.GetSection("Destinations").GetChildren().Single().Key);
        Assert.Equal("xoxb-made-up", root["Destinations:web-qa:Token"]);
        Assert.Equal("Destinations:web-qa:Type", root.GetSection("destinations:web-qa").GetChildren().Last().Path);
    }

    [Fact]
    public void GetSection_Missing_IsEmptyWithItsPath()
    {
        var missing = SettingsNode.From(new Dictionary<string, string?> { ["Routes:0:To"] = "web" }).GetSection("Routes:1:To");

        Assert.False(missing.Exists());
        Assert.Null(missing.Value);
        Assert.Empty(missing.GetChildren());
        Assert.Equal("Routes:1:To", missing.Path);
    }
}
