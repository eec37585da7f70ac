using DefectNotifier.Rendering.Document;
using DefectNotifier.Rendering.Values;

namespace DefectNotifier.Chat.Teams.Cards;

/// <summary>Writes each block of a document as elements of an Adaptive Card. adaptivecards.io/explorer</summary>
internal static class TeamsElements
{
    // No-break spaces, because phones trim ordinary leading spaces.
    private const string IndentStep = "\u00A0\u00A0\u00A0\u00A0";

    /// <summary>False as soon as the card exceeds the limit of the whole request.</summary>
    public static bool TryWriteAll(TeamsCardWriter card, MessageDocument document)
    {
        foreach (var block in document.Blocks)
        {
            Write(card, block, document.Style);
            if (card.Writer.BytesCommitted + card.Writer.BytesPending > TeamsLimits.Request) return false;
        }

        return true;
    }

    private static void Write(TeamsCardWriter card, MessageBlock block, MessageStyle tone)
    {
        switch (block)
        {
            case HeadingBlock { Level: <= 1 } title: WriteTitle(card, title, tone); break;
            case HeadingBlock heading: card.RichText(heading.Inlines, RunStyle.Subtitle); break;
            case ParagraphBlock paragraph: card.RichText(paragraph.Inlines, RunStyle.Plain); break;
            case QuoteBlock quote: WriteBox(card, quote.Inlines, RunStyle.Plain); break;
            case CodeBlock code: WriteBox(card, [new MessageInline(code.Text)], RunStyle.Code); break;
            case ListBlock list: WriteList(card, list); break;
            case FieldsBlock table: WriteFacts(card, table); break;
            case TableBlock table: WriteTable(card, table); break;
            case ButtonsBlock buttons: WriteButtons(card, buttons); break;
            case ImageBlock image: WriteImage(card, image); break;
            case NoteBlock note: card.RichText(note.Inlines, RunStyle.SmallPrint); break;
            case DividerBlock: card.Divide(); break;
        }
    }

    /// <summary>Only the container is coloured: coloured text on a container of the same colour is unreadable.</summary>
    private static void WriteTitle(TeamsCardWriter card, HeadingBlock title, MessageStyle tone)
    {
        card.StartContainer(Style(tone), bleed: true);
        card.RichText(title.Inlines, RunStyle.Title);
        card.EndContainer();
    }

    private static string Style(MessageStyle tone) => tone switch
    {
        MessageStyle.Good => "good",
        MessageStyle.Accent => "accent",
        MessageStyle.Warning => "warning",
        MessageStyle.Attention => "attention",
        _ => "emphasis",
    };

    private static void WriteBox(TeamsCardWriter card, IReadOnlyList<MessageInline> runs, RunStyle style)
    {
        card.StartContainer("emphasis");
        card.RichText(runs, style);
        card.EndContainer();
    }

    /// <summary>A RichTextBlock has no lists, so the bullets are written as text.</summary>
    private static void WriteList(TeamsCardWriter card, ListBlock list)
    {
        for (var i = 0; i < list.Items.Count; i++)
        {
            var item = list.Items[i];
            var marker = string.Concat(Enumerable.Repeat(IndentStep, item.Indent)) + (item.Number is { } number ? $"{number}. " : "• ");
            card.RichText([new MessageInline(marker), .. item.Inlines], RunStyle.Plain, isClose: i > 0);
        }
    }

    private static void WriteFacts(TeamsCardWriter card, FieldsBlock table)
    {
        card.StartElement("FactSet");
        card.Writer.WriteStartArray("facts"u8);
        foreach (var field in table.Fields)
        {
            card.Writer.WriteStartObject();
            card.Writer.WriteString("title"u8, TeamsText.ToMarkdown(field.Label));
            card.Writer.WriteString("value"u8, TeamsText.ToMarkdown(field.Value));
            card.Writer.WriteEndObject();
        }

        card.Writer.WriteEndArray();
        card.Writer.WriteEndObject();
    }

    private static void WriteTable(TeamsCardWriter card, TableBlock table)
    {
        card.StartElement("Table");
        card.Writer.WriteBoolean("firstRowAsHeaders"u8, table.HasHeading);
        card.Writer.WriteStartArray("columns"u8);
        foreach (var _ in table.Rows[0].Cells)
        {
            card.Writer.WriteStartObject();
            card.Writer.WriteNumber("width"u8, 1);
            card.Writer.WriteEndObject();
        }

        card.Writer.WriteEndArray();
        card.Writer.WriteStartArray("rows"u8);
        for (var row = 0; row < table.Rows.Count; row++)
        {
            card.StartElement("TableRow");
            card.Writer.WriteStartArray("cells"u8);
            foreach (var cell in table.Rows[row].Cells)
            {
                card.StartElement("TableCell");
                card.Writer.WriteStartArray("items"u8);
                if (cell.Count > 0) card.RichText(cell, table.HasHeading && row == 0 ? RunStyle.Subtitle : RunStyle.Plain);
                card.EndContainer();
            }

            card.EndContainer();
        }

        card.EndContainer();
    }

    private static void WriteButtons(TeamsCardWriter card, ButtonsBlock buttons)
    {
        card.StartElement("ActionSet");
        card.Writer.WriteStartArray("actions"u8);
        foreach (var button in buttons.Buttons.Take(TeamsLimits.Actions)) card.OpenUrl(button.Url, button.Text);
        card.Writer.WriteEndArray();
        card.Writer.WriteEndObject();

        // Buttons beyond Teams' limit become links.
        var links = buttons.Buttons.Skip(TeamsLimits.Actions).Select(button => new MessageInline(button.Text) { Url = button.Url })
            .SelectMany((link, i) => i == 0 ? [link] : new[] { new MessageInline(" · "), link })
            .ToList();
        if (links.Count > 0) card.RichText(links, RunStyle.Plain);
    }

    /// <summary>Teams loads images over https only; other images become a link.</summary>
    private static void WriteImage(TeamsCardWriter card, ImageBlock image)
    {
        if (!image.Url.StartsWith("https://", StringComparison.Ordinal))
        {
            card.RichText([new MessageInline(image.AltText) { Url = image.Url }], RunStyle.SmallPrint);
            return;
        }

        card.StartElement("Image");
        card.Writer.WriteString("url"u8, image.Url);
        card.Writer.WriteString("altText"u8, TeamsText.Literal(image.AltText));
        card.Writer.WriteEndObject();
    }
}
