using System.Text;
using DefectNotifier.Chat.Slack;
using DefectNotifier.Rendering;
using DefectNotifier.Rendering.Templates;
using DefectNotifier.Rendering.Values;
using DefectNotifier.Testing;
using DefectNotifier.Tests.Rendering.Templates;
using Microsoft.Extensions.Time.Testing;

namespace DefectNotifier.Tests.Rendering.JsonTemplates;

/// <summary>JSON from a platform's designer: what the platform accepts is sent, what it rejects is never sent.</summary>
public sealed class PastedTemplateTests
{
    [Theory]
    [InlineData(ChatPlatform.Slack)]
    [InlineData(ChatPlatform.Teams)]
    public void Render_EverythingThatThePlatformAccepts_HasNoWarnings(ChatPlatform platform)
    {
        var result = RenderedJson.Of(platform,
            File.ReadAllText(
                Repository.PathOf(
                    $"tests/DefectNotifier.Tests/Rendering/JsonTemplates/Pasted/{platform.ToString().ToLowerInvariant()}.json.sbn")),
            Some.DefectEvent);

        Assert.Null(result.Error);
        Assert.Empty(result.Warnings);
    }

    [Theory]
    [InlineData("""{"type":"header","text":"a"}""", "$[0].text: is not an object.")]
    [InlineData("""{"type":"header","txt":{"type":"plain_text","text":"a"}}""", "$[0]: lacks 'text'.")]
    [InlineData(
        """{"type":"header","text":{"type":"plain_text","text":"a"},"level":5,"fields":[]}""",
        null,
        "$[0].level: is not a whole number from 1 to 4, so it was left out.")]
    [InlineData(
        """{"type":"header","text":{"type":"plain_text","text":"a"},"fields":[{"type":"plain_text","text":"b"}]}""",
        "$[0].fields: is not a property of header.")]
    [InlineData("""{"type":"section","fields":{"type":"plain_text","text":"b"}}""", "$[0].fields: is not a list of objects.")]
    [InlineData("""{"type":"section"}""", "$[0]: lacks 'text' or 'fields'.")]
    [InlineData(
        """{"type":"button","text":{"type":"plain_text","text":"a"}}""",
        "$[0]: is of type 'button', which is not allowed in 'blocks'.")]
    [InlineData("""{"type":"overflow","options":[]}""", "$[0]: is of type 'overflow', which is not allowed in 'blocks'.")]
    [InlineData(
        """{"type":"context","elements":[{"type":"section","text":{"type":"mrkdwn","text":"a"}}]}""",
        "$[0].elements[0]: is of type 'section', which is not allowed in 'elements', only plain_text or mrkdwn or image.")]
    [InlineData(
        """{"type":"actions","elements":[{"type":"buton","text":{"type":"plain_text","text":"a"}}]}""",
        "$[0].elements[0]: is of type 'buton', which is not allowed in 'elements'.")]
    [InlineData(
        """{"type":"actions","elements":["""
            + """{"type":"button","text":{"type":"plain_text","text":"a"},"action_id":"a","url":"https://ok.example/","style":"blue"}]}""",
        null,
        "$[0].elements[0].style: is not one of primary, danger, so it was left out.")]
    [InlineData(
        """{"type":"rich_text","elements":[{"type":"rich_text_list","style":"dots","elements":[]}]}""",
        "$[0].elements[0].style: is not one of bullet, ordered.")]
    [InlineData(
        """{"type":"rich_text","elements":[{"type":"rich_text_section","elements":[{"type":"user","user_id":"john"}]}]}""",
        "$[0].elements[0].elements[0].user_id: is not the id of a user, such as U012AB3CD.")]
    [InlineData(
        """{"type":"rich_text","elements":[{"type":"rich_text_section","elements":["""
            + """{"type":"text","text":"{{ defect.title }}","style":{"bold":"yes"}}]}]}""",
        null,
        "$[0].elements[0].elements[0].style.bold: is not true or false, so it was left out.")]
    [InlineData("""{"type":"image","image_url":" https://ok.example/a.png","alt_text":"a"}""", null)]
    [InlineData(
        """{"type":"alert","text":{"type":"plain_text","text":"a"}}""",
        "$[0]: is of type 'alert', which is not allowed in 'blocks'.")]
    [InlineData(
        """{"type":"card","title":{"type":"plain_text","text":"a"}}""",
        "$[0].title: is of type 'plain_text', which is not allowed in 'title', only mrkdwn.")]
    [InlineData(
        """{"type":"card","subtitle":{"type":"mrkdwn","text":"a"}}""", "$[0]: lacks 'hero_image' or 'title' or 'body' or 'actions'.")]
    [InlineData("""{"type":"card","title":{"type":"mrkdwn","text":"{{ defect.case_id }}"}}""", null)]
    [InlineData(
        """{"type":"card","title":{"type":"mrkdwn","text":"a"},"actions":[{{ for i in 1..4 }}"""
            + """{"type":"button","text":{"type":"plain_text","text":"a"},"action_id":"a","url":"https://ok.example/"},{{ end }}]}""",
        null,
        "$[0].actions: has 4 elements, but Slack accepts 3; the others were left out.")]
    [InlineData(
        """{"type":"carousel","elements":[{{ for i in 1..11 }}{"type":"card","body":{"type":"mrkdwn","text":"a"}},{{ end }}]}""", null)]
    [InlineData("""{"type":"container","child_blocks":[{"type":"divider"}]}""", "$[0]: lacks 'title' or 'rich_text_title'.")]
    [InlineData(
        """{"type":"container","title":{"type":"plain_text","text":"a"},"child_blocks":["""
            + """{{ for i in 1..11 }}{"type":"divider"},{{ end }}]}""",
        null,
        "$[0].child_blocks: has 11 elements, but Slack accepts 10; the others were left out.")]
    [InlineData("""{"type":"data_table","caption":"a","rows":[[{"type":"raw_text","text":"a"}]]}""", null)]
    [InlineData(
        """{"type":"data_table","caption":"a","rows":[{"type":"raw_text","text":"a"}]}""",
        "$[0].rows: is not a list of rows, each a list of cells.")]
    [InlineData(
        """{"type":"table","rows":[[{"type":"raw_text","text":"a"}],[{"type":"raw_text","text":"a"},{"type":"raw_text","text":"a"}]]}""",
        "$[0].rows[1]: has 2 cells, but the first row has 1.")]
    [InlineData(
        """{"type":"table","rows":[[{{ for i in 1..21 }}{"type":"raw_text","text":"a"},{{ end }}]]}""",
        "$[0].rows[0]: has 21 cells; Slack accepts 1 to 20.")]
    [InlineData(
        """{"type":"table","rows":[{{ for i in 1..101 }}[{"type":"raw_text","text":"a"}],{{ end }}]}""",
        null,
        "$[0].rows: has 101 elements, but Slack accepts 100; the others were left out.")]
    [InlineData("""{"type":"my block","text":"a"}""", "$[0]: is of type 'my block', which is not the name of a type.")]
    public void Render_WhatSlackRejects_IsReportedAndNotSent(string block, string? error, params string[] warnings) =>
        Check(RenderedJson.Of(ChatPlatform.Slack, $"[{block},{{\"type\":\"divider\"}}]", Some.DefectEvent), error, warnings);

