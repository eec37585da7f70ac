using System.Text.Json;

namespace DefectNotifier.Chat.TextViews;

/// <summary>Shows a <c>rich_text</c> block in a terminal. Its texts contain no markup.</summary>
internal static class SlackRichTextView
{
    public static void Write(TextPage page, JsonElement block)
    {
        foreach (var element in block.Items("elements"))
        {
            var type = element.Text("type");
            switch (type)
            {
                case "rich_text_section": page.Write(Runs(element)); break;
                case "rich_text_quote": page.WriteWithin("│ ", () => page.Write(Runs(element))); break;
                case "rich_text_preformatted": page.WriteWithin("    ", () => page.Write(Runs(element))); break;
                case "rich_text_list": WriteList(page, element); break;
                default: page.Write($"[{type}]"); break;
            }
        }
    }

    private static void WriteList(TextPage page, JsonElement list)
    {
        var isOrdered = list.Text("style") == "ordered";
        var number = list.Number("offset");
        page.WriteWithin(new string(' ', 2 * Math.Clamp(list.Number("indent"), 0, 8)), () =>
        {
            foreach (var item in list.Items("elements")) page.Write(Runs(item), isOrdered ? $"{++number}. " : "• ");
        });
    }

    public static IEnumerable<TextRun> Runs(JsonElement element) => element.Items("elements").SelectMany(Run);

    private static IReadOnlyList<TextRun> Run(JsonElement run)
    {
        var type = run.Text("type");
        var style = StyleOf(run.Child("style"));
        return type switch
        {
            "text" => [new TextRun(run.Text("text"), style)],
            "link" => LinkText.Of([new TextRun(run.Text("text"), style)], run.Text("url")),
            "date" => LinkText.Of([new TextRun(Date(run), style)], run.Text("url")),
            "emoji" => [new TextRun($":{run.Text("name")}:")],
            "user" => [new TextRun($"@{run.Text("user_id")}", TextStyle.Mention)],
            "usergroup" => [new TextRun($"@{run.Text("usergroup_id")}", TextStyle.Mention)],
            "channel" => [new TextRun($"#{run.Text("channel_id")}", TextStyle.Mention)],
            "broadcast" => [new TextRun($"@{run.Text("range")}", TextStyle.Mention)],
            "color" => [new TextRun(run.Text("value"))],
            _ => [new TextRun($"[{type}]")],
        };
    }

    private static TextStyle StyleOf(JsonElement style) =>
        (style.Flag("bold") ? TextStyle.Bold : TextStyle.Plain)
        | (style.Flag("italic") ? TextStyle.Italic : TextStyle.Plain)
        | (style.Flag("strike") ? TextStyle.Struck : TextStyle.Plain)
        | (style.Flag("code") ? TextStyle.Code : TextStyle.Plain);

    private static string Date(JsonElement date)
    {
        if (date.Text("fallback") is { Length: > 0 } fallback) return fallback;
        return DateTimeOffset.UnixEpoch.AddSeconds(date.Number("timestamp")).ToString("yyyy-MM-dd HH:mm 'UTC'");
    }
}
