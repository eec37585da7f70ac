using DefectNotifier.Events;
using DefectNotifier.Rendering;
using DefectNotifier.Rendering.Templates;
using DefectNotifier.Rendering.Values;
using DefectNotifier.Testing;
using DefectNotifier.Tests.Events;
using DefectNotifier.Tests.Rendering.Templates;

namespace DefectNotifier.Tests.Rendering.JsonTemplates;

/// <summary>The place of a value in a Slack JSON template decides how it is written.</summary>
public sealed class SlackJsonTemplateTests
{
    private static readonly DefectEvent Event = Some.DefectEvent with
    {
        Title = "a \"q\" \\ <!here> & *b*",
        ProjectCode = "W/B",
        OccurredAt = new DateTimeOffset(2026, 1, 5, 9, 0, 0, TimeSpan.Zero),
    };

    [Theory]
    [InlineData("", """{"type":"section","text":{"type":"mrkdwn","text":"<https://x.example/2|b|c.log>","verbatim":true}}""")]
    [InlineData("section", """{"type":"section","text":{"type":"mrkdwn","text":"a"}}""")]
    [InlineData("context", """{"type":"context","elements":[{"type":"mrkdwn","text":"<https://x.example/2|b|c.log>","verbatim":true}]}""")]
    public void Render_ImageOfAFile_IsALink(string within, string expected)
    {
        const string Image =
            """{"type":"image","image_url":"{{ defect.attachments[0].url }}","alt_text":"{{ defect.attachments[0].name }}"}""";
        var block = within switch
        {
            "section" => """{"type":"section","text":{"type":"mrkdwn","text":"a"},"accessory":IMAGE}""",
            "context" => """{"type":"context","elements":[IMAGE]}""",
            _ => "IMAGE",
        };
        var template = $"[{block.Replace("IMAGE", Image, StringComparison.Ordinal)}]";
        var file = new Attachment("b|c.log", "https://x.example/2") { Mime = "image/svg+xml" };

        Assert.Equal(
            $"[{expected.Replace("b|c", "b¦c", StringComparison.Ordinal)}]",
            RenderedJson.Content(ChatPlatform.Slack, template, Event with { Attachments = [file] }));
    }

