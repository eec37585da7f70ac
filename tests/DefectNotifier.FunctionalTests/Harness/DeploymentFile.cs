using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using YamlDotNet.RepresentationModel;

namespace DefectNotifier.FunctionalTests.Harness;

/// <summary>The files in src/deploy, and what the Dockerfile sets.</summary>
internal static partial class DeploymentFile
{
    public static string PathOf(string name) => Path.Combine(RepositoryRoot.Path, "src", "deploy", name);

    /// <summary>The documents of a YAML file. Every value is a string.</summary>
    public static IReadOnlyList<JsonNode> Yaml(string name)
    {
        var stream = new YamlStream();
        using var reader = File.OpenText(PathOf(name));
        stream.Load(reader);
        return [.. stream.Documents.Select(document => Convert(document.RootNode))];
    }

    /// <summary>The directives of a systemd unit, in order; one may occur several times.</summary>
    public static ILookup<string, string> Unit(string name) => File.ReadLines(PathOf(name))
        .Select(line => line.Split('=', 2)).Where(parts => parts.Length == 2 && parts[0] is [>= 'A' and <= 'Z', ..])
        .ToLookup(parts => parts[0], parts => parts[1], StringComparer.Ordinal);

    /// <summary>The environment of the image.</summary>
    public static Dictionary<string, string> ImageVariables()
    {
        var lines = File.ReadAllText(Path.Combine(RepositoryRoot.Path, "Dockerfile")).Replace("\\\n", "", StringComparison.Ordinal);
        var last = lines.Split('\n').Last(line => line.StartsWith("ENV ", StringComparison.Ordinal));
        return Variable().Matches(last).ToDictionary(
            match => match.Groups["name"].Value, match => match.Groups["value"].Value, StringComparer.Ordinal);
    }

    private static JsonNode Convert(YamlNode node) => node switch
    {
        YamlMappingNode map => new JsonObject(map.Children.Select(Pair)),
        YamlSequenceNode list => new JsonArray([.. list.Children.Select(Convert)]),
        _ => JsonValue.Create(Text(node)),
    };

    private static KeyValuePair<string, JsonNode?> Pair(KeyValuePair<YamlNode, YamlNode> pair) => new(Text(pair.Key), Convert(pair.Value));

    private static string Text(YamlNode node) => ((YamlScalarNode)node).Value ?? "";

    [GeneratedRegex(@"(?<name>\w+)=(?<value>\S+)", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Variable();
}
