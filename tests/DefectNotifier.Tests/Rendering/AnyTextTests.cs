using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using CsCheck;
using DefectNotifier.Chat.Slack;
using DefectNotifier.Chat.Teams;
using DefectNotifier.Events;
using DefectNotifier.Rendering;
using DefectNotifier.Rendering.Document;
using DefectNotifier.Rendering.Templates;
using DefectNotifier.Rendering.Values;
using DefectNotifier.Testing;
using DefectNotifier.Tests.Rendering.Document;
using DefectNotifier.Tests.Rendering.Templates;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace DefectNotifier.Tests.Rendering;

/// <summary>Any text in any field, with every shipped template: the message has the same structure and contains the text.</summary>
public sealed partial class AnyTextTests
{
    private const int Fields = 7;

    private static readonly string[] Events =
        ["defect.created", "defect.updated", "defect.resolved", "defect.deleted", "defect.reopened", "case.created"];

    private static readonly TemplateStore Templates =
        TemplateStore.Load(new TemplateOptions { Path = "no-such-folder" }, NullLogger<TemplateStore>.Instance);

    internal static readonly Gen<string> Text = Gen.Frequency(
        (1, Gen.Char.Array[0, 12].Select(characters => new string(characters))),
        (4, Gen.OneOf(
            "a", "Bb ", " ", "\n", "\r\n", "\n\n", "\t", "*", "**", "_", "~~", "`", "```\n", "# ", "\n# ", "- ", "\n1. ", "> ", "|",
                "\n|-|-|\n", "---", "\n---\n", "===", "\\", "&", "&lt;", "<", ">",
            "[x](https://evil.example)", "![x](https://evil.example/x.png)", "https://evil.example", "<https://evil.example|x>",
                "<!here>", "<@U012AB3CD>", "<#C1>", "@channel", ":tada:", "]( )", "[", "](",
            "{{", "}}", "{{ date.now }}", "{{DATE(2026-01-01T00:00:00Z)}}", "<at>x</at>", "<b>", "<!date^1^{date}|x>", "\"", "'",
                "\\\"}", "\0", "\u001b[31m", "\u202E", "\uFEFF", "\uE000\uE001\uE00B", "\uE000", "\uE00B",
            "\uD83D", "\uDC69", "👩🏽‍💻", "é", "結", "\u200D", "%", "..", "/", "?", "javascript:").Array[0, 8].Select(string.Concat)));

    [Fact]
    public void Render_AnyTextInAnyField_ChangesOnlyTheText() => Gen.Select(Gen.OneOf(Events), Text.Array[Fields]).Sample(
        (name, texts) =>
        {
            var defectEvent = Read(name, texts);
            if (defectEvent is null) return;

            var document = Render(defectEvent);

            CheckStructure(Structure.Of(Render(Read(name, [.. Enumerable.Repeat("harmless", Fields)])!)), Structure.Of(document));
            var words = Structure.TextOf(document);
            Assert.Contains(Shown(defectEvent.Title), words, StringComparison.Ordinal);
            Assert.Contains(Shown(defectEvent.ProjectCode), words, StringComparison.Ordinal);
            CheckSlack(JsonNode.Parse(new SlackMessageFormatter().Format(document).Json.Span)!);
            CheckTeams(JsonNode.Parse(new TeamsMessageFormatter().Format(document).Json.Span)!);
        },
        iter: PropertyCases.Of(4_000));

    /// <summary>The result is Markdown that anybody may have written: it stays in its quote, and each link shows where it leads.</summary>
    [Fact]
    public void Render_AnyTextAsResult_StaysInItsQuoteAndHidesNoAddress() => Text.Sample(
        text =>
        {
            string[] harmless = [.. Enumerable.Repeat("harmless", Fields)];
            var document = Render(Read("defect.created", harmless, text)!);

            Assert.Equal(
                Render(Read("defect.created", harmless)!).Blocks.Where(block => block is not QuoteBlock).Select(TextOf),
                document.Blocks.Where(block => block is not QuoteBlock).Select(TextOf));
            foreach (var quote in document.Blocks.OfType<QuoteBlock>())
            {
                var words = string.Concat(quote.Inlines.Select(inline => inline.Text));
                Assert.All(quote.Inlines, inline => Assert.Null(inline.Mention));
                Assert.All(
                    quote.Inlines.Where(inline => inline.Url is not null),
                    link => Assert.Contains(new Uri(link.Url!).Host, words, StringComparison.OrdinalIgnoreCase));
            }
        },
        iter: PropertyCases.Of(2_000));