    [Theory]
    [InlineData(
        """{"type":"header","text":{"type":"plain_text","text":"{{ defect.title }}"}}""",
        """{"type":"header","text":{"type":"plain_text","text":"a \"q\" \\ <!here> & *b*"}}""")]
    [InlineData(
        """{"type":"header","text":{"type":"plain_text","text":{{ defect.title }},},} // a comment""",
        """{"type":"header","text":{"type":"plain_text","text":"a \"q\" \\ <!here> & *b*"}}""")]
    [InlineData(
        """{"type":"card","title":{"type":"mrkdwn","text":"a"},"actions":["""
            + """{"type":"button","text":{"type":"plain_text","text":"a"},"action_id":"a","url":"{{ defect.case_id }}"}]}""",
        """{"type":"card","title":{"type":"mrkdwn","text":"a"}}""")]
    [InlineData(
        """{"type":"section","text":{"type":"mrkdwn","text":"a"},"fields":[{"type":"mrkdwn","text":"{{ defect.case_id }}"}]}""",
        """{"type":"section","text":{"type":"mrkdwn","text":"a"}}""")]
    [InlineData(
        """{"type":"table","rows":[[{"type":"raw_text","text":"{{ defect.case_id }}"},"""
            + """{"type":"raw_text","text":":bug: {{ ':bug:' }}"}]]}""",
        """{"type":"table","rows":[[{"type":"raw_text","text":" "},{"type":"raw_text","text":"\uD83D\uDC1B :bug:"}]]}""")]
    [InlineData(
        """{"type":"section","text":{"type":"mrkdwn","text":"*x* {{ defect.title }}"}}""",
        """{"type":"section","text":{"type":"mrkdwn","text":"*x* a \"q\" \\ &lt;!here&gt; &amp; """
            + """<!date^00000000^{_}|*>b<!date^00000000^{_}|*>","verbatim":true}}""")]
    [InlineData(
        """{"type":"section","text":{"type":"mrkdwn","text":"`{{ defect.title }}`"}}""",
        """{"type":"section","text":{"type":"mrkdwn","text":"`a \"q\" \\ &lt;!here&gt; &amp; *b*`","verbatim":true}}""")]
    [InlineData("""{"type":"section","text":{"type":"mrkdwn","text":"<{{ defect.url }}|{{ defect.id }}|x>"}}""",
        """{"type":"section","text":{"type":"mrkdwn","text":"<https://app.qase.io/defect/W%2FB/view/73|73¦x>","verbatim":true}}""")]
    [InlineData("""{"type":"section","text":{"type":"mrkdwn","text":"<https://e.com/?q={{ project.code }}&a=b|x>"}}""",
        """{"type":"section","text":{"type":"mrkdwn","text":"<https://e.com/?q=W%2FB&amp;a=b|x>","verbatim":true}}""")]
    [InlineData("""{"type":"section","text":{"type":"mrkdwn","text":"<{{ project.code }}|x> <!channel> <@{{ project.code }}> a"}}""",
        """{"type":"section","text":{"type":"mrkdwn","text":"x <!channel> &lt;@W/B&gt; a","verbatim":true}}""")]
    [InlineData(
        """{"type":"section","text":{"type":"mrkdwn","text":"{{ mention 'qa-lead' }} {{ mention 'QA-team' }} """
            + """{{ mention 'everybody' }} {{ event.time | date }}"}}""",
        """{"type":"section","text":{"type":"mrkdwn","text":"<@U012AB3CD> <!subteam^S012AB3CD> <!here> """
            + """<!date^1767603600^{date_short_pretty} {time}|2026-01-05 10:00 UTC+01:00>","verbatim":true}}""")]
    [InlineData(
        """{"type":"section","text":{"type":"mrkdwn","text":"{{ link defect.url 'D 1' }} """
            + """{{ '**b** [x](https://e.com) <@U1>' | markdown }}"}}""",
        """{"type":"section","text":{"type":"mrkdwn","text":"<https://app.qase.io/defect/W%2FB/view/73|D 1> *b* """
            + """<https://e.com/|x> (e.com) &lt;@U1&gt;","verbatim":true}}""")]
    [InlineData(
        """{"type":"header","text":{"type":"plain_text","emoji":false,"text":{{ event.time | json }}}}""",
        """{"type":"header","text":{"type":"plain_text","emoji":false,"text":"2026-01-05T09:00:00Z"}}""")]
    [InlineData(
        """{"type":"rich_text","elements":[{"type":"rich_text_section","elements":["""
            + """{"type":"text","text":":tada: {{ ':tada:' }}"},{"type":"text","text":" :bug:"},"""
            + """{"type":"text","text":" :bug: ","style":{"code":true}}]}]}""",
        """{"type":"rich_text","elements":[{"type":"rich_text_section","elements":["""
            + """{"type":"text","text":"\uD83C\uDF89 "},{"type":"text","text":":tada:"},{"type":"text","text":" \uD83D\uDC1B"},"""
            + """{"type":"text","text":" :bug: ","style":{"code":true}}]}]}""")]
    [InlineData(
        """{"type":"rich_text","elements":[{"type":"rich_text_section","elements":["""
            + """{"type":"text","text":"By {{ mention 'qa-lead' }} at {{ event.time }}{{ defect.case_id }}","style":{"bold":true}}]}]}""",
        """{"type":"rich_text","elements":[{"type":"rich_text_section","elements":["""
            + """{"type":"text","text":"By ","style":{"bold":true}},{"type":"user","user_id":"U012AB3CD","style":{"bold":true}},"""
            + """{"type":"text","text":" at ","style":{"bold":true}},"""
            + """{"type":"date","timestamp":1767603600,"format":"{date_short_pretty} """
            + """{time}","fallback":"2026-01-05 10:00 UTC+01:00"}]}]}""")]
    [InlineData(
        """{"type":"rich_text","elements":[{"type":"rich_text_preformatted","elements":["""
            + """{"type":"text","text":"{{ event.time | date }}"}]}]}""",
        """{"type":"rich_text","elements":[{"type":"rich_text_preformatted","elements":["""
            + """{"type":"text","text":"2026-01-05 10:00 UTC+01:00"}]}]}""")]
    [InlineData(
        """{"type":"rich_text","elements":[{"type":"rich_text_section","elements":["""
            + """{"type":"link","url":"javascript:{{ defect.id }}","text":"x"}]}]}""",
        """{"type":"rich_text","elements":[{"type":"rich_text_section","elements":[{"type":"text","text":"x"}]}]}""")]
    [InlineData("""{"type":"divider","block_id":"b-{{ defect.id }}"}""", """{"type":"divider","block_id":"b-73"}""")]
    public void Render_Value_IsWrittenForItsPlace(string block, string expected) =>
        Assert.Equal($"[{expected}]",
            RenderedJson.Content(ChatPlatform.Slack,
            $$"""{ "blocks": [ {{block}} ] }""".Replace("// a comment ] }", "// a comment\n ] }", StringComparison.Ordinal), Event)
            .Replace("\\u0026", "&", StringComparison.Ordinal));