    [Theory]
    [InlineData("""{"type":"TextBlock","txt":"a"}""", "$.body[0]: lacks 'text'.")]
    [InlineData("""{"type":"Text Block","text":"a"}""", "$.body[0]: is of type 'Text Block', which is not the name of a type.")]
    [InlineData(
        """{"type":"TextBlock","text":"a","wrap":true,"size":"huge","colour":"red"}""",
        null,
        "$.body[0].size: is not one of Default, Small, Medium, Large, ExtraLarge, so it was left out.",
        "$.body[0].colour: is not a property of TextBlock, so it was left out.")]
    [InlineData("""{"type":"FactSet","facts":[{"titel":"a","value":"b"}]}""", "$.body[0].facts[0]: lacks 'title'.")]
    [InlineData("""{"type":"FactSet","facts":[{"title":"a","value":{{ defect.id }}}]}""", null)]
    [InlineData(
        """{"type":"Action.OpenUrl","title":"a","url":"https://ok.example/"}""",
        "$.body[0]: is of type 'Action.OpenUrl', which is not allowed in 'body'.")]
    [InlineData("""{"type":"ActionSet","actions":[{"type":"Action.OpenURL","title":"a","url":"https://ok.example/"}]}""",
        "$.body[0].actions[0]: is of type 'Action.OpenURL', which is not allowed in 'actions', only Action.OpenUrl or "
            + "Action.ShowCard or Action.ToggleVisibility or Action.Submit or Action.Execute.")]
    [InlineData(
        """{"type":"Container","style":"nice","items":[{"type":"TextBlock","text":"a","wrap":true}]}""",
        null,
        "$.body[0].style: is not one of default, emphasis, good, attention, warning, accent, so it was left out.")]
    [InlineData(
        """{"type":"Container","items":[{"type":"TextBlock","text":"a","wrap":true}],"msteams":{"entities":[]}}""",
        "$.body[0].msteams: is not a property of Container.")]
    [InlineData(
        """{"type":"TextBlock","text":"<at>Somebody</at>","wrap":true}""",
        null,
        "$.body[0].text: mentions a name that is not in msteams.entities, so no one is notified.")]
    public void Render_WhatTeamsRejects_IsReportedAndNotSent(string element, string? error, params string[] warnings) =>
        Check(RenderedJson.Of(ChatPlatform.Teams,
            $$"""{"type":"AdaptiveCard","body":[{{element}},{"type":"TextBlock","text":"b","wrap":true}]}""", Some.DefectEvent), error,
            warnings);

