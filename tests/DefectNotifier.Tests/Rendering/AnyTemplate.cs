using CsCheck;

namespace DefectNotifier.Tests.Rendering;

/// <summary>Templates that are combined from valid and invalid pieces.</summary>
internal static class AnyTemplate
{
    /// <summary>A hostile value, or one in any script.</summary>
    public static readonly Gen<string> Value = Gen.Frequency(
        (1, Gen.String[0, 20]),
        (3, OneOf("plain", "", " ", "a\nb", "<!channel>", "!channel", "channel", "<@UEVIL00>", "@UEVIL00", "<!subteam^SEVIL00>",
            "<https://evil.example|x>", "https://evil.example/a b", "javascript:evil", "@here", "*evil*", "_a", "`", "```", ":tada:",
            "> evil", "&lt;!here&gt;", "\"", "\\", "\"}]", "{{ 6 * 7 }}", "{{DATE(2026-01-01T00:00:00Z)}}", "<at>evil</at>",
                "[evil](https://evil.example)", "![evil](https://evil.example/x.png)", "|", "\uE000\uE001\uE00B", "\uE000", "\u202E",
                "\uD83D",
            "👩🏽‍💻", "שלום", "<b>evil</b>", "| a | b |\n|-|-|\n", "# evil", "- evil", "---", "..", "%2F")),
        (1, Gen.Select(OneOf("x", "<", "&", "*", "\"", "\n", "👩🏽‍💻", "a b ", "evil "), Gen.Int[1, 30_000])
            .Select((text, times) => string.Concat(Enumerable.Repeat(text, times)))));

    /// <summary>Expressions between braces; some of them are invalid.</summary>
    public static readonly Gen<string> Expression = OneOf(
        "defect.title", "defect.title", "defect.actual_result", "project.code", "defect.id", "defect.step", "payload", "payload.x",
            "payload.list", "event.time | date", "event.time | date 'HH:mm' 'Europe/Berlin'", "mention 'qa-lead'", "mention 'qa-team'",
        "mention defect.title", "link defect.title defect.title", "link defect.url", "defect.title | markdown", "payload | json",
            "defect.title | truncate 5", "defect.severity | severity_colour", "defect.severity | severity_emoji", "defect.url",
        "include '_piece'", "include 'default'", "nosuch 1", "1 / 0", "defect.title + 'x'", "true", "null", "[1, defect.title]",
            "for x in 1..30; defect.title; end", "if defect.title; 'a'; end", "capture y; defect.title; end; y");

    private static readonly Gen<string> Token = Expression.Select(expression => $"{{{{ {expression} }}}}");

    public static readonly Gen<string> Markdown = Gen.OneOf(
        OneOf("# ", "\n# ", "\n\n", "\n", "**", "*", "`", "\n```\n", "[", "](", ")", "![", "> ", "\n- ", "\n1. ", "\n\n| | |\n|-|-|\n| ",
            " | ", " |\n", "\n\n---\n\n", "text ", "<", ">", "\\", "~~", "https://ok.example/", "<https://ok.example/", "{{", "}}"),
        Token).Array[0, 14].Select(string.Concat);

    private static readonly Gen<string> JsonText =
        Gen.OneOf(OneOf("a ", "*", "<", ">", "|", "`", "@x", "!", "\\n", "https://ok.example/", "](", "[", ")", "&amp;", " "), Token,
        Token).Array[0, 5].Select(string.Concat);

    private static readonly Gen<string> JsonValue =
        Gen.Frequency((6, JsonText.Select(text => $"\"{text}\"")), (2, Token),
        (1, OneOf("1", "null", "true", "{}", "[]", "", "// c\n1", "/* c */ \"a\"", "\"\\ud800\"")));

