using System.Text;
using DefectNotifier.Events;
using DefectNotifier.Rendering.Values;
using DefectNotifier.Testing;

namespace DefectNotifier.Tests.Rendering.JsonTemplates;

/// <summary>The place of a value in an Adaptive Card template decides how it is written.</summary>
public sealed class TeamsJsonTemplateTests
{
    private static readonly DefectEvent Event = Some.DefectEvent with
    {
        Title = "a \"q\" <at>x</at> & *b*",
        ProjectCode = "W/B",
        Severity = Severity.Parse("critical"),
        OccurredAt = new DateTimeOffset(2026, 1, 5, 9, 0, 0, TimeSpan.Zero),
    };

    [Fact]
    public void Render_ImageOfAFile_IsALink() => Assert.Equal(
        """[{"type":"TextBlock","text":"[b.log](https://x.example/2)","wrap":true}]""",
        RenderedJson.Content(
            ChatPlatform.Teams,
            """
            {"type":"AdaptiveCard","body":[
              {"type":"Image","url":"{{ defect.attachments[0].url }}","altText":"{{ defect.attachments[0].name }}"}]}
            """,
            Event with { Attachments = [new Attachment("b.log", "https://x.example/2")] }));

    [Theory]
    [InlineData(
        """{"type":"TextBlock","text":"**x** {{ defect.title }}","wrap":true}""",
        """{"type":"TextBlock","text":"**x** a \"q\" <Jat>x<J/at> & \\*b\\*","wrap":true}""")]
    [InlineData(
        """{"type":"TextBlock","text":"[D-{{ defect.id }}]({{ defect.url }}) [y]({{ project.code }})","wrap":true}""",
        """{"type":"TextBlock","text":"[D-73](https://app.qase.io/defect/W%2FB/view/73) y","wrap":true}""")]
    [InlineData(
        """{"type":"TextBlock","text":"{{ link defect.url 'a]' }} """
            + """{{ '**b** c' | markdown }} {{ event.time | date }}","wrap":true}""",
        """{"type":"TextBlock","text":"[a\\]J](https://app.qase.io/defect/W%2FB/view/73) """
            + """**b** c 2026-01-05 10:00 UTC+01:00","wrap":true}""")]
    [InlineData(
        """{"type":"RichTextBlock","inlines":[":tada: {{ ':tada:' }}",{"type":"TextRun","text":" :bug: {{ ':bug:' }}"},"""
            + """{"type":"TextRun","text":":bug:","fontType":"monospace"}]}""",
        """{"type":"RichTextBlock","inlines":["\uD83C\uDF89 :tada:",{"type":"TextRun","text":" \uD83D\uDC1B :bug:"},"""
            + """{"type":"TextRun","text":":bug:","fontType":"monospace"}]}""")]
    [InlineData(
        """{"type":"FactSet","facts":[{"title":":bug: T","value":":tada: {{ ':tada:' }}"}]}""",
        """{"type":"FactSet","facts":[{"title":"\uD83D\uDC1B T","value":"\uD83C\uDF89 J:tada:"}]}""")]
    [InlineData(
        """{"type":"FactSet","facts":[{"title":"T","value":"{{ defect.title }}"},{"title":"E","value":"{{ defect.case_id }}"}]}""",
        """{"type":"FactSet","facts":[{"title":"T","value":"a \"q\" <Jat>x<J/at> & \\*b\\*"}]}""")]
    [InlineData(
        """{"type":"RichTextBlock","inlines":["{{ defect.title }}","""
            + """{"type":"TextRun","text":"{{ defect.title }} {{ link defect.url 'l' }}","italic":true}]}""",
        """{"type":"RichTextBlock","inlines":["a \"q\" <at>x</at> & *b*","""
            + """{"type":"TextRun","text":"a \"q\" <at>x</at> & *b* ","italic":true},"""
            + """{"type":"TextRun","text":"l","italic":true,"selectAction":"""
            + """{"type":"Action.OpenUrl","url":"https://app.qase.io/defect/W%2FB/view/73"}}]}""")]
    [InlineData(
        """{"type":"Container","style":"{{ defect.severity | severity_colour }}","items":[{"type":"TextBlock","text":"a","wrap":true}]}""",
        """{"type":"Container","style":"attention","items":[{"type":"TextBlock","text":"a","wrap":true}]}""")]
    [InlineData(
        """{"type":"ActionSet","actions":["""
            + """{"type":"Action.OpenUrl","title":"{{ defect.title }}","url":"{{ defect.url }}"},"""
            + """{"type":"Action.OpenUrl","title":"x","url":"{{ project.code }}"}]}""",
        """{"type":"ActionSet","actions":["""
            + """{"type":"Action.OpenUrl","title":"a \"q\" <at>x</at> & *b*","url":"https://app.qase.io/defect/W%2FB/view/73"}]}""")]
    [InlineData(
        """{"type":"TextBlock","text":"x{{ '{{' }}DATE(2026-01-01T00:00:00Z)}}","wrap":true}""",
        """{"type":"TextBlock","text":"xJ{J{JDATE(2026-01-01T00:00:00Z)}}","wrap":true}""")]
    public void Render_Value_IsWrittenForItsPlace(string element, string expected)
    {
        var result = RenderedJson.Of(ChatPlatform.Teams, Card(element), Event);

        Assert.Null(result.Error);
        // J stands for a word joiner.
        var body = $"\"body\":[{expected.Replace("J", "\u2060", StringComparison.Ordinal)}]";
        Assert.Contains(body, Encoding.UTF8.GetString(result.Message.Json.Span), StringComparison.Ordinal);
    }

