using System.Text.Json;
using DefectNotifier.Events;
using DefectNotifier.Rendering.Values;
using DefectNotifier.Testing;

namespace DefectNotifier.Tests.Rendering.JsonTemplates;

/// <summary>A line break in a value becomes a space where it would separate the author's marks, and only there.</summary>
public sealed class LineBreakTests
{
    private static readonly DefectEvent Event = Some.DefectEvent with { Title = "one\ntwo\n" };

    [Theory]
    [InlineData("*{{ defect.title }}* {{ defect.title }}", "*one two* one\ntwo\n")]
    [InlineData("_by {{ defect.title }}_", "_by one two_")]
    [InlineData("~{{ defect.title }}~", "~one two~")]
    [InlineData("*_{{ defect.title }}_*", "*_one two_*")]
    [InlineData("`{{ defect.title }}`", "`one two`")]
    [InlineData("*a <https://ok.example/|x> {{ defect.title }}*", "*a <https://ok.example/|x> one two*")]
    [InlineData("<https://ok.example/|{{ defect.title }}>", "<https://ok.example/|one two >")]
    [InlineData("```{{ defect.title }}```", "```one\ntwo\n```")]
    [InlineData("*a* {{ defect.title }} *b*", "*a* one\ntwo\n *b*")]
    [InlineData("a * {{ defect.title }} * b", "a * one\ntwo\n * b")]
    [InlineData("*a\\n{{ defect.title }}*", "*a\none\ntwo\n*")]
    public void Render_Mrkdwn_KeepsTheMarksTogether(string text, string expected)
    {
        var content = RenderedJson.Content(
            ChatPlatform.Slack, $$"""[{ "type": "section", "text": { "type": "mrkdwn", "text": "{{text}}" } }]""", Event);

        Assert.Equal(expected, JsonElement.Parse(content)[0].GetProperty("text").GetProperty("text").GetString());
    }

    [Theory]
    [InlineData("**{{ defect.title }}** {{ defect.title }}", "**one two** one\n\ntwo\n\n")]
    [InlineData("_by {{ defect.title }}_", "_by one two_")]
    [InlineData("*{{ defect.title }}*", "*one two*")]
    [InlineData("**_{{ defect.title }}_**", "**_one two_**")]
    [InlineData("~~{{ defect.title }}~~", "~~one two~~")]
    [InlineData("`{{ defect.title }}`", "`one two`")]
    [InlineData("[{{ defect.title }}](https://ok.example/)", "[one two](https://ok.example/)")]
    [InlineData("[see {{ defect.title }} now]({{ defect.url }})", "[see one two now](https://app.qase.io/defect/WEB/view/73)")]
    [InlineData("**a** {{ defect.title }} **b**", "**a** one\n\ntwo\n\n **b**")]
    [InlineData("~{{ defect.title }}~", "~one\n\ntwo\n\n~")]
    public void Render_Markdown_KeepsTheMarksTogether(string text, string expected)
    {
        var content = RenderedJson.Content(
            ChatPlatform.Teams,
            $$"""{ "type": "AdaptiveCard", "version": "1.2", "body": [{ "type": "TextBlock", "wrap": true, "text": "{{text}}" }] }""",
            Event);

        Assert.Equal(expected, JsonElement.Parse(content)[0].GetProperty("text").GetString());
    }

    [Fact]
    public void Render_LabelWithBrackets_StaysOneLink()
    {
        var content = RenderedJson.Content(
            ChatPlatform.Teams,
            """
            { "type": "AdaptiveCard", "version": "1.2", "body": [
              { "type": "TextBlock", "wrap": true, "text": "[{{ defect.title }}](https://ok.example/)" }] }
            """,
            Event with { Title = "a](https://evil.example)" });

        Assert.Equal(
            "[a\\]\u2060(https://evil.example)](https://ok.example/)", JsonElement.Parse(content)[0].GetProperty("text").GetString());
    }
}
