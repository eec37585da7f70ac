using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using DefectNotifier.Rendering.Document;
using DefectNotifier.Rendering.Values;

namespace DefectNotifier.Worker.Commands.Previews;

/// <summary>A message for the chats' designer tools: Slack's text and blocks, or the Teams card without its envelope.</summary>
internal static class DesignerJson
{
    // Properties of posting a message, not of its content.
    private static readonly string[] PostingProperties = ["unfurl_links", "unfurl_media"];

    private static readonly JsonWriterOptions Readable = new() { Indented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static string Of(ChatMessage message)
    {
        using var document = JsonDocument.Parse(message.Json);
        var buffer = new ArrayBufferWriter<byte>(message.Json.Length * 2);
        using (var json = new Utf8JsonWriter(buffer, Readable))
        {
            if (message.Platform == ChatPlatform.Slack) WriteSlack(json, document.RootElement);
            else CardOf(document.RootElement).WriteTo(json);
        }

        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    private static void WriteSlack(Utf8JsonWriter json, JsonElement message)
    {
        json.WriteStartObject();
        foreach (var property in message.EnumerateObject())
        {
            if (!PostingProperties.Contains(property.Name)) property.WriteTo(json);
        }

        json.WriteEndObject();
    }

    private static JsonElement CardOf(JsonElement envelope) =>
        envelope.TryGetProperty("attachments", out var attachments) && attachments.GetArrayLength() > 0
            ? attachments[0].GetProperty("content")
            : envelope;
}
