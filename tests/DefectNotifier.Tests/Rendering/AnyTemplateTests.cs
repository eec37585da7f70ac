using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using CsCheck;
using DefectNotifier.Chat.Slack;
using DefectNotifier.Chat.Teams;
using DefectNotifier.Events;
using DefectNotifier.Rendering;
using DefectNotifier.Testing;

namespace DefectNotifier.Tests.Rendering;

/// <summary>
/// Any template, put together from good and broken pieces, with any values: there is always a message, it obeys the platform, and no value is more than text in
/// it. 1,500 cases; <c>FUZZ_CASES</c> sets another number.
/// </summary>
public sealed partial class AnyTemplateTests
{
    private static readonly int Cases = int.TryParse(Environment.GetEnvironmentVariable("FUZZ_CASES"), out var cases) ? cases : 1_500;

    private static readonly Gen<string> Value = Gen.Frequency(
        (1, Gen.String[0, 20]),
        (3, OneOf("plain", "", " ", "a\nb", "<!channel>", "<@UEVIL00>", "<!subteam^SEVIL00>", "<https://evil.example|x>", "https://evil.example/a b", "javascript:evil", "@here", "*evil*", "_a", "`", "```", ":tada:",
            "> evil", "&lt;!here&gt;", "\"", "\\", "\"}]", "{{ 6 * 7 }}", "{{DATE(2026-01-01T00:00:00Z)}}", "<at>evil</at>", "[evil](https://evil.example)", "![evil](https://evil.example/x.png)", "|", "\uE000\uE001\uE00B", "\uE000", "\u202E", "\uD83D",
            "👩🏽‍💻", "שלום", "<b>evil</b>", "| a | b |\n|-|-|\n", "# evil", "- evil", "---", "..", "%2F")),
        (1, Gen.Select(OneOf("x", "<", "&", "*", "\"", "\n", "👩🏽‍💻", "a b ", "evil "), Gen.Int[1, 30_000]).Select((text, times) => string.Concat(Enumerable.Repeat(text, times)))));

    private static readonly Gen<string> Expression = OneOf(
        "defect.title", "defect.title", "defect.actual_result", "project.code", "defect.id", "defect.step", "payload", "payload.x", "payload.list", "event.time | date", "event.time | date 'HH:mm' 'Europe/Berlin'", "mention 'qa-lead'", "mention 'qa-team'",
        "mention defect.title", "link defect.title defect.title", "link defect.url", "defect.title | markdown", "payload | json", "defect.title | truncate 5", "defect.severity | severity_colour", "defect.severity | severity_emoji", "defect.url",
        "include '_piece'", "include 'default'", "nosuch 1", "1 / 0", "defect.title + 'x'", "true", "null", "[1, defect.title]", "for x in 1..30; defect.title; end", "if defect.title; 'a'; end", "capture y; defect.title; end; y");

    private static readonly Gen<string> Token = Expression.Select(expression => $"{{{{ {expression} }}}}");

    private static readonly Gen<string> Markdown = Gen.OneOf(
        OneOf("# ", "\n# ", "\n\n", "\n", "**", "*", "`", "\n```\n", "[", "](", ")", "![", "> ", "\n- ", "\n1. ", "\n\n| | |\n|-|-|\n| ", " | ", " |\n", "\n\n---\n\n", "text ", "<", ">", "\\", "~~", "https://ok.example/", "<https://ok.example/", "{{", "}}"),
        Token).Array[0, 14].Select(string.Concat);

    private static readonly Gen<string> JsonText = Gen.OneOf(OneOf("a ", "*", "<", ">", "|", "`", "@x", "!", "\\n", "https://ok.example/", "](", "[", ")", "&amp;", " "), Token, Token).Array[0, 5].Select(string.Concat);

    private static readonly Gen<string> JsonValue = Gen.Frequency((6, JsonText.Select(text => $"\"{text}\"")), (2, Token), (1, OneOf("1", "null", "true", "{}", "[]", "", "// c\n1", "/* c */ \"a\"", "\"\\ud800\"")));