    [Theory]
    [InlineData("""{"type":"card","title":{"type":"mrkdwn","text":"LONG"}}""", 150)]
    [InlineData("""{"type":"card","title":{"type":"mrkdwn","text":"a"},"subtitle":{"type":"mrkdwn","text":"LONG"}}""", 150)]
    [InlineData("""{"type":"card","body":{"type":"mrkdwn","text":"LONG"}}""", 200)]
    [InlineData(
        """{"type":"container","title":{"type":"plain_text","text":"LONG"},"child_blocks":[{"type":"divider"}]}""", 150)]
    [InlineData("""{"type":"header","level":1,"text":{"type":"plain_text","text":"LONG"}}""", 150)]
    public void Render_TextBeyondTheLimitOfItsPlace_IsCut(string block, int limit)
    {
        var template = $"[{block.Replace("LONG", "{{ defect.title }}", StringComparison.Ordinal)}]";

        var result = RenderedJson.Of(ChatPlatform.Slack, template, Some.DefectEvent with { Title = new string('x', 400) });

        Assert.Null(result.Error);
        var json = Encoding.UTF8.GetString(result.Message.Json.Span);
        Assert.Contains($"\"{new string('x', limit - 10)}", json, StringComparison.Ordinal);
        Assert.DoesNotContain($"\"text\":\"{new string('x', limit + 1)}", json[json.IndexOf("\"blocks\"", StringComparison.Ordinal)..],
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"type":"video","anything":{"a":1}}""")]
    [InlineData("""{"type":"crad","text":"a"}""", "$[0]: is of type 'crad', which is unknown here; it is sent unchanged.")]
    public void Render_UnknownBlock_IsSentUnchanged(string block, params string[] warnings)
    {
        using var folder = new TemplateFolder(("slack/defect.y.json.sbn", $"[{block}]"));
        var result = new MessageRenderer(folder.Load(), [new SlackMessageFormatter()], new QaseOptions(), new FakeTimeProvider())
            .Render(new RenderRequest
            {
                Event = Some.DefectEvent with { Name = "defect.y" },
                ReceivedAt = Some.Moment,
                Platform =
                ChatPlatform.Slack
            });

        Check(result, error: null, warnings);
        Assert.Contains(block, Encoding.UTF8.GetString(result.Message.Json.Span), StringComparison.Ordinal);
    }

    [Fact]
    public void Render_MentionWithoutAnId_NotifiesNoOne()
    {
        var result = RenderedJson.Of(ChatPlatform.Teams, """
            {"type":"AdaptiveCard","body":[{"type":"TextBlock","text":"<at>Lead</at>","wrap":true}],
            "msteams":{"entities":[{"type":"mention","text":"<at>Lead</at>","mentioned":{"id":"","name":"Lead"}}]}}
            """);

        Check(result, null, ["$.body[0].text: mentions a name that is not in msteams.entities, so no one is notified."]);
        Assert.Contains("\"text\":\"@Lead\"", Encoding.UTF8.GetString(result.Message.Json.Span), StringComparison.Ordinal);
    }

    [Fact]
    public void Render_MentionOfTheAuthor_IsKept()
    {
        const string Entity = """{"type":"mention","text":"<at>Lead</at>","mentioned":{"id":"lead@contoso.com","name":"Lead"}}""";

        var gone = Entity.Replace("Lead", "Gone", StringComparison.Ordinal);
        var result = RenderedJson.Of(
            ChatPlatform.Teams,
            """{"type":"AdaptiveCard","body":["""
                + """{"type":"TextBlock","text":"<at>Lead</at> {{ mention 'qa-lead' }}","wrap":true}],"msteams":{"entities":["""
                + $"{Entity},{gone}]}}}}");

        Check(result, null, []);
        Assert.Contains($"\"entities\":[{Entity},{{\"type\":\"mention\",\"text\":\"<at>QA lead</at>\"",
            Encoding.UTF8.GetString(result.Message.Json.Span), StringComparison.Ordinal);
        Assert.DoesNotContain("Gone", Encoding.UTF8.GetString(result.Message.Json.Span), StringComparison.Ordinal);
    }

    private static void Check(RenderResult result, string? error, string[] warnings)
    {
        Assert.Equal(error, result.Error?.Message);
        Assert.Equal(warnings, result.Warnings.Select(warning => warning.Message));
        if (error is not null) Assert.StartsWith("fallback\nThe JSON template failed", result.Message.Text, StringComparison.Ordinal);
    }
}
