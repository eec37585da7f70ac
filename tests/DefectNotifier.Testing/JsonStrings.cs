using System.Text.Json;

namespace DefectNotifier.Testing;

/// <summary>Walks a JSON document.</summary>
public static class JsonStrings
{
    /// <summary>Every string in it, with its path and the name of its property.</summary>
    public static IEnumerable<(string Path, string Name, string Value)> In(JsonElement element, string path = "", string name = "") => element.ValueKind switch
    {
        JsonValueKind.String => [(path, name, element.GetString()!)],
        JsonValueKind.Object => element.EnumerateObject().SelectMany(property => In(property.Value, $"{path}/{property.Name}", property.Name)),
        JsonValueKind.Array => element.EnumerateArray().SelectMany((item, i) => In(item, $"{path}/{i}", name)),
        _ => [],
    };
}