    [Fact]
    public void Render_Mention_HasItsEntity()
    {
        const string Text = "Hi {{ mention 'qa-lead' }}, {{ mention 'qa-lead' }} and {{ mention 'qa-team' }}";

        var result = RenderedJson.Of(ChatPlatform.Teams, Card($$"""{"type":"TextBlock","text":"{{Text}}","wrap":true}"""), Event);

        var json = Encoding.UTF8.GetString(result.Message.Json.Span);
        Assert.Contains("Hi <at>QA lead</at>, <at>QA lead</at> and @QA team", json, StringComparison.Ordinal);
        Assert.Contains(
            """ "entities":[{"type":"mention","text":"<at>QA lead</at>","mentioned":{"id":"lead@contoso.com","name":"QA lead"}}] """.Trim(),
            json,
            StringComparison.Ordinal);
    }

    [Fact]
    public void Render_CompleteMessage_IsAccepted()
    {
        var card = Card("""{"type":"TextBlock","text":"{{ defect.id }}","wrap":true}""");

        var result = RenderedJson.Of(ChatPlatform.Teams,
            $$"""{"type":"message","attachments":[{"contentType":"application/vnd.microsoft.card.adaptive","content":{{card}}}]}""",
            mayBeRepeat: true);

        Assert.Null(result.Error);
        Assert.Contains("This may be a repeat", result.Message.Text ?? "", StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("[]", 1, "is neither an Adaptive Card")]
    [InlineData("""{"type":"AdaptiveCard","body":[]}""", 1, "has nothing to show")]
    [InlineData("{\"type\":\"AdaptiveCard\",\n\"body\":{}}", 2, "$.body: is not a list of objects.")]
    [InlineData(
        "{\"type\":\"AdaptiveCard\",\"body\":[\n{\"type\":\"ActionSet\",\"actions\":[\n{\"type\":\"Action.Submit\",\"title\":\"x\"}]}]}",
        1,
        "has nothing to show")]
    [InlineData(
        "{\"type\":\"AdaptiveCard\",\"msteams\":{\"entities\":[\n"
            + "{\"type\":\"mention\",\"text\":\"<at>x</at>\",\"mentioned\":{\"id\":\"{{ defect.title }}\"}}]},"
            + "\"body\":[{\"type\":\"TextBlock\",\"text\":\"x\"}]}",
        2,
        "a value can't set who is mentioned")]
    public void Render_Error_HasTheTemplatesLineAndMarkdownIsUsed(string template, int line, string message)
    {
        var result = RenderedJson.Of(ChatPlatform.Teams, template, Event);

        Assert.Equal(("teams/defect.y.json.sbn", line), (result.Error!.Template, result.Error.Line));
        Assert.Contains(message, result.Error.Message, StringComparison.Ordinal);
        Assert.StartsWith("fallback\nThe JSON template failed", result.Message.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"type":"TextBlock","text":"{{ defect.title }}","wrap":true}""")]
    [InlineData(
        """{{ for i in 1..90 }}{"type":"FactSet","facts":[{"title":"{{ i }}","value":"{{ defect.title | truncate 2000 }}"}]},{{ end }}""")]
    [InlineData(
        """{"type":"RichTextBlock","inlines":[{"type":"TextRun","text":"{{ defect.title }}"}]},"""
            + """{"type":"ActionSet","actions":[{{ for i in 1..9 }}"""
            + """{"type":"Action.OpenUrl","title":"{{ defect.title | truncate 3000 }}","url":"{{ defect.url }}"},{{ end }}]}""")]
    public void Render_LongValues_AreTruncatedWithANote(string elements)
    {
        foreach (var text in (string[])[new string('x', 60_000), string.Concat(Enumerable.Repeat("<&>*_`~👩🏽‍💻", 3_000)),
            string.Concat(Enumerable.Repeat("\"\\\n", 20_000))])
        {
            var result = RenderedJson.Of(ChatPlatform.Teams, Card(elements), Event with { Title = text }, mayBeRepeat: true);

            Assert.Null(result.Error);
            var json = Encoding.UTF8.GetString(result.Message.Json.Span);
            Assert.Contains("… shortened, [open in Qase](https://app.qase.io/defect/W%2FB/view/73)", json, StringComparison.Ordinal);
            Assert.Contains("This may be a repeat", json, StringComparison.Ordinal);
        }
    }

    private static string Card(string body) => $$"""{"type":"AdaptiveCard","version":"1.2","body":[{{body}}]}""";
}