    private static readonly Gen<string> SlackBlock = Gen.Select(JsonValue, JsonValue, JsonValue, Gen.Int[0, 15]).Select((a, b, c, kind) => Fill(kind switch
    {
        0 => """{"type":"header","text":{"type":"plain_text","text":@1,"emoji":true}}""",
        1 => """{"type":"section","text":{"type":"mrkdwn","text":@1}}""",
        2 => """{"type":"section","fields":[{"type":"mrkdwn","text":@1},{"type":"plain_text","text":@2}]}""",
        3 => """{"type":"context","elements":[{"type":"mrkdwn","text":@1},{"type":"image","image_url":@2,"alt_text":@3}]}""",
        4 => """{"type":"actions","elements":[{"type":"button","text":{"type":"plain_text","text":@1},"url":@2,"action_id":@3}]}""",
        5 => """{"type":"image","image_url":@1,"alt_text":@2}""",
        6 => """{"type":"rich_text","elements":[{"type":"rich_text_section","elements":[{"type":"text","text":@1,"style":{"bold":true}},{"type":"link","url":@2,"text":@3}]}]}""",
        7 => """{"type":"rich_text","elements":[{"type":"rich_text_list","style":"bullet","elements":[{"type":"rich_text_section","elements":[{"type":"text","text":@1}]}]},{"type":"rich_text_preformatted","elements":[{"type":"text","text":@2}]}]}""",
        8 => """{"type":"divider","block_id":@1}""",
        9 => """{"type":"rich_text","elements":[{"type":"rich_text_section","elements":[{"type":"user","user_id":"{{ defect.title }}"}]}]}""",
        10 => """{"type":@1,"text":{"type":"mrkdwn","text":@2}}""",
        11 => """{"{{ defect.title }}":1,"type":"divider"}""",
        12 => "@1",
        13 => """{"type":"header","text":@1}""",
        _ => """{"type":"divider"}""",
    }, a, b, c));

