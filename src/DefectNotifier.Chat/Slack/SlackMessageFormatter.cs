using DefectNotifier.Chat.Limits;
using DefectNotifier.Chat.Slack.Blocks;
using DefectNotifier.Chat.Slack.Templates;
using DefectNotifier.Rendering;
using DefectNotifier.Rendering.Document;
using DefectNotifier.Rendering.JsonTemplates;
using DefectNotifier.Rendering.Values;

namespace DefectNotifier.Chat.Slack;

/// <summary>
/// Writes a document as a Block Kit message: an object with <c>text</c> (for notifications and screen readers), <c>blocks</c>, and
/// unfurling disabled. Text is written as <c>rich_text</c> and <c>plain_text</c>, where Slack interprets nothing, and as mrkdwn only where
/// escaping makes it literal. The result is within every limit of docs.slack.dev/reference/block-kit and has at most 9,500 characters of
/// text.
/// </summary>
public sealed class SlackMessageFormatter : IMessageFormatter
{
    public ChatPlatform Platform => ChatPlatform.Slack;

    public ChatMessage Format(MessageDocument document)
    {
        var normalized = DocumentNormalizer.Normalize(document);
        return new ChatMessage(Platform, DocumentShrinker.Fit(normalized, TryWrite)) { Text = PlainText.Read(normalized) };
    }

    public ChatMessage Format(JsonTemplate template) => new SlackTemplateWriter(template).Write();

    private static byte[]? TryWrite(MessageDocument document)
    {
        if (!document.Blocks.Any(block => block is TableBlock)) return TryWriteBlocks(document);
        // Slack accepts one table in a message (github.com/vercel/chat/pull/194). As text, a table uses less of the message's limits.
        var hasTable = false;
        var withTable = TableText.Replace(document, table =>
            hasTable || !(hasTable = table.Rows.Count <= SlackLimits.TableRows && table.Rows[0].Cells.Count <= SlackLimits.TableColumns));
        return TryWriteBlocks(withTable) ?? TryWriteBlocks(TableText.Replace(document, _ => true));
    }

    private static byte[]? TryWriteBlocks(MessageDocument document)
    {
        using var message = MessageJson.Take();
        var json = message.Writer;
        json.WriteStartObject();
        json.WriteString("text"u8, Mrkdwn.LiteralWithin(PlainText.Summary(document), SlackLimits.FallbackText));
        json.WritePropertyName("blocks"u8);
        if (!SlackBlocks.TryWriteAll(new SlackJson(json), document.Blocks)) return null;
        json.WriteBoolean("unfurl_links"u8, false);
        json.WriteBoolean("unfurl_media"u8, false);
        json.WriteEndObject();
        return message.ToArray();
    }
}