    [Theory]
    [InlineData("{{ defect.id }}", "73")]
    [InlineData("{{ defect.case_id }}", "null")]
    [InlineData("{{ true }}", "true")]
    [InlineData("{{ 1.5 }}", "1.5")]
    [InlineData("{{ payload.list }}", """[1,"<!here>",{"a":null}]""")]
    [InlineData("{{ payload | json }}", """{"id":73,"list":[1,"<!here>",{"a":null}]}""")]
    [InlineData("\"{{ payload.list }}\"", "\"[1, \\\"<!here>\\\", {a: null}]\"")]
    [InlineData("{{ 'a\"b' }}", "\"a\\\"b\"")]
    public void Render_ValueOutsideOfQuotes_BecomesJson(string value, string expected)
    {
        var result = Render($$"""[ { "type": "plan", "data": {{value}} }, { "type": "divider" } ]""",
            Webhook.ReadPayload("\"list\":[1,\"<!here>\",{\"a\":null}]"));

        Assert.Contains($$"""{"type":"plan","data":{{expected}}}""", result, StringComparison.Ordinal);
    }

    [Fact]
    public void Render_MissingValues_LeaveNoEmptyBlocks() => Assert.Equal(
        """[{"type":"section","fields":[{"type":"plain_text","text":"x"}]}]""",
        RenderedJson.Content(ChatPlatform.Slack, """
            [
              { "type": "header", "text": { "type": "plain_text", "text": "{{ defect.case_id }}" } },
              { "type": "section", "text": { "type": "mrkdwn", "text": "{{ defect.step }}" },
                "fields": [ { "type": "mrkdwn", "text": " {{ defect.step }} " }, { "type": "plain_text", "text": "x" } ] },
              { "type": "context", "elements": [ { "type": "mrkdwn", "text": "{{ defect.step }}" } ] },
              { "type": "actions", "elements": [
                { "type": "button", "text": { "type": "plain_text", "text": "a" }, "url": "{{ payload.none }}" } ] },
              { "type": "image", "image_url": "{{ payload.none }}", "alt_text": "a" },
              { "type": "rich_text", "elements": [
                { "type": "rich_text_section", "elements": [ { "type": "text", "text": "{{ defect.step }}" } ] } ] }
            ]
            """));

    [Theory]
    [InlineData("""{ "blocks": [ {"type":"divider"} ] }""")]
    [InlineData("""[ {"type":"divider"} ]""")]
    [InlineData("""{ "text": "x {{ defect.id }}", "blocks": [ {"type":"divider"}, ] }""")]
    public void Render_AnyStructure_IsAMessage(string template)
    {
        var result = RenderedJson.Of(ChatPlatform.Slack, template);

        Assert.Null(result.Error);
        Assert.Empty(result.Warnings);
    }