    private static readonly Gen<string> TeamsElement = Gen.Select(JsonValue, JsonValue, Gen.Int[0, 10]).Select((a, b, kind) => Fill(kind switch
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

    private static readonly Gen<string> SlackJson = Gen.Select(SlackBlock.Array[0, 4], OneOf("[*]", "{\"blocks\":[*]}", "{\"text\":\"{{ defect.title }}\",\"blocks\":[{\"type\":\"divider\"},*],}", "{\"blocks\":[*]"), (blocks, frame) => frame.Replace("*", string.Join(',', blocks), StringComparison.Ordinal));

    private static readonly Gen<string> TeamsJson = Gen.Select(TeamsElement.Array[0, 4], OneOf("{\"type\":\"AdaptiveCard\",\"version\":\"1.2\",\"body\":[*]}", "{\"type\":\"message\",\"attachments\":[{\"content\":{\"type\":\"AdaptiveCard\",\"body\":[*]}}]}", "{\"type\":\"AdaptiveCard\",\"body\":[*]"),
        (elements, frame) => frame.Replace("*", string.Join(',', elements), StringComparison.Ordinal));

    [Fact]
    public void Render_AnyTemplateOfPieces_IsAMessageThatForgesNothing() => Gen.Select(Markdown, SlackJson, TeamsJson, Gen.Bool, Value, Value, Value).Sample(
        (markdown, slack, teams, withJson, title, result, extra) =>
        {
            var store = Store(withJson ? [("defect.y.sbn", markdown), ("slack/defect.y.json.sbn", slack), ("teams/defect.y.json.sbn", teams), ("_piece.sbn", "**x** {{ defect.title }}")] : [("defect.y.sbn", markdown), ("_piece.sbn", "**x** {{ defect.title }}")]);
            if (Read(title, result, extra) is not { } defectEvent) return;
            foreach (var platform in (ChatPlatform[])[ChatPlatform.Slack, ChatPlatform.Teams])
            {
                var rendered = new MessageRenderer(store, [new SlackMessageFormatter(), new TeamsMessageFormatter()], new QaseOptions(), TimeProvider.System)
                    .Render(new RenderRequest { Event = defectEvent, ReceivedAt = Some.Moment, Platform = platform });

                AssertSound(platform, rendered);
            }
        },
        iter: Cases, threads: 2);

    private static void AssertSound(ChatPlatform platform, RenderResult rendered)
    {
        var all = RenderedJson.Check(platform, rendered);
        // What an author left out or invented is passed on; the rules know only what we write. An unknown element's text names nobody: there is no entity.
        var hasUnknown = all.Any(finding => finding.Contains("unknown element type", StringComparison.Ordinal));
        var findings = all.Where(finding => !finding.Contains("'action_id' is missing", StringComparison.Ordinal) && !finding.Contains("unknown block type", StringComparison.Ordinal)
            && !finding.Contains("unknown element type", StringComparison.Ordinal) && !(hasUnknown && finding.EndsWith("has no entity", StringComparison.Ordinal))).ToList();
        Assert.True(findings.Count == 0, string.Join('\n', findings));
        using var message = JsonDocument.Parse(rendered.Message.Json);
        foreach (var (path, name, text) in JsonStrings.In(message.RootElement))
        {
            if (name is "user_id" or "usergroup_id" or "range") Assert.Contains(text, (string[])["U012AB3CD", "S012AB3CD", "here"]);
            if (platform == ChatPlatform.Slack && (path == "/text" || IsMrkdwn(message.RootElement, path))) Assert.DoesNotMatch(ForeignToken(), text);
            if (platform == ChatPlatform.Teams && path.EndsWith("/mentioned/id", StringComparison.Ordinal)) Assert.Equal("lead@contoso.com", text);
        }
    }

    private static bool IsMrkdwn(JsonElement root, string path)
    {
        var at = root;
        foreach (var step in path.Split('/', StringSplitOptions.RemoveEmptyEntries)[..^1]) at = at.ValueKind == JsonValueKind.Array ? at[int.Parse(step)] : at.GetProperty(step);
        return at.ValueKind == JsonValueKind.Object && at.TryGetProperty("type", out var type) && type.ValueEquals("mrkdwn");
    }

    // Null when no webhook can hold these texts.
    private static DefectEvent? Read(string title, string result, string extra)
    {
        var json = new System.Text.Json.Nodes.JsonObject
        {
            ["event_name"] = "defect.y",
            ["project_code"] = "WEB",
            ["timestamp"] = 1650532563,
            ["payload"] = new System.Text.Json.Nodes.JsonObject { ["id"] = 73, ["title"] = title, ["actual_result"] = result, ["x"] = extra, ["list"] = new System.Text.Json.Nodes.JsonArray(extra, new System.Text.Json.Nodes.JsonObject { ["type"] = "user", ["user_id"] = "UEVIL00" }) },
        };
        return WebhookParser.Parse(Encoding.UTF8.GetBytes(json.ToJsonString()), "").Event;
    }

    private static TemplateStore Store((string Name, string Text)[] files)
    {
        using var folder = new TemplateFolder(files);
        return TemplateStore.Load(RenderedJson.Options with { Path = folder.Path }, Microsoft.Extensions.Logging.Abstractions.NullLogger<TemplateStore>.Instance);
    }

    private static string Fill(string json, string first, string second, string third) =>
        json.Replace("@1", first, StringComparison.Ordinal).Replace("@2", second, StringComparison.Ordinal).Replace("@3", third, StringComparison.Ordinal);

    private static Gen<string> OneOf(params string[] texts) => Gen.Int[0, texts.Length - 1].Select(index => texts[index]);

    /// <summary>Everything between angle brackets that a template of these pieces could not have meant: a mention of others, or an address within a value's reach that is none.</summary>
    [GeneratedRegex(@"<(?:@(?!U012AB3CD>)|!subteam\^(?!S012AB3CD>)|!channel|!everyone|#|javascript:)[^<>]*(?:EVIL|evil|channel|everyone)[^<>]*>")]
    private static partial Regex ForeignToken();
}