    private static readonly Gen<string> SlackBlock = Gen.Select(JsonValue, JsonValue, JsonValue, Gen.Int[0, 15])
        .Select((a, b, c, kind) => Fill(kind switch
        {
            0 => """{"type":"header","text":{"type":"plain_text","text":@1,"emoji":true}}""",
            1 => """{"type":"section","text":{"type":"mrkdwn","text":@1}}""",
            2 => """{"type":"section","fields":[{"type":"mrkdwn","text":@1},{"type":"plain_text","text":@2}]}""",
            3 => """{"type":"context","elements":[{"type":"mrkdwn","text":@1},{"type":"image","image_url":@2,"alt_text":@3}]}""",
            4 => """{"type":"actions","elements":[{"type":"button","text":{"type":"plain_text","text":@1},"url":@2,"action_id":@3}]}""",
            5 => """{"type":"image","image_url":@1,"alt_text":@2}""",
            6 => """{"type":"rich_text","elements":[{"type":"rich_text_section","elements":["""
                + """{"type":"text","text":@1,"style":{"bold":true}},{"type":"link","url":@2,"text":@3}]}]}""",
            7 => """{"type":"rich_text","elements":[{"type":"rich_text_list","style":"bullet","elements":["""
                + """{"type":"rich_text_section","elements":[{"type":"text","text":@1}]}]},"""
                + """{"type":"rich_text_preformatted","elements":[{"type":"text","text":@2}]}]}""",
            8 => """{"type":"divider","block_id":@1}""",
            9 => """{"type":"rich_text","elements":["""
                + """{"type":"rich_text_section","elements":[{"type":"user","user_id":"{{ defect.title }}"}]}]}""",
            10 => """{"type":@1,"text":{"type":"mrkdwn","text":@2}}""",
            11 => """{"{{ defect.title }}":1,"type":"divider"}""",
            12 => "@1",
            13 => """{"type":"header","text":@1}""",
            _ => """{"type":"divider"}""",
        }, a, b, c));

    private static readonly Gen<string> TeamsElement = Gen.Select(JsonValue, JsonValue, Gen.Int[0, 10])
        .Select((a, b, kind) => Fill(kind switch
        {
            0 or 1 => """{"type":"TextBlock","text":@1,"wrap":true}""",
            2 => """{"type":"FactSet","facts":[{"title":@1,"value":@2},{"title":"t","value":@2}]}""",
            3 => """{"type":"RichTextBlock","inlines":[{"type":"TextRun","text":@1,"selectAction":{"type":"Action.OpenUrl","url":@2}}]}""",
            4 => """{"type":"Container","style":"good","items":[{"type":"TextBlock","text":@1,"wrap":true}]}""",
            5 => """{"type":"Image","url":@1,"altText":@2}""",
            6 => """{"type":"ActionSet","actions":[{"type":"Action.OpenUrl","title":@1,"url":@2}]}""",
            7 => """{"type":@1,"text":@2}""",
            8 => """{"type":"ColumnSet","columns":[{"type":"Column","items":[{"type":"TextBlock","text":@1,"wrap":true}]}]}""",
            9 => "@1",
            _ => """{"{{ defect.title }}":1,"type":"TextBlock","text":"x"}""",
        }, a, b, b));

    public static readonly Gen<string> SlackJson =
        Gen.Select(SlackBlock.Array[0, 4],
        OneOf("[*]", "{\"blocks\":[*]}", "{\"text\":\"{{ defect.title }}\",\"blocks\":[{\"type\":\"divider\"},*],}", "{\"blocks\":[*]"),
        (blocks, frame) => frame.Replace("*", string.Join(',', blocks), StringComparison.Ordinal));

    public static readonly Gen<string> TeamsJson =
        Gen.Select(TeamsElement.Array[0, 4],
        OneOf("{\"type\":\"AdaptiveCard\",\"version\":\"1.2\",\"body\":[*]}",
        "{\"type\":\"message\",\"attachments\":[{\"content\":{\"type\":\"AdaptiveCard\",\"body\":[*]}}]}",
        "{\"type\":\"AdaptiveCard\",\"body\":[*]"),
        (elements, frame) => frame.Replace("*", string.Join(',', elements), StringComparison.Ordinal));

    public static Gen<string> OneOf(params string[] texts) => Gen.Int[0, texts.Length - 1].Select(index => texts[index]);

    private static string Fill(string json, string first, string second, string third) =>
        json.Replace("@1", first, StringComparison.Ordinal).Replace("@2", second, StringComparison.Ordinal)
            .Replace("@3", third, StringComparison.Ordinal);
}
