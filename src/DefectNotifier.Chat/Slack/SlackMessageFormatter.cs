using DefectNotifier.Chat.Limits;
using DefectNotifier.Rendering;
using DefectNotifier.Rendering.Document;
using DefectNotifier.Rendering.JsonTemplates;
using DefectNotifier.Rendering.Values;

namespace DefectNotifier.Chat.Slack;

/// <summary>
/// Writes a document as a Block Kit message: an object with <c>text</c> (what notifications show and screen readers say), <c>blocks</c>
/// and unfurling switched off. Texts travel in <c>rich_text</c> and <c>plain_text</c>, where Slack interprets nothing; in mrkdwn only
/// when escaping makes them literal. The result is within every limit of docs.slack.dev/reference/block-kit and has at most 9,500
/// characters of text.
/// </summary>
public sealed class SlackMessageFormatter : IMessageFormatter
{
    public ChatPlatform Platform => ChatPlatform.Slack;

    public ChatMessage Format(MessageDocument document)
    {
        var sound = DocumentNormalizer.Normalize(document);
        return new ChatMessage(Platform, DocumentShrinker.Fit(sound, TryWrite)) { Text = PlainText.Read(sound) };
    }

    public ChatMessage Format(JsonTemplate template) => new SlackTemplateWriter(template).Write();

    private static byte[]? TryWrite(MessageDocument document)
    {
        using var message = MessageJson.Take();
        var json = message.Writer;
        json.WriteStartObject();
        json.WriteString("text"u8, Mrkdwn.EscapeWithin(Summary.Of(document), SlackLimits.FallbackText));
        json.WritePropertyName("blocks"u8);
        if (!TryWriteBlocks(new SlackJson(json), document)) return null;
        json.WriteBoolean("unfurl_links"u8, false);
        json.WriteBoolean("unfurl_media"u8, false);
        json.WriteEndObject();
        return message.Flush().ToArray();
    }

    private static bool TryWriteBlocks(SlackJson json, MessageDocument document)
    {
        json.Writer.WriteStartArray();
        foreach (var block in document.Blocks)
        {
            SlackBlocks.Write(json, block);
            // Stopping here keeps a hopeless document from being written to its end.
            if (json.Blocks > SlackLimits.Blocks || json.TextLength > SlackLimits.AllText || json.TotalLength > SlackLimits.AllJson) return false;
        }

        json.Writer.WriteEndArray();
        return true;
    }
}
