using DefectNotifier.Chat.Limits;
using DefectNotifier.Rendering.Document;
using DefectNotifier.Rendering.Values;

namespace DefectNotifier.Chat.Slack;

/// <summary>
/// A two-column table. Slack's fields look best and know only mrkdwn, so they are used when every row can be written in it literally;
/// otherwise the table becomes a <c>rich_text</c> with one line a row.
/// </summary>
internal static class SlackFields
{
    public static void Write(SlackJson json, FieldsBlock table)
    {
        var rows = table.Fields.Select(TryFormat).ToList();
        if (rows.Contains(null)) WriteLines(json, table);
        else foreach (var section in rows.Chunk(SlackLimits.FieldsPerSection)) WriteSection(json, section!);
    }

    private static string? TryFormat(Field field)
    {
        var label = Mrkdwn.TryFormat([.. field.Label.Select(Embolden)]);
        var value = Mrkdwn.TryFormat(field.Value);
        if (label is null || value is null) return null;
        var text = $"{label}\n{value}";
        return text.Length <= SlackLimits.FieldText ? text : null;
    }

    private static void WriteSection(SlackJson json, string[] rows)
    {
        json.StartBlock("section");
        json.Writer.WriteStartArray("fields"u8);
        foreach (var row in rows) json.MrkdwnText(row);
        json.Writer.WriteEndArray();
        json.Writer.WriteEndObject();
    }

    private static void WriteLines(SlackJson json, FieldsBlock table)
    {
        var runs = new List<MessageInline>();
        foreach (var field in table.Fields)
        {
            if (runs.Count > 0) runs.Add(new MessageInline("\n"));
            runs.AddRange(field.Label.Select(Embolden));
            runs.Add(new MessageInline(": "));
            runs.AddRange(field.Value);
        }

        SlackRichText.WriteBlock(json, "rich_text_section", InlineText.Normalize(runs));
    }

    private static MessageInline Embolden(MessageInline run) => run with { Style = run.Style | InlineStyle.Bold };
}
