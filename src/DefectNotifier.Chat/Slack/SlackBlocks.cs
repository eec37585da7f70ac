using DefectNotifier.Chat.Limits;
using DefectNotifier.Rendering.Document;
using DefectNotifier.Rendering.Values;

namespace DefectNotifier.Chat.Slack;

/// <summary>One block of a document as one or more of Slack's. docs.slack.dev/reference/block-kit/blocks</summary>
internal static class SlackBlocks
{
    public static void Write(SlackJson json, MessageBlock block)
    {
        switch (block)
        {
            case HeadingBlock heading: WriteHeading(json, heading); break;
            case ParagraphBlock paragraph: SlackRichText.WriteBlock(json, "rich_text_section", paragraph.Inlines); break;
            case QuoteBlock quote: SlackRichText.WriteBlock(json, "rich_text_quote", quote.Inlines); break;
            case CodeBlock code: SlackRichText.WriteBlock(json, "rich_text_preformatted", [new MessageInline(code.Text)]); break;
            case ListBlock list: SlackRichText.WriteList(json, list); break;
            case FieldsBlock table: SlackFields.Write(json, table); break;
            case ButtonsBlock buttons: WriteButtons(json, buttons); break;
            case ImageBlock image: WriteImage(json, image); break;
            case NoteBlock note: WriteNote(json, note); break;
            case DividerBlock: WriteDivider(json); break;
        }
    }

    private static void WriteHeading(SlackJson json, HeadingBlock heading)
    {
        var text = InlineText.Read(heading.Inlines);
        // A header holds 150 plain characters; what it would lose goes into bold text instead.
        var isPlain = heading.Inlines.All(run => run.Url is null && run.Date is null && SlackMention.KindOf(run.Mention) is null);
        if (heading.Level > 2 || !isPlain || text.Length > SlackLimits.HeaderText)
        {
            SlackRichText.WriteBlock(json, "rich_text_section", heading.Inlines.Select(run => run with { Style = run.Style | InlineStyle.Bold }));
            return;
        }

        json.StartBlock("header");
        json.Writer.WritePropertyName("text"u8);
        json.PlainText(text);
        json.Writer.WriteEndObject();
    }

    private static void WriteButtons(SlackJson json, ButtonsBlock buttons)
    {
        foreach (var row in buttons.Buttons.Chunk(SlackLimits.ButtonsPerBlock))
        {
            json.StartBlock("actions");
            json.Writer.WriteStartArray("elements"u8);
            foreach (var button in row) WriteButton(json, button);
            json.Writer.WriteEndArray();
            json.Writer.WriteEndObject();
        }
    }

    private static void WriteButton(SlackJson json, LinkButton button)
    {
        json.StartElement("button");
        json.Writer.WritePropertyName("text"u8);
        json.PlainText(GraphemeText.Cut(button.Text, SlackLimits.ButtonText));
        json.Writer.WriteString("url"u8, button.Url);
        json.Writer.WriteString("action_id"u8, json.NextActionId());
        json.Writer.WriteEndObject();
    }

    private static void WriteImage(SlackJson json, ImageBlock image)
    {
        json.StartBlock("image");
        json.Writer.WriteString("image_url"u8, image.Url);
        json.Text("alt_text", GraphemeText.Cut(image.AltText, SlackLimits.AltText));
        json.Writer.WriteEndObject();
    }

    private static void WriteNote(SlackJson json, NoteBlock note)
    {
        var markup = Mrkdwn.TryFormat(note.Inlines);
        var text = InlineText.Read(note.Inlines);
        var fits = (markup ?? text).Length <= SlackLimits.ObjectText;
        // Plain text would lose the links, and neither holds a long text; small print that is not small loses its looks rather than its words.
        if (!fits || (markup is null && note.Inlines.Any(run => run.Url is not null || run.Mention is not null)))
        {
            SlackRichText.WriteBlock(json, "rich_text_section", note.Inlines);
            return;
        }

        json.StartBlock("context");
        json.Writer.WriteStartArray("elements"u8);
        if (markup is null) json.PlainText(text);
        else json.MrkdwnText(markup);
        json.Writer.WriteEndArray();
        json.Writer.WriteEndObject();
    }

    private static void WriteDivider(SlackJson json)
    {
        json.StartBlock("divider");
        json.Writer.WriteEndObject();
    }
}
