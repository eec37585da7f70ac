using CsCheck;
using DefectNotifier.Worker.Settings;
using Microsoft.Extensions.Configuration;

namespace DefectNotifier.Tests.Settings;

public sealed class SettingsTreeTests
{
    private static readonly string[] Keys = ["a", "A", "b", "0", "1", "01", "10", ""];
    private static readonly Gen<string> Path = Gen.Int[0, Keys.Length - 1].Select(at => Keys[at]).Array[1, 4].Select(parts => string.Join(':', parts));
    private static readonly Gen<Dictionary<string, string?>> Source =
        Gen.Select(Path, Gen.String.Null()).Array[0, 12].Select(pairs =>
        {
            var source = new Dictionary<string, string?>(StringComparer.OrdinalIgnoreCase);
            foreach (var (path, value) in pairs) source[path] = value;
            return source;
        });

    [Fact]
    public void Tree_AnySources_ReadsAsTheSourcesOneAfterTheOther() => Gen.Select(Source, Source).Sample((first, second) =>
    {
        var sources = (ConfigurationRoot)new ConfigurationBuilder().AddInMemoryCollection(first).AddInMemoryCollection(second).Build();

        Assert.Equal(All(sources), All(new ConfigurationRoot([new SettingsTree(sources.Providers)])));
    });

    [Fact]
    public void GetChildren_ManyItems_ComeInTheOrderOfTheList()
    {
        var list = Enumerable.Range(0, 12).Reverse().Select(number => KeyValuePair.Create($"Routes:{number}:To", (string?)$"web-{number}"));
        var sources = (ConfigurationRoot)new ConfigurationBuilder().AddInMemoryCollection(list).Build();

        var tree = new ConfigurationRoot([new SettingsTree(sources.Providers)]);

        Assert.Equal(Enumerable.Range(0, 12).Select(number => number.ToString()), tree.GetSection("Routes").GetChildren().Select(child => child.Key));
    }

    [Fact]
    public void Tree_NameInCapitalsInALaterSource_KeepsTheSpellingOfTheFirst()
    {
        var sources = (ConfigurationRoot)new ConfigurationBuilder()
            .AddInMemoryCollection([new("Destinations:web-qa:Type", "slack")])
            .AddInMemoryCollection([new("DESTINATIONS:WEB-QA:TOKEN", "xoxb-made-up")])
            .Build();

        var tree = new ConfigurationRoot([new SettingsTree(sources.Providers)]);

        Assert.Equal("web-qa", tree.GetSection("Destinations").GetChildren().Single().Key);
        Assert.Equal("xoxb-made-up", tree["Destinations:web-qa:Token"]);
    }

    private static List<(string Path, string? Value)> All(ConfigurationRoot root) =>
        [.. root.AsEnumerable().Select(pair => (Path: pair.Key.ToUpperInvariant(), pair.Value)).OrderBy(pair => pair.Path, StringComparer.Ordinal)];
}
