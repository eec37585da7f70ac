using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using DefectNotifier.Chat.Fitting;
using DefectNotifier.Rendering;

namespace DefectNotifier.Chat.Teams;

/// <summary>
/// Writes a document as the message that the Workflows trigger "When a Teams webhook request is received" takes: an envelope with one
/// Adaptive Card of version 1.2 (learn.microsoft.com/en-us/microsoftteams/platform/webhooks-and-connectors/how-to/connectors-using).
/// Texts travel in RichTextBlocks, which know no markup, and escaped in FactSets. The whole is at most 20,480 bytes.
/// </summary>
public sealed class TeamsMessageFormatter : IMessageFormatter
{
    // The default encoder writes é as \u00E9, and Teams counts bytes.
    private static readonly JsonWriterOptions JsonOptions = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public ChatPlatform Platform => ChatPlatform.Teams;

    public ChatMessage Format(MessageDocument document) =>
        new(Platform, DocumentShrinker.Fit(DocumentNormalizer.Normalize(document), TryWrite));

    private static byte[]? TryWrite(MessageDocument document)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using var json = new Utf8JsonWriter(buffer, JsonOptions);
        json.WriteStartObject();
        json.WriteString("type"u8, "message");
        json.WriteStartArray("attachments"u8);
        json.WriteStartObject();
        json.WriteString("contentType"u8, "application/vnd.microsoft.card.adaptive");
        // Null, and there: without it some flows answer 400 TriggerInputSchemaMismatch.
        json.WriteNull("contentUrl"u8);
        json.WritePropertyName("content"u8);
        if (!TryWriteCard(json, document)) return null;
        json.WriteEndObject();
        json.WriteEndArray();
        json.WriteEndObject();
        json.Flush();
        return buffer.WrittenCount <= TeamsLimits.Request && StoredSize(buffer.WrittenSpan) <= TeamsLimits.Stored ? buffer.WrittenSpan.ToArray() : null;
    }

    private static int StoredSize(ReadOnlySpan<byte> json) => json.Length + json.Count((byte)'"') + json.Count((byte)'\\');

    private static bool TryWriteCard(Utf8JsonWriter json, MessageDocument document)
    {
        json.WriteStartObject();
        json.WriteString("$schema"u8, "http://adaptivecards.io/schemas/adaptive-card.json");
        json.WriteString("type"u8, "AdaptiveCard");
        json.WriteString("version"u8, "1.2");
        json.WriteStartObject("msteams"u8);
        json.WriteString("width"u8, "Full");
        json.WriteEndObject();
        json.WriteString("fallbackText"u8, TeamsText.EscapeMarkdown(GraphemeText.Cut(PlainText.Read(document), TeamsLimits.FallbackText)));
        json.WriteStartArray("body"u8);
        var card = new TeamsCardWriter(json);
        foreach (var block in document.Blocks)
        {
            TeamsElements.Write(card, block, document.Tone);
            // Stopping here keeps a hopeless document from being written to its end.
            if (json.BytesCommitted + json.BytesPending > TeamsLimits.Request) return false;
        }

        json.WriteEndArray();
        json.WriteEndObject();
        return true;
    }
}
