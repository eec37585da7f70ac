using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using DefectNotifier.Chat.Slack;
using DefectNotifier.Chat.Teams;
using DefectNotifier.Events;
using DefectNotifier.Rendering.Document;
using DefectNotifier.Rendering.Templates;
using DefectNotifier.Rendering.Values;
using DefectNotifier.Testing;
using DefectNotifier.Tests.Events;
using DefectNotifier.Tests.Rendering.JsonTemplates;
using Microsoft.Extensions.Logging.Abstractions;

namespace DefectNotifier.Tests.Rendering;

/// <summary>A value that shows nothing has the same result as no value.</summary>
public sealed class InvisibleValueTests
{
    private static readonly TemplateStore Shipped =
        TemplateStore.Load(new TemplateOptions { Path = "no-such-folder" }, NullLogger<TemplateStore>.Instance);

    public static TheoryData<string> Invisible => VisibleTextTests.Invisible;

    [Theory]
    [MemberData(nameof(Invisible))]
    public void Render_ShippedTemplate_IsTheSameAsWithoutTheValues(string text)
    {
        foreach (var name in (string[])["defect.created", "defect.updated", "defect.resolved", "defect.deleted", "run.completed"])
        {
            foreach (var platform in ChatPlatforms.All)
            {
                var missing = RenderedJson.By(Shipped, platform, Read(name, null));
                var invisible = RenderedJson.By(Shipped, platform, Read(name, text));

                Assert.Equal(Text(missing.Message.Json), Text(invisible.Message.Json));
            }
        }
    }

    [Theory]
    [MemberData(nameof(Invisible))]
    public void Render_TitleOfNewDefect_IsItsNumber(string text)
    {
        var message = RenderedJson.By(Shipped, ChatPlatform.Teams, Read("defect.created", text)).Message;

        Assert.StartsWith("⚪ Defect D-73\n", message.Text, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Invisible))]
    public void Render_Markdown_LeavesOutWhatShowsNothing(string text)
    {
        const string Template = """
            # {{ v }}

            {{ v }}

            > {{ v }}

            - {{ v }}

            | | |
            |-|-|
            | Row | {{ v }} |
            | **{{ v }}** | [{{ v }}](https://ok.example/) |

                {{ v }}

            ![{{ v }}](ftp://no.example/a.png)

            Shown{{ payload.comment ?? '.' }} {{ payload.comment | markdown }}

            [{{ v }}](https://ok.example/)

            *{{ v }}*
            """;

        var outline = Rendered.Outline(
            "{{ v = payload.parts[0] + payload.parts[1] }}\n" + Template, Some.DefectEvent with
            {
                Payload = Payload(("comment", text), ("parts", new JsonArray(text, ""))),
            });

        Assert.Equal(Rendered.Outline("Shown."), outline);
    }

    [Theory]
    [MemberData(nameof(Invisible))]
    public void Render_SlackJson_LeavesOutWhatShowsNothing(string text) => Assert.Equal(
        """[{"type":"divider"}]""",
        RenderedJson.Content(ChatPlatform.Slack, """
            [
              { "type": "header", "text": { "type": "plain_text", "text": "{{ payload.a + payload.b }}" } },
              { "type": "section", "text": { "type": "mrkdwn", "text": "*{{ payload.a + payload.b }}*" } },
              { "type": "section", "fields": [ { "type": "mrkdwn", "text": "{{ payload.a + payload.b }}" } ] },
              { "type": "rich_text", "elements": [ { "type": "rich_text_quote", "elements": [
                { "type": "text", "text": "{{ payload.a + payload.b }}" } ] } ] },
              { "type": "actions", "elements": [ { "type": "button", "text": { "type": "plain_text",
                "text": "{{ payload.a + payload.b }}" }, "url": "https://ok.example/" } ] },
              { "type": "divider" },
            ]
            """, With(text)));

    [Theory]
    [MemberData(nameof(Invisible))]
    public void Render_TeamsJson_LeavesOutWhatShowsNothing(string text) => Assert.Equal(
        """[{"type":"TextBlock","text":"x ","wrap":true}]""",
        RenderedJson.Content(ChatPlatform.Teams, """
            { "type": "AdaptiveCard", "version": "1.2", "body": [
              { "type": "TextBlock", "text": "**{{ payload.a + payload.b }}**", "wrap": true },
              { "type": "TextBlock", "text": "{{ payload.a + payload.b }}", "wrap": true },
              { "type": "RichTextBlock", "inlines": [ "{{ payload.a + payload.b }}",
                { "type": "TextRun", "text": "{{ payload.a + payload.b }}" } ] },
              { "type": "FactSet", "facts": [ { "title": "Step", "value": "{{ payload.a + payload.b }}" } ] },
              { "type": "ActionSet", "actions": [ { "type": "Action.OpenUrl", "title": "{{ payload.a + payload.b }}",
                "url": "https://ok.example/" } ] },
              { "type": "TextBlock", "text": "x [{{ payload.a + payload.b }}](https://ok.example/)", "wrap": true } ] }
            """, With(text)));

    [Theory]
    [MemberData(nameof(Invisible))]
    public void Format_DocumentOfInvisibleTexts_HasOnlyWhatReplacesThem(string text)
    {
        var url = "https://ok.example/a.png";
        MessageInline[] runs = [new(text, InlineStyle.Bold), new(text) { Url = url }];
        var document = new MessageDocument(
            [
                new HeadingBlock(1, runs), new ParagraphBlock(runs), new QuoteBlock(runs), new CodeBlock(text), new NoteBlock(runs),
                new FieldsBlock([new Field(runs, runs)]), new ListBlock([new ListItem(0, null, runs)]),
                new ButtonsBlock([new LinkButton(text, url)]), new ImageBlock(url, text),
            ],
            MessageStyle.Default);

        Assert.Equal("–\nOpen\nImage", new SlackMessageFormatter().Format(document).Text);
        Assert.Equal("–\nOpen\nImage", new TeamsMessageFormatter().Format(document).Text);
    }

    [Fact]
    public void Render_SequenceOfEmoji_StaysWhole()
    {
        const string Text = "👩🏽‍💻❤️\u200B";

        var outline = Rendered.Outline("# {{ defect.title }}", Some.DefectEvent with { Title = Text });

        Assert.Contains(Text, outline, StringComparison.Ordinal);
    }

    private static DefectEvent With(string text) => Some.DefectEvent with { Payload = Payload(("a", text), ("b", "")) };

    private static JsonElement Payload(params (string Name, JsonNode? Value)[] members) => JsonElement.Parse(
        new JsonObject(members.Select(member => KeyValuePair.Create(member.Name, member.Value))).ToJsonString());

    // Null: without the fields.
    private static DefectEvent Read(string name, string? text)
    {
        var payload = new JsonObject { ["id"] = 73 };
        if (text is not null)
        {
            foreach (var field in (string[])["title", "actual_result", "severity", "status", "comment"]) payload[field] = text;
            payload["attachments"] = new JsonArray(new JsonObject { ["filename"] = text });
        }

        var root = new JsonObject
        {
            ["event_name"] = name,
            ["timestamp"] = 1650532563,
            ["project_code"] = text,
            ["payload"] = payload,
        };
        return WebhookParser.Parse(Encoding.UTF8.GetBytes(root.ToJsonString()), "").Event!;
    }

    private static string Text(ReadOnlyMemory<byte> json) => Encoding.UTF8.GetString(json.Span);
}
