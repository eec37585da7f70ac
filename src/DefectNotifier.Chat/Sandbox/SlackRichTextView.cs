using System.Text.Json;

namespace DefectNotifier.Chat.Sandbox;

/// <summary>A <c>rich_text</c> block for a terminal. Its texts hold no markup.</summary>
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

    private static IEnumerable<TextRun> Runs(JsonElement element) => element.Items("elements").SelectMany(Run);

    private static IReadOnlyList<TextRun> Run(JsonElement run)
    {
        var type = run.Text("type");
        var look = LookOf(run.Child("style"));
        return type switch
        {
            "text" => [new TextRun(run.Text("text"), look)],
            "link" => LinkText.Of([new TextRun(run.Text("text"), look)], run.Text("url")),
            "date" => LinkText.Of([new TextRun(Date(run), look)], run.Text("url")),
            "emoji" => [new TextRun($":{run.Text("name")}:")],
            "user" => [new TextRun($"@{run.Text("user_id")}", TextLook.Mention)],
            "usergroup" => [new TextRun($"@{run.Text("usergroup_id")}", TextLook.Mention)],
            "channel" => [new TextRun($"#{run.Text("channel_id")}", TextLook.Mention)],
            "broadcast" => [new TextRun($"@{run.Text("range")}", TextLook.Mention)],
            "color" => [new TextRun(run.Text("value"))],
            _ => [new TextRun($"[{type}]")],
        };
    }

    private static TextLook LookOf(JsonElement style) =>
        (style.Flag("bold") ? TextLook.Bold : TextLook.Plain)
        | (style.Flag("italic") ? TextLook.Italic : TextLook.Plain)
        | (style.Flag("strike") ? TextLook.Struck : TextLook.Plain)
        | (style.Flag("code") ? TextLook.Code : TextLook.Plain);

    private static string Date(JsonElement date)
    {
        if (date.Text("fallback") is { Length: > 0 } fallback) return fallback;
        return DateTimeOffset.UnixEpoch.AddSeconds(date.Number("timestamp")).ToString("yyyy-MM-dd HH:mm 'UTC'");
    }
}
