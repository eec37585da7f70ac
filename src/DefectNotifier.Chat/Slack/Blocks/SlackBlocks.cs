using DefectNotifier.Chat.Limits;
using DefectNotifier.Rendering.Document;
using DefectNotifier.Rendering.Values;

namespace DefectNotifier.Chat.Slack.Blocks;

/// <summary>Writes each block of a document as one or more Slack blocks. docs.slack.dev/reference/block-kit/blocks</summary>
internal static class SlackBlocks
{
    /// <summary>The blocks as a JSON array. False, with the array incomplete, as soon as they exceed one of Slack's limits.</summary>
    public static bool TryWriteAll(SlackJson json, IReadOnlyList<MessageBlock> blocks)
    {
        json.Writer.WriteStartArray();
        foreach (var block in blocks)
        {
            switch (block)
            {
                case HeadingBlock heading: WriteHeading(json, heading); break;
                case ParagraphBlock paragraph: SlackRichText.WriteBlock(json, "rich_text_section", paragraph.Inlines); break;
                case QuoteBlock quote: SlackRichText.WriteQuote(json, quote.Inlines); break;
                case CodeBlock code: SlackRichText.WriteBlock(json, "rich_text_preformatted", [new MessageInline(code.Text)]); break;
                case ListBlock list: SlackRichText.WriteList(json, list); break;
                case FieldsBlock table: WriteFields(json, table); break;
                case TableBlock table: WriteTable(json, table); break;
                case ButtonsBlock buttons: WriteButtons(json, buttons); break;
                case NoteBlock note: WriteNote(json, note); break;
                case ImageBlock image:
                    json.StartBlock("image");
                    json.Writer.WriteString("image_url"u8, image.Url);
                    json.Text("alt_text", Graphemes.Cut(image.AltText, SlackLimits.AltText));
                    json.Writer.WriteEndObject();
                    break;
                case DividerBlock:
                    json.StartBlock("divider");
                    json.Writer.WriteEndObject();
                    break;
            }

            if (json.Blocks > SlackLimits.Blocks || json.TextLength > SlackLimits.AllText || json.TotalLength > SlackLimits.AllJson)
                return false;
        }

        json.Writer.WriteEndArray();
        return true;
    }

    private static void WriteHeading(SlackJson json, HeadingBlock heading)
    {
        var text = InlineText.Read(heading.Inlines);
        // A header holds 150 plain characters. A longer heading, or one with links or mentions, becomes bold text.
        var isPlain = heading.Inlines.All(run => run.Url is null && run.Date is null && SlackInline.MentionOf(run) is null);
        if (heading.Level > 2 || !isPlain || text.Length > SlackLimits.HeaderText)
        {
            SlackRichText.WriteBlock(json, "rich_text_section", heading.Inlines.Select(InlineText.Embolden));
            return;
        }

        json.StartBlock("header");
        json.Writer.WritePropertyName("text"u8);
        json.TextObject("plain_text", text);
        json.Writer.WriteEndObject();
    }

    /// <summary>
    /// A two-column table. Slack's fields look best but support only mrkdwn, so they are used when every row can be written in it
    /// literally; otherwise the table becomes <c>rich_text</c> with one line per row.
    /// </summary>
    private static void WriteFields(SlackJson json, FieldsBlock table)
    {
        var rows = new List<string>();
        foreach (var field in table.Fields)
        {
            var label = Mrkdwn.TryFormat([.. field.Label.Select(InlineText.Embolden)]);
            var value = Mrkdwn.TryFormat(field.Value);
            var row = $"{label}\n{value}";
            if (label is null || value is null || row.Length > SlackLimits.FieldText)
            {
                WriteLines(json, table);
                return;
            }

            rows.Add(row);
        }

        foreach (var section in rows.Chunk(SlackLimits.FieldsPerSection))
        {
            json.StartBlock("section");
            json.Writer.WriteStartArray("fields"u8);
            foreach (var row in section) json.TextObject("mrkdwn", row);
            json.Writer.WriteEndArray();
            json.Writer.WriteEndObject();
        }
    }

    private static void WriteLines(SlackJson json, FieldsBlock table)
    {
        var runs = new List<MessageInline>();
        foreach (var field in table.Fields)
        {
            if (runs.Count > 0) runs.Add(new MessageInline("\n"));
            runs.AddRange(field.Label.Select(InlineText.Embolden));
            runs.Add(new MessageInline(": "));
            runs.AddRange(field.Value);
        }

        SlackRichText.WriteBlock(json, "rich_text_section", InlineText.Normalize(runs));
    }

    // Long texts wrap: a table that is wider than a phone would have to be scrolled sideways.
    private static void WriteTable(SlackJson json, TableBlock table)
    {
        json.StartBlock("table");
        json.Writer.WriteStartArray("column_settings"u8);
        foreach (var _ in table.Rows[0].Cells)
        {
            json.Writer.WriteStartObject();
            json.Writer.WriteBoolean("is_wrapped"u8, true);
            json.Writer.WriteEndObject();
        }

        json.Writer.WriteEndArray();
        json.Writer.WriteStartArray("rows"u8);
        for (var row = 0; row < table.Rows.Count; row++)
        {
            json.Writer.WriteStartArray();
            foreach (var cell in table.Rows[row].Cells)
                SlackRichText.WriteCell(json, table.HasHeading && row == 0 ? [.. cell.Select(InlineText.Embolden)] : cell);
            json.Writer.WriteEndArray();
        }

        json.Writer.WriteEndArray();
        json.Writer.WriteEndObject();
    }

    private static void WriteButtons(SlackJson json, ButtonsBlock buttons)
    {
        foreach (var row in buttons.Buttons.Chunk(SlackLimits.ButtonsPerBlock))
        {
            json.StartBlock("actions");
            json.Writer.WriteStartArray("elements"u8);
            foreach (var button in row)
            {
                json.StartElement("button");
                json.Writer.WritePropertyName("text"u8);
                json.TextObject("plain_text", Graphemes.Cut(button.Text, SlackLimits.ButtonText));
                json.Writer.WriteString("url"u8, button.Url);
                // Unique within the message, as Slack requires.
                json.Writer.WriteString("action_id"u8, $"open-{++json.Buttons}");
                json.Writer.WriteEndObject();
            }

            json.Writer.WriteEndArray();
            json.Writer.WriteEndObject();
        }
    }

    private static void WriteNote(SlackJson json, NoteBlock note)
    {
        var markup = Mrkdwn.TryFormat(note.Inlines);
        var text = InlineText.Read(note.Inlines);
        var fits = (markup ?? text).Length <= SlackLimits.ObjectText;
        // A context block holds no long text, and as plain text no links: such a note is written in normal size rather than shortened.
        if (!fits || (markup is null && note.Inlines.Any(run => run.Url is not null || run.Mention is not null)))
        {
            SlackRichText.WriteBlock(json, "rich_text_section", note.Inlines);
            return;
        }

        json.StartBlock("context");
        json.Writer.WriteStartArray("elements"u8);
        json.TextObject(markup is null ? "plain_text" : "mrkdwn", markup ?? text);
        json.Writer.WriteEndArray();
        json.Writer.WriteEndObject();
    }
}
