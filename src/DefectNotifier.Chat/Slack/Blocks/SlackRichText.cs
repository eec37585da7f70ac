using DefectNotifier.Chat.Limits;
using DefectNotifier.Rendering.Document;
using DefectNotifier.Rendering.Values;

namespace DefectNotifier.Chat.Slack.Blocks;

/// <summary>
/// <c>rich_text</c> blocks: the style is a property beside the text, so any text is shown literally.
/// docs.slack.dev/reference/block-kit/blocks/rich-text-block
/// </summary>
internal static class SlackRichText
{
    /// <param name="json">The message.</param>
    /// <param name="element"><c>rich_text_section</c> or <c>rich_text_preformatted</c>.</param>
    /// <param name="runs">At least one, none of them empty.</param>
    public static void WriteBlock(SlackJson json, string element, IEnumerable<MessageInline> runs)
    {
        StartBlock(json);
        WriteElement(json, element, runs);
        EndBlock(json);
    }

    /// <summary>Code of several lines is a block with the border of a quote: as a run, Slack would draw a box around each line.</summary>
    public static void WriteQuote(SlackJson json, IReadOnlyList<MessageInline> runs)
    {
        StartBlock(json);
        for (var start = 0; start < runs.Count;)
        {
            var end = start + 1;
            if (IsCodeBlock(runs[start]))
            {
                WriteElement(json, "rich_text_preformatted", [new MessageInline(runs[start].Text)], hasBorder: true);
            }
            else
            {
                while (end < runs.Count && !IsCodeBlock(runs[end])) end++;
                var isBeforeCode = end < runs.Count;
                WriteElement(json, "rich_text_quote", runs.Take(start..end).Select((run, index) =>
                    // The block begins on a line of its own.
                    isBeforeCode && start + index == end - 1 && run.Text.Length > 1 && run.Text.EndsWith('\n')
                        ? run with { Text = run.Text[..^1] }
                        : run));
            }

            start = end;
        }

        EndBlock(json);
    }

    private static bool IsCodeBlock(MessageInline run) =>
        run is { Style: InlineStyle.Code, Url: null, Date: null, Mention: null } && run.Text.Contains('\n', StringComparison.Ordinal);

    /// <summary>A cell of a table. An empty cell holds a space, because Slack accepts no empty text.</summary>
    public static void WriteCell(SlackJson json, IReadOnlyList<MessageInline> runs)
    {
        var text = InlineText.Read(runs);
        var isRaw = Mrkdwn.IsLiteral(text)
            && runs.All(run => run is { Style: InlineStyle.None, Url: null, Date: null, Mention: null });
        json.StartElement(isRaw ? "raw_text" : "rich_text");
        if (isRaw)
        {
            json.Text("text", text.Length == 0 ? " " : text);
        }
        else
        {
            json.Writer.WriteStartArray("elements"u8);
            WriteElement(json, "rich_text_section", runs);
            json.Writer.WriteEndArray();
        }

        json.Writer.WriteEndObject();
    }

    /// <summary>A list element has one style, one indent and consecutive numbers, so a nested list is written as several of them.</summary>
    public static void WriteList(SlackJson json, ListBlock list)
    {
        StartBlock(json);
        for (var start = 0; start < list.Items.Count;)
        {
            var end = start + 1;
            while (end < list.Items.Count && Continues(list.Items[end - 1], list.Items[end])) end++;
            WriteListElement(json, list.Items, start, end);
            start = end;
        }

        EndBlock(json);
    }

    private static bool Continues(ListItem item, ListItem next) =>
        item.Indent == next.Indent && (item.Number is { } number ? next.Number == (long)number + 1 : next.Number is null);

    private static void WriteListElement(SlackJson json, IReadOnlyList<ListItem> items, int start, int end)
    {
        var first = items[start];
        json.StartElement("rich_text_list");
        json.Writer.WriteString("style"u8, first.Number is null ? "bullet" : "ordered");
        json.Writer.WriteNumber("indent"u8, first.Indent);
        // offset: how many numbers are skipped before the first item.
        if (first.Number > 1) json.Writer.WriteNumber("offset"u8, first.Number.Value - 1);
        json.Writer.WriteStartArray("elements"u8);
        for (var i = start; i < end; i++) WriteElement(json, "rich_text_section", items[i].Inlines);
        json.Writer.WriteEndArray();
        json.Writer.WriteEndObject();
    }

    private static void StartBlock(SlackJson json)
    {
        json.StartBlock("rich_text");
        json.Writer.WriteStartArray("elements"u8);
    }

    private static void EndBlock(SlackJson json)
    {
        json.Writer.WriteEndArray();
        json.Writer.WriteEndObject();
    }

    private static void WriteElement(SlackJson json, string type, IEnumerable<MessageInline> runs, bool hasBorder = false)
    {
        json.StartElement(type);
        if (hasBorder) json.Writer.WriteNumber("border"u8, 1);
        json.Writer.WriteStartArray("elements"u8);
        foreach (var run in runs) WriteRun(json, run);
        json.Writer.WriteEndArray();
        json.Writer.WriteEndObject();
    }

    /// <summary>The JSON of one run's element.</summary>
    public static byte[] WriteRun(MessageInline run)
    {
        using var json = MessageJson.Take();
        WriteRun(new SlackJson(json.Writer), run);
        return json.ToArray();
    }

    private static void WriteRun(SlackJson json, MessageInline run)
    {
        if (SlackInline.DateOf(run) is { } unixSeconds)
        {
            // A date element has a URL of its own, but no style.
            json.StartElement("date");
            json.Writer.WriteNumber("timestamp"u8, unixSeconds);
            json.Writer.WriteString("format"u8, SlackInline.DateFormat);
            if (run.Url is not null) json.Writer.WriteString("url"u8, run.Url);
            json.Text("fallback", run.Text);
            json.Writer.WriteEndObject();
            return;
        }

        if (SlackInline.MentionOf(run) is { } element)
        {
            json.StartElement(element.Type);
            json.Writer.WriteString(element.Property, run.Mention!.Slack);
            json.CountText(run.Text.Length);
            WriteStyle(json, run.Style);
            json.Writer.WriteEndObject();
            return;
        }

        json.StartElement(run.Url is null ? "text" : "link");
        if (run.Url is not null) json.Writer.WriteString("url"u8, run.Url);
        json.Text("text", run.Text);
        WriteStyle(json, run.Style);
        json.Writer.WriteEndObject();
    }

    private static void WriteStyle(SlackJson json, InlineStyle style)
    {
        if (style == InlineStyle.None) return;
        json.Writer.WriteStartObject("style"u8);
        if (style.HasFlag(InlineStyle.Bold)) json.Writer.WriteBoolean("bold"u8, true);
        if (style.HasFlag(InlineStyle.Italic)) json.Writer.WriteBoolean("italic"u8, true);
        if (style.HasFlag(InlineStyle.Strike)) json.Writer.WriteBoolean("strike"u8, true);
        if (style.HasFlag(InlineStyle.Code)) json.Writer.WriteBoolean("code"u8, true);
        json.Writer.WriteEndObject();
    }
}
