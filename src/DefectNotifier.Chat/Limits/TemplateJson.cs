using System.Text.Json.Nodes;

namespace DefectNotifier.Chat.Limits;

/// <summary>Writes what a JSON template became.</summary>
internal static class TemplateJson
{
    public static byte[] Write(JsonNode node)
    {
        using var json = MessageJson.Take();
        node.WriteTo(json.Writer);
        return json.Flush().ToArray();
    }

    /// <summary>Every text in it with the name of its property.</summary>
    public static IEnumerable<(string Name, string Text)> Texts(JsonNode? node, string name = "") => node switch
    {
        JsonObject map => map.SelectMany(member => Texts(member.Value, member.Key)),
        JsonArray items => items.SelectMany(item => Texts(item, name)),
        JsonValue value when value.TryGetValue<string>(out var text) => [(name, text)],
        _ => [],
    };
}
