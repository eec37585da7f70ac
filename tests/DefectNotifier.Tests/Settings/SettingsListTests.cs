using CsCheck;
using DefectNotifier.Worker.Settings;

namespace DefectNotifier.Tests.Settings;

/// <summary>Lists of plain values in several sources: a later source replaces the list of an earlier one as a whole.</summary>
public sealed class SettingsListTests : IDisposable
{
    private const string File = """
        {
          "Ingress": { "Secrets": [ "first-of-file-3f9a27c1", "second-of-file-8d2e64b0" ] },
          "Destinations": { "web": { "Type": "sandbox" }, "ops": { "Type": "sandbox" } },
          "Routes": [ { "ProjectCodes": [ "WEB", "SHOP" ], "Events": [ "defect.*", "run.*" ], "To": [ "web", "ops" ] } ]
        }
        """;

    private readonly SettingsFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("", "", "first-of-file-3f9a27c1 second-of-file-8d2e64b0")]
    [InlineData("Ingress:Secrets:0", "of-variable-5c71f09e", "of-variable-5c71f09e")]
    [InlineData("Ingress:Secrets:1", "of-variable-5c71f09e", "of-variable-5c71f09e")]
    [InlineData("INGRESS:SECRETS:00", "of-variable-5c71f09e", "of-variable-5c71f09e")]
    [InlineData("Ingress:Secrets", "of-variable-5c71f09e", "of-variable-5c71f09e")]
    [InlineData("Ingress:Secrets", """["of-variable-5c71f09e"]""", "of-variable-5c71f09e")]
    [InlineData("Ingress:Secrets", """ [ "of-variable-5c71f09e", " next-of-variable-1 " ] """, "of-variable-5c71f09e next-of-variable-1")]
    // A variable without a value is usually one that was meant to be left out.
    [InlineData("Ingress:Secrets", "", "first-of-file-3f9a27c1 second-of-file-8d2e64b0")]
    public void Read_SecretsInALaterSource_ReplaceTheList(string path, string value, string secrets) => Assert.Equal(
        secrets,
        string.Join(' ', Read(Pairs((path, value))).Ingress.Secrets.Select(secret => secret.Reveal())));

    [Fact]
    public void Read_OtherListsInALaterSource_AreReplacedToo()
    {
        var route = Read(Pairs(("Routes:0:ProjectCodes:0", "BILL"), ("Routes:0:To:0", "ops"))).Routes.Single();

        Assert.Equal(["BILL"], route.ProjectCodes);
        Assert.Equal(["ops"], route.To);
        Assert.Equal(["defect.*", "run.*"], route.Events);
    }

    // Only plain values: a later source can still change one key of one route.
    [Fact]
    public void Read_OneKeyOfARouteInALaterSource_KeepsTheRest()
    {
        var route = Read(Pairs(("Routes:0:Continue", "true"))).Routes.Single();

        Assert.True(route.Continue);
        Assert.Equal(["WEB", "SHOP"], route.ProjectCodes);
    }

    [Fact]
    public void Read_ThreeSources_TheLastOneWithAnEntryWins()
    {
        var settings = Read(
            Pairs(("Ingress:Secrets:0", "of-mounted-file-3f9a"), ("Ingress:Secrets:1", "of-mounted-file-8d2e"), ("Routes:0:To", "web")),
            Pairs(("Ingress:Secrets:0", "of-variable-5c71f09e"), ("Routes:0:To:0", "ops")));

        Assert.Equal(["of-variable-5c71f09e"], settings.Ingress.Secrets.Select(secret => secret.Reveal()));
        Assert.Equal(["ops"], settings.Routes.Single().To);
    }

    // In .NET an empty list of the file is a text without letters.
    [Fact]
    public void Read_EmptyListInTheFile_IsReplaced()
    {
        using var json = new MemoryStream("""{ "Operations": { "Secrets": [] } }"""u8.ToArray());
        var file = SettingsSources.Parse(json).Values().Select(pair => KeyValuePair.Create(pair.Key, (string?)pair.Value));

        Assert.Single(_folder.Read(SettingsNode.From(file, Pairs(("Operations:Secrets:0", "of-variable-5c71f09e")))).OperationsSecrets);
    }

    [Theory]
    [InlineData("Ingress:Secrets", """["a-part-of-the-secret""", "Ingress:Secrets: starts with '[' but is not a list of texts in JSON")]
    [InlineData("Ingress:Secrets", "[1, 2]", "Ingress:Secrets: starts with '[' but is not a list of texts in JSON")]
    [InlineData("Ingress:Secrets", """["", "x"]""", "Ingress:Secrets: starts with '[' but is not a list of texts in JSON")]
    [InlineData("Ingress:Secrets:0", " ", "Ingress:Secrets:0: is empty or not a text")]
    [InlineData("Ingress:Secrets:first", "x", "Ingress:Secrets:first: is not an entry of a list; its entries are numbered from 0")]
    public void Read_UnclearList_IsAnErrorWithoutTheValue(string path, string value, string error)
    {
        var errors = Assert.Throws<SettingsException>(() => Read(Pairs((path, value)))).Errors;

        Assert.StartsWith(error, Assert.Single(errors), StringComparison.Ordinal);
        Assert.DoesNotContain("a-part-of", errors[0], StringComparison.Ordinal);
    }

    [Fact]
    public void Read_ListAndSingleValueInOneSource_IsAnError() => Assert.StartsWith(
        "Ingress:Secrets: is both a single value and a list",
        Assert.Single(Assert.Throws<SettingsException>(() => Read(Pairs(("Ingress:Secrets", "a"), ("Ingress:Secrets:0", "b")))).Errors),
        StringComparison.Ordinal);

    [Fact]
    public void From_AnyLists_AreThoseOfTheLastSourceThatHasAny() => Gen.Int[0, 9].Array[0, 4].Array[1, 4].Sample(sources =>
    {
        var root = SettingsNode.From(sources.Select(numbers =>
            numbers.Distinct().Select(number => KeyValuePair.Create($"List:{number}", (string?)$"{number}"))));

        var last = sources.LastOrDefault(numbers => numbers.Length > 0) ?? [];
        var children = root.GetSection("List").GetChildren().Select(child => child.Value);
        Assert.Equal(last.Distinct().Order().Select(number => $"{number}"), children);
    });

    private NotifierSettings Read(params Dictionary<string, string?>[] later)
    {
        using var json = new MemoryStream(System.Text.Encoding.UTF8.GetBytes(File));
        var file = SettingsSources.Parse(json).Values().Select(pair => KeyValuePair.Create(pair.Key, (string?)pair.Value));
        return _folder.Read(SettingsNode.From([file, .. later]));
    }

    private static Dictionary<string, string?> Pairs(params (string Path, string Value)[] pairs) =>
        pairs.Where(pair => pair.Path.Length > 0)
            .ToDictionary(pair => pair.Path, string? (pair) => pair.Value, StringComparer.OrdinalIgnoreCase);
}
