using System.Text.Json;

namespace DefectNotifier.Testing;

/// <summary>Finds strings and elements in a JSON document.</summary>
public static class JsonStrings
{
    /// <summary>Every string in it, with its path (a JSON pointer) and the name of its property.</summary>
    public static IEnumerable<(string Path, string Name, string Value)> In(JsonElement element, string path = "", string name = "") =>
        element.ValueKind switch
        {
            JsonValueKind.String => [(path, name, element.GetString()!)],
            JsonValueKind.Object => element.EnumerateObject()
                .SelectMany(property => In(property.Value, $"{path}/{Escape(property.Name)}", property.Name)),
            JsonValueKind.Array => element.EnumerateArray().SelectMany((item, i) => In(item, $"{path}/{i}", name)),
            _ => [],
        };

    /// <summary>The element at a JSON pointer.</summary>
    public static JsonElement At(JsonElement root, string path) => path.Split('/').Skip(1).Aggregate(root, (at, step) =>
        at.ValueKind == JsonValueKind.Array
            ? at[int.Parse(step)]
            : at.EnumerateObject().First(property => Escape(property.Name) == step).Value);

    private static string Escape(string name) =>
        name.Replace("~", "~0", StringComparison.Ordinal).Replace("/", "~1", StringComparison.Ordinal);
}
