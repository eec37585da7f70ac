using System.Text.Json;
using DefectNotifier.Events;
using DefectNotifier.Rendering.Values;
using DefectNotifier.Testing;

namespace DefectNotifier.Tests.Rendering.JsonTemplates;

/// <summary>What a phone shows of a message from a JSON template: its own words, else the heading of the Markdown template.</summary>
public sealed class NotificationTextTests
{
    private const string Button =
        """{"type":"button","text":{"type":"plain_text","text":"Open"},"action_id":"a","url":"https://ok.example/"}""";

    private static readonly DefectEvent Event =
        Some.DefectEvent with { Title = "Cart *total*", ProjectCode = "WEB", Severity = Severity.Parse("critical") };

    [Theory]
    [InlineData("[{\"type\":\"actions\",\"elements\":[" + Button + "]}]", "Wrong: Cart *total*")]
    [InlineData("""[{"type":"image","image_url":"https://ok.example/a.png","alt_text":"logo"}]""", "Wrong: Cart *total*")]
    [InlineData("[{\"type\":\"card\",\"actions\":[" + Button + "]}]", "Wrong: Cart *total*")]
    [InlineData("""[{"type":"card","title":{"type":"mrkdwn","text":"Own *words*"}}]""", "Own words")]
    [InlineData(
        "[{\"type\":\"actions\",\"elements\":[" + Button + """]},{"type":"section","text":{"type":"mrkdwn","text":"Own"}}]""",
        "Own")]
    [InlineData("""[{"type":"section","text":{"type":"mrkdwn","text":"[WEB] own"}}]""", "[WEB] own")]
    [InlineData("""{"text":"Text","blocks":[{"type":"divider"}]}""", "Text")]
    public void Render_Slack_ShowsWordsOrTheMarkdownHeading(string template, string heading)
    {
        var result = RenderedJson.Of(
            ChatPlatform.Slack, Event, false, ("slack/defect.y.json.sbn", template), ("defect.y.sbn", "a\n\n# Wrong: {{ defect.title }}"));

        Assert.Null(result.Error);
        var text = JsonElement.Parse(result.Message.Json.Span).GetProperty("text").GetString()!;
        var labels = heading == "Text" ? "" : heading.Contains("WEB", StringComparison.Ordinal) ? " · Critical" : " · WEB · Critical";
        Assert.Equal(heading + labels, SlackRules.WithoutLiterals(text).Replace('\uFFFC', '*'));
    }

    [Theory]
    [InlineData("""{"type":"FactSet","facts":[{"title":"a","value":"b"}]}""", "Wrong: Cart total")]
    [InlineData("""{"type":"Image","url":"https://ok.example/a.png"}""", "Wrong: Cart total")]
    [InlineData(
        """{"type":"ColumnSet","columns":[{"type":"Column","items":[{"type":"Image","url":"https://ok.example/a.png"}]},"""
            + """{"type":"Column","items":[{"type":"TextBlock","text":"**Own**","wrap":true}]}]}""",
        "Own")]
    public void Render_Teams_ShowsWordsOrTheMarkdownHeading(string element, string heading)
    {
        var result = RenderedJson.Of(
            ChatPlatform.Teams, Event with { Title = "Cart total" }, false,
            ("teams/defect.y.json.sbn", $$$"""{"type":"AdaptiveCard","body":[{{{element}}}]}"""),
            ("defect.y.sbn", "# Wrong: {{ defect.title }}"));

        Assert.Null(result.Error);
        var card = JsonElement.Parse(result.Message.Json.Span).GetProperty("attachments")[0].GetProperty("content");
        Assert.StartsWith($"{heading} · WEB · Critical", card.GetProperty("fallbackText").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Render_MarkdownTemplateFails_TheNotificationIsGeneral()
    {
        var result = RenderedJson.Of(
            ChatPlatform.Slack, Event, false, ("slack/defect.y.json.sbn", "[{\"type\":\"actions\",\"elements\":[" + Button + "]}]"),
            ("defect.y.sbn", "# a {{ mention }}"));

        Assert.Null(result.Error);
        Assert.Equal("New message · WEB · Critical", JsonElement.Parse(result.Message.Json.Span).GetProperty("text").GetString());
    }
}
