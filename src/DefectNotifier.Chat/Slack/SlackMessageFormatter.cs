using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using DefectNotifier.Chat.Fitting;
using DefectNotifier.Rendering;

namespace DefectNotifier.Chat.Slack;

/// <summary>
/// Writes a document as a Block Kit message: an object with <c>text</c> (what notifications show and screen readers say), <c>blocks</c>
/// and unfurling switched off. Texts travel in <c>rich_text</c> and <c>plain_text</c>, where Slack interprets nothing; in mrkdwn only
/// when escaping makes them literal. The result is within every limit of docs.slack.dev/reference/block-kit and has at most 9,500
/// characters of text.
/// </summary>
public sealed class SlackMessageFormatter : IMessageFormatter
{
    // The default encoder writes é as \u00E9, which triples a message; nothing here ends up in HTML.
    private static readonly JsonWriterOptions JsonOptions = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public ChatPlatform Platform => ChatPlatform.Slack;

    public ChatMessage Format(MessageDocument document)
    {
        var sound = DocumentNormalizer.Normalize(document);
        return new ChatMessage(Platform, DocumentShrinker.Fit(sound, TryWrite)) { Text = PlainText.Read(sound) };
    }

    public ChatMessage Format(JsonDraft draft) => new SlackDraftWriter(draft).Write();

    private static byte[]? TryWrite(MessageDocument document)
    {
        if (TryWriteBlocks(document) is not { } blocks) return null;
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer, JsonOptions))
        {
            json.WriteStartObject();
            json.WriteString("text"u8, Mrkdwn.EscapeWithin(Summary.Of(document), SlackLimits.FallbackText));
            json.WritePropertyName("blocks"u8);
            json.WriteRawValue(blocks.WrittenSpan, skipInputValidation: true);
            json.WriteBoolean("unfurl_links"u8, false);
            json.WriteBoolean("unfurl_media"u8, false);
            json.WriteEndObject();
        }

        return buffer.WrittenSpan.ToArray();
    }

    private static ArrayBufferWriter<byte>? TryWriteBlocks(MessageDocument document)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using var writer = new Utf8JsonWriter(buffer, JsonOptions);
        var json = new SlackJson(writer);
        writer.WriteStartArray();
        foreach (var block in document.Blocks)
        {
            SlackBlocks.Write(json, block);
            // Stopping here keeps a hopeless document from being written to its end.
            if (json.Blocks > SlackLimits.Blocks || json.TextLength > SlackLimits.AllText || json.TotalLength > SlackLimits.AllJson) return null;
        }

        writer.WriteEndArray();
        writer.Flush();
        return buffer;
    }
}
