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

    private static string Runs(JsonElement element) => string.Concat(element.Items("elements").Select(Run));

    private static string Run(JsonElement run)
    {
        var type = run.Text("type");
        return type switch
        {
            "text" => run.Text("text"),
            "link" => Link(run.Text("text"), run.Text("url")),
            "date" => Link(Date(run), run.Text("url")),
            "emoji" => $":{run.Text("name")}:",
            "user" => $"@{run.Text("user_id")}",
            "usergroup" => $"@{run.Text("usergroup_id")}",
            "channel" => $"#{run.Text("channel_id")}",
            "broadcast" => $"@{run.Text("range")}",
            "color" => run.Text("value"),
            _ => $"[{type}]",
        };
    }

    private static string Link(string text, string url)
    {
        if (url.Length == 0) return text;
        return text.Length == 0 ? url : $"{text} <{url}>";
    }

    private static string Date(JsonElement date)
    {
        if (date.Text("fallback") is { Length: > 0 } fallback) return fallback;
        return DateTimeOffset.UnixEpoch.AddSeconds(date.Number("timestamp")).ToString("yyyy-MM-dd HH:mm 'UTC'");
    }
}
