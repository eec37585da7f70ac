using System.Text.Json.Nodes;
using DefectNotifier.Chat.Limits;

namespace DefectNotifier.Chat.JsonTemplates;

/// <summary>Reads and writes the JSON of a message that a JSON template made.</summary>
internal static class TemplateJson
{
    public static byte[] Write(JsonNode node)
    {
        using var json = MessageJson.Take();
        node.WriteTo(json.Writer);
        return json.ToArray();
    }

    /// <summary>Every object in it, the outer ones first.</summary>
    public static IEnumerable<JsonObject> Objects(JsonNode? node) => node switch
    {
        JsonObject map => map.SelectMany(member => Objects(member.Value)).Prepend(map),
        JsonArray items => items.SelectMany(Objects),
        _ => [],
    };

    /// <summary>Every string in it, with the name of its property.</summary>
    public static IEnumerable<(string Name, string Text)> Texts(JsonNode? node, string name = "") => node switch
    {
        JsonObject map => map.SelectMany(member => Texts(member.Value, member.Key)),
        JsonArray items => items.SelectMany(item => Texts(item, name)),
        JsonValue value when value.TryGetValue<string>(out var text) => [(name, text)],
        _ => [],
    };
}
