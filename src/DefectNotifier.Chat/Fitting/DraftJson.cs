using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace DefectNotifier.Chat.Fitting;

/// <summary>Writes what a JSON template became.</summary>
internal static class DraftJson
{
    // The default encoder writes é as \u00E9, which triples a message; nothing here ends up in HTML.
    private static readonly JsonWriterOptions Relaxed = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static byte[] Write(JsonNode node)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer, Relaxed)) node.WriteTo(writer);
        return buffer.WrittenSpan.ToArray();
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