    [Fact]
    public void Render_WithoutText_UsesTheHeaderAndTheLabels()
    {
        var result = RenderedJson.Of(ChatPlatform.Slack,
            """[{"type":"divider"},{"type":"section","text":{"type":"mrkdwn","text":"a"}},"""
                + """{"type":"header","text":{"type":"plain_text","text":"{{ defect.title }}"}}]""",
            Event with { Severity = Severity.Parse("major"), ProjectCode = "WEB" });

        Assert.Contains("\"text\":\"a \\\"q\\\" \\\\ &lt;!here&gt; &amp; <!date^00000000^{_}|*>b<!date^00000000^{_}|*> · WEB · Major\"",
            System.Text.Encoding.UTF8.GetString(result.Message.Json.Span), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(
        "{\n  \"blocks\": [\n    { \"type\": \"divider\" }\n    { \"type\": \"divider\" }\n  ]\n}",
        4,
        5,
        "This is not JSON: '{' is invalid after a value. Expected either ',', '}', or ']'. Is a comma missing before it?")]
    [InlineData("[\n{{ defect.id }} x\n]", 2, 17, "This is not JSON: ")]
    [InlineData(
        "[\n  { \"type\": \"header\",\n    \"text\": { \"type\": \"mrkdwn\", \"text\": \"{{ defect.id }}\" } }\n]",
        3,
        13,
        "$[0].text: is of type 'mrkdwn', which is not allowed in 'text', only plain_text.")]
    [InlineData(
        "[ { \"type\": \"divider\" },\n { \"type\":\n \"{{ defect.title }}\" } ]",
        3,
        2,
        "$[1].type: a value can't set a type")]
    [InlineData("[ {\n \"{{ defect.title }}\": 1, \"type\": \"divider\" } ]", 1, 3, "$[0]: a property name must not contain a value")]
    [InlineData(
        "[ { \"type\": \"rich_text\", \"elements\": [ { \"type\": \"rich_text_section\", \"elements\": [\n"
            + "{ \"type\": \"user\", \"user_id\": \"{{ defect.title }}\" } ] } ] } ]",
        2,
        30,
        "a value can't set who is mentioned")]
    [InlineData("{ \"type\": \"divider\" }", 1, 1, "is not a Slack message")]
    [InlineData("[ { \"type\": \"divider\", \"type\": \"divider\" } ]", 1, 0, "This is not JSON: Duplicate")]
    [InlineData("[ { \"type\": \"divider\", \"block_id\": \"\\ud800\" } ]", 1, 36, "contains half of a character")]
    [InlineData("[ { \"type\": \"markdown\", \"text\": \"{{ defect.title }}\" } ]", 1, 33, "markdown block can't show")]
    [InlineData("[]", 1, 1, "has nothing to show")]
    [InlineData("{ \"attachments\": [ {{ for i in 1..101 }}{ \"text\": \"x\" },{{ end }} ] }", 1, 18, "has more than 100")]
    [InlineData("\n\n  {{ nosuch 1 }}", 3, 6, "nosuch")]
    [InlineData("x", 1, 1, "This is not JSON")]
    [InlineData("  ", 0, 0, "The template wrote nothing.")]
    public void Render_Error_HasTheTemplatesLineAndMarkdownIsUsed(string template, int line, int column, string message)
    {
        var result = RenderedJson.Of(ChatPlatform.Slack, template, Event);

        Assert.NotNull(result.Error);
        Assert.StartsWith($"slack/defect.y.json.sbn:{(line > 0 ? $"{line}:" : "")}", result.Error.ToString(), StringComparison.Ordinal);
        if (column > 0) Assert.Equal(column, result.Error.Column);
        Assert.Contains(message, result.Error.Message, StringComparison.Ordinal);
        Assert.StartsWith("fallback\nThe JSON template failed, so the Markdown template was used. slack/defect.y.json.sbn",
            result.Message.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void Render_ForbiddenProperty_IsLeftOutWithAWarning()
    {
        var result = RenderedJson.Of(ChatPlatform.Slack, """
            { "channel": "C1", "link_names": true,
            "blocks": [ {"type":"divider"}, { "type": "image", "image_url": "ftp://{{ defect.id }}", "alt_text": "x" },
            { "type": "section", "text": { "type": "mrkdwn", "text": "<@{{ project.code }}> {{ mention 'nobody' }}" } } ] }
            """);

        Assert.Null(result.Error);
        Assert.Equal(["mention 'nobody': Templates:Mentions has no 'nobody', so no one is notified.",
            "$.channel: cannot be set by a template, so it was left out.", "$.link_names: cannot be set by a template, so it was left out.",
            "$.blocks[1].image_url: is not an http, https or mailto address, so it was left out.",
                "$.blocks[2].text.text: a value can't set who is mentioned; use the helper mention."],
                result.Warnings.Select(warning => warning.Message));
        Assert.Equal([3, 1, 1, 2, 3], result.Warnings.Select(warning => warning.Line));
    }

    [Fact]
    public void Render_ManyFields_AreSplitIntoBlocks()
    {
        var fields = string.Join(',', Enumerable.Range(0, 23).Select(number => $$"""{"type":"plain_text","text":"{{number}}"}"""));

        var blocks =
            System.Text.Json.JsonElement.Parse(RenderedJson.Content(ChatPlatform.Slack,
            $$"""[{"type":"section","text":{"type":"plain_text","text":"a"},"fields":[{{fields}}]}]"""));

        Assert.Equal([10, 10, 3], blocks.EnumerateArray().Select(block => block.GetProperty("fields").GetArrayLength()));
    }

    [Fact]
    public void Render_ButtonsWithTheSameId_AreNumbered()
    {
        const string Button =
            """{ "type": "button", "action_id": "a", "url": "https://e.com/", "text": { "type": "plain_text", "text": "x" } }""";

        var json = RenderedJson.Content(ChatPlatform.Slack,
            $$"""[ { "type": "actions", "elements": [ {{Button}}, {{Button}} ] }, { "type": "actions", "elements": [ {{Button}} ] } ]""");

        Assert.Equal(["a", "a-2", "a-3"], System.Text.RegularExpressions.Regex.Matches(json, "\"action_id\":\"(?<id>[^\"]*)\"")
            .Select(match => match.Groups["id"].Value));
    }

    [Theory]
    [InlineData("""[{"type":"header","text":{"type":"plain_text","text":"{{ defect.title }}"}}]""")]
    [InlineData("""[{"type":"section","text":{"type":"mrkdwn","text":"```{{ defect.title }}```"}}]""")]
    [InlineData(
        """[{"type":"section","text":{"type":"mrkdwn","text":"<{{ defect.url }}|{{ defect.title }}> {{ defect.title }}"},"fields":["""
            + """{"type":"mrkdwn","text":"{{ defect.title }}"}]}]""")]
    [InlineData(
        """[{{ for i in 1..90 }}{"type":"section","text":{"type":"mrkdwn","text":"{{ defect.title | truncate 2000 }}"}},{{ end }}]""")]
    [InlineData(
        """[{"type":"rich_text","elements":[{"type":"rich_text_section","elements":[{"type":"text","text":"{{ defect.title }}"}]}]},"""
            + """{"type":"actions","elements":[{"type":"button","text":"""
            + """{"type":"plain_text","text":"{{ defect.title }}"},"url":"{{ defect.url }}","action_id":"{{ defect.title }}"}]}]""")]
    public void Render_LongValues_AreTruncatedWithANote(string template)
    {
        foreach (var text in (string[])[new string('x', 60_000), string.Concat(Enumerable.Repeat("<&>*_`~👩🏽‍💻", 3_000)),
            string.Concat(Enumerable.Repeat("\"\\\n", 20_000))])
        {
            var result = RenderedJson.Of(ChatPlatform.Slack, template, Event with { Title = text }, mayBeRepeat: true);

            Assert.Null(result.Error);
            var json = System.Text.Encoding.UTF8.GetString(result.Message.Json.Span);
            Assert.Contains("…", json, StringComparison.Ordinal);
            Assert.Contains("This may be a repeat", json, StringComparison.Ordinal);
        }
    }

    private static string Render(string template, DefectEvent defectEvent)
    {
        using var folder = new TemplateFolder(("slack/defect.y.json.sbn", template));
        var renderer = new MessageRenderer(folder.Load(), [new DefectNotifier.Chat.Slack.SlackMessageFormatter()], new QaseOptions(),
            new Microsoft.Extensions.Time.Testing.FakeTimeProvider());
        var result =
            renderer.Render(new RenderRequest
            {
                Event = defectEvent with { Name = "defect.y" },
                ReceivedAt = Some.Moment,
                Platform =
            ChatPlatform.Slack
            });
        Assert.Null(result.Error);
        return System.Text.Encoding.UTF8.GetString(result.Message.Json.Span);
    }
}