    [Fact]
    public void Render_AnyTextInAPlainMessage_ChangesOnlyTheText()
    {
        using var folder = new TemplateFolder(("default.sbn", "{{ nosuch 1 }}"));
        var broken = folder.Load();
        Text.Array[Fields].Sample(
            texts =>
            {
                if (Read("case.created", texts) is not { } defectEvent) return;
                var capture = new DocumentCapture();
                new MessageRenderer(broken, [capture], new QaseOptions(), new FakeTimeProvider())
                    .Render(new RenderRequest { Event = defectEvent, ReceivedAt = Some.Moment, Platform = ChatPlatform.Slack });

                Assert.DoesNotContain(Structure.Of(capture.Document).Keys, part => part.StartsWith("run", StringComparison.Ordinal)
                    || part.StartsWith("button", StringComparison.Ordinal));
                CheckSlack(JsonNode.Parse(new SlackMessageFormatter().Format(capture.Document).Json.Span)!);
                CheckTeams(JsonNode.Parse(new TeamsMessageFormatter().Format(capture.Document).Json.Span)!);
            },
            iter: PropertyCases.Of(1_000));
    }

    [Fact]
    public void Render_PayloadOfThousandsOfFields_ShowsTheFirst()
    {
        var members = string.Join(',', Enumerable.Range(0, 5_000).Select(number => $"\"field {number}\":{number}"));
        var defectEvent = WebhookParser.Parse(Encoding.UTF8.GetBytes($$$"""{"event_name":"thing.happened","payload":{{{{members}}}}}"""),
            "").Event!;

        var (outline, error) = Rendered.By(Templates, defectEvent);

        Assert.Null(error);
        Assert.Contains("field Field 7 = 7\n", outline, StringComparison.Ordinal);
        Assert.DoesNotContain("Field 8", outline, StringComparison.Ordinal);
    }

    private static MessageDocument Render(DefectEvent defectEvent)
    {
        var capture = new DocumentCapture();
        var result = new MessageRenderer(Templates, [capture], new QaseOptions(), new FakeTimeProvider())
            .Render(new RenderRequest { Event = defectEvent, ReceivedAt = Some.Moment, Platform = ChatPlatform.Slack });
        Assert.Null(result.Error);
        return capture.Document;
    }

    // Null when these texts cannot be in a webhook.
    private static DefectEvent? Read(string name, string[] texts, string result = "harmless")
    {
        var root = new JsonObject
        {
            ["event_name"] = name,
            ["timestamp"] = 1650532563,
            ["project_code"] = texts[0],
            ["team_member_id"] = 418,
            ["payload"] = new JsonObject
            {
                ["id"] = 73,
                ["title"] = texts[1],
                ["severity"] = texts[2],
                ["actual_result"] = result,
                ["status"] = texts[3],
                ["attachments"] = new JsonArray(new JsonObject { ["filename"] = texts[4], ["url"] = "https://app.qase.io/file" }),
                ["x" + texts[5]] = texts[6],
            },
        };
        return WebhookParser.Parse(Encoding.UTF8.GetBytes(root.ToJsonString()), "source").Event;
    }

    private static void CheckStructure(Dictionary<string, int> usual, Dictionary<string, int> seen) =>
        Assert.All(seen, part => Assert.True(part.Value <= usual.GetValueOrDefault(part.Key), $"{part.Key}: {part.Value} times"));

    private static string TextOf(MessageBlock block) => Structure.TextOf(new MessageDocument([block], MessageStyle.Default));

    private static string Shown(string? text) =>
        TextCleaning.Clean(text ?? "") is var clean && VisibleText.IsIn(clean) ? clean.Replace('\n', ' ').Trim() : "";

    private static void CheckSlack(JsonNode message)
    {
        Assert.DoesNotContain('<', SlackRules.WithoutLiterals(message["text"]!.GetValue<string>()));
        foreach (var part in Objects(message))
        {
            Assert.DoesNotContain(part["type"]?.GetValue<string>(),
                (string?[])["user", "usergroup", "channel", "broadcast", "emoji", "markdown"]);
            if (part["type"]?.GetValue<string>() == "mrkdwn") Assert.DoesNotMatch(ForeignAngle(), part["text"]!.GetValue<string>());
            CheckAddress(part["url"]);
        }
    }

    private static void CheckTeams(JsonNode message)
    {
        foreach (var part in Objects(message))
        {
            CheckAddress(part["url"]);
            if (part["value"] is { } value) Assert.DoesNotMatch(ForeignLink(), value.GetValue<string>());
        }
    }

    private static void CheckAddress(JsonNode? url) =>
        Assert.StartsWith("https://app.qase.io/", url?.GetValue<string>() ?? "https://app.qase.io/", StringComparison.Ordinal);

    private static IEnumerable<JsonObject> Objects(JsonNode? node) => node switch
    {
        JsonObject map => map.SelectMany(member => Objects(member.Value)).Prepend(map),
        JsonArray items => items.SelectMany(Objects),
        _ => [],
    };

    [GeneratedRegex("<(?!https://app\\.qase\\.io/|!date\\^1650532563\\^)")]
    private static partial Regex ForeignAngle();

    [GeneratedRegex("(?<!\\\\)\\]\\((?!https://app\\.qase\\.io/)")]
    private static partial Regex ForeignLink();
}
