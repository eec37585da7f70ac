using System.Text.Json;
using DefectNotifier.Testing;

namespace DefectNotifier.Tests.Teams;

/// <summary>The checker accepts a valid message and reports each kind of violation.</summary>
public class TeamsRulesTests
{
    private const string Run = """{"type":"TextRun","text":"x"}""";
    private const string Card =
        """{"type":"AdaptiveCard","version":"1.2","fallbackText":"x","body":[{"type":"RichTextBlock","inlines":[""" + Run + "]}]}";

    [Fact]
    public void Check_ValidMessage_HasNoFindings() => Assert.Empty(Check(
        """{"type":"TextBlock","text":"x","wrap":true}""",
        $$"""{"type":"Container","style":"good","bleed":true,"items":[{"type":"RichTextBlock","separator":true,"inlines":[{{Run}}]}]}""",
        """{"type":"FactSet","facts":[{"title":"x","value":"x"}]}""",
        """{"type":"Image","url":"https://e.com/","altText":"x"}""",
        """{"type":"ActionSet","actions":[{"type":"Action.OpenUrl","title":"x","url":"mailto:a@e.com"}]}"""));

    [Theory]
    [InlineData(
        """{"attachments":[{"contentType":"application/vnd.microsoft.card.adaptive","contentUrl":null,"content":CARD}]}""",
        "'type' is missing")]
    [InlineData(
        """{"type":"text","attachments":[{"contentType":"application/vnd.microsoft.card.adaptive","contentUrl":null,"content":CARD}]}""",
        "'type' is not 'message'")]
    [InlineData(
        """{"type":"message","summary":"x","title":"x","attachments":["""
            + """{"contentType":"application/vnd.microsoft.card.adaptive","contentUrl":null,"content":CARD}]}""",
        "unknown property 'title'")]
    [InlineData(
        """{"type":"message","attachments":["""
            + """{"contentType":"application/vnd.microsoft.card.adaptive","contentUrl":null,"content":CARD}]}""",
        "'summary' is missing")]
    [InlineData("""{"type":"message"}""", "'attachments' is missing")]
    [InlineData("""{"type":"message","attachments":[]}""", "fewer than 1")]
    [InlineData(
        """{"type":"message","attachments":[{"contentType":"text/html","contentUrl":null,"content":CARD}]}""",
        "'contentType' is 'text/html'")]
    [InlineData(
        """{"type":"message","attachments":[{"contentType":"application/vnd.microsoft.card.adaptive","content":CARD}]}""",
        "'contentUrl' is not null")]
    [InlineData(
        """{"type":"message","attachments":[{"contentType":"application/vnd.microsoft.card.adaptive","contentUrl":"","content":CARD}]}""",
        "'contentUrl' is not null")]
    [InlineData(
        """{"type":"message","attachments":[{"contentType":"application/vnd.microsoft.card.adaptive","contentUrl":null}]}""",
        "'content' is missing")]
    public void Check_InvalidEnvelope_IsReported(string json, string expected) =>
        AssertFound(TeamsRules.Check(JsonElement.Parse(json.Replace("CARD", Card, StringComparison.Ordinal))), expected);

    [Theory]
    [InlineData("\"version\":\"1.2\"", "\"version\":\"1.5\"", "'version' is 1.5")]
    [InlineData("\"AdaptiveCard\"", "\"Card\"", "not 'AdaptiveCard'")]
    [InlineData("\"fallbackText\":\"x\"", "\"fallbackText\":\"\"", "'fallbackText' is empty")]
    [InlineData("\"fallbackText\":\"x\"", "\"fallbackText\":\"x\",\"actions\":[]", "fewer than 1")]
    [InlineData("\"fallbackText\":\"x\"", "\"fallbackText\":\"x\",\"selectAction\":[]", "unknown property 'selectAction'")]
    [InlineData(
        "[{\"type\":\"RichTextBlock\",",
        "[{\"type\":\"TextBlock\",\"wrap\":true,\"text\":\"<at>x</at>\"},{\"type\":\"RichTextBlock\",",
        "<at>x</at> has no entity")]
    [InlineData(
        "\"fallbackText\"",
        "\"msteams\":{\"entities\":["
            + "{\"type\":\"mention\",\"text\":\"<at>x</at>\",\"mentioned\":{\"id\":\"a\",\"name\":\"x\"}}]},\"fallbackText\"",
        "is not in any text")]
    [InlineData("\"inlines\":[{\"type\":\"TextRun\",\"text\":\"x\"}]", "\"inlines\":[]", "fewer than 1")]
    public void Check_InvalidCard_IsReported(string good, string bad, string expected) =>
        AssertFound(TeamsRules.Check(Envelope(Card.Replace(good, bad, StringComparison.Ordinal))), expected);

    [Theory]
    [InlineData("""{"type":"Badge","text":"x"}""", "unknown element type")]
    [InlineData("""{"type":"TextBlock","text":"x"}""", "'wrap' is not true")]
    [InlineData("""{"type":"TextBlock","text":"","wrap":true}""", "is empty")]
    [InlineData("""{"type":"RichTextBlock","wrap":true,"inlines":[{"type":"TextRun","text":"x"}]}""", "unknown property 'wrap'")]
    [InlineData("""{"type":"RichTextBlock","separator":"yes","inlines":[{"type":"TextRun","text":"x"}]}""", "'separator' is not a boolean")]
    [InlineData("""{"type":"RichTextBlock","spacing":"Tiny","inlines":[{"type":"TextRun","text":"x"}]}""", "'spacing' is 'Tiny'")]
    [InlineData("""{"type":"RichTextBlock","inlines":[{"type":"TextRun","text":""}]}""", "is empty")]
    [InlineData("""{"type":"RichTextBlock","inlines":[{"type":"Run","text":"x"}]}""", "not 'TextRun'")]
    [InlineData("""{"type":"RichTextBlock","inlines":[{"type":"TextRun","text":"[x](https://e.com)"}]}""", "a link on iPhones")]
    [InlineData("""{"type":"RichTextBlock","inlines":[{"type":"TextRun","text":"x","underline":true}]}""", "unknown property 'underline'")]
    [InlineData("""{"type":"RichTextBlock","inlines":[{"type":"TextRun","text":"x","italic":"yes"}]}""", "'italic' is not a boolean")]
    [InlineData("""{"type":"RichTextBlock","inlines":[{"type":"TextRun","text":"x","size":"Huge"}]}""", "'size' is 'Huge'")]
    [InlineData("""{"type":"RichTextBlock","inlines":[{"type":"TextRun","text":"x","color":"#ff0000"}]}""", "'color' is '#ff0000'")]
    [InlineData("""{"type":"RichTextBlock","inlines":[{"type":"TextRun","text":"x","weight":"Bold"}]}""", "'weight' is 'Bold'")]
    [InlineData("""{"type":"RichTextBlock","inlines":[{"type":"TextRun","text":"x","fontType":"Mono"}]}""", "'fontType' is 'Mono'")]
    [InlineData("""{"type":"RichTextBlock","inlines":[{"type":"TextRun","text":"{{date(2020-01-01T00:00:00Z)}}"}]}""", "a date function")]
    [InlineData(
        """{"type":"RichTextBlock","inlines":["""
            + """{"type":"TextRun","text":"x","selectAction":{"type":"Action.Submit","url":"https://e.com/"}}]}""",
        "not an Action.OpenUrl")]
    [InlineData(
        """{"type":"RichTextBlock","inlines":[{"type":"TextRun","text":"x","selectAction":{"type":"Action.OpenUrl","url":"e.com"}}]}""",
        "not an absolute")]
    [InlineData("""{"type":"Container","items":[]}""", "fewer than 1")]
    [InlineData("""{"type":"Container","style":"red","items":[]}""", "'style' is 'red'")]
    [InlineData("""{"type":"FactSet","facts":[]}""", "fewer than 1")]
    [InlineData("""{"type":"FactSet","facts":[{"title":"x"}]}""", "'value' is missing")]
    [InlineData("""{"type":"FactSet","facts":[{"title":"x","value":""}]}""", "'value' is empty")]
    [InlineData("""{"type":"FactSet","facts":[{"title":"x","value":"{{TIME(2020-01-01T00:00:00Z)}}"}]}""", "a date function")]
    [InlineData("""{"type":"FactSet","facts":[{"title":"x","value":"x","text":"x"}]}""", "unknown property 'text'")]
    [InlineData("""{"type":"Image","url":"http://e.com/","altText":"x"}""", "not an absolute https")]
    [InlineData("""{"type":"Image","url":"https://e.com/"}""", "'altText' is missing")]
    [InlineData("""{"type":"ActionSet","actions":[]}""", "fewer than 1")]
    [InlineData("""{"type":"ActionSet","actions":[*7*{"type":"Action.OpenUrl","title":"x","url":"https://e.com/"}]}""", "more than 6")]
    [InlineData("""{"type":"ActionSet","actions":[{"type":"Action.OpenUrl","url":"https://e.com/"}]}""", "'title' is missing")]
    [InlineData(
        """{"type":"ActionSet","actions":[{"type":"Action.OpenUrl","title":"x","url":"https://e.com/","style":"positive"}]}""",
        "unknown property 'style'")]
    [InlineData("""{"type":"TextBlock","text":"#20480#","wrap":true}""", "more than 20480")]
    public void Check_InvalidElement_IsReported(string element, string expected) => AssertFound(Check(element), expected);

    private static IReadOnlyList<string> Check(params string[] elements) => TeamsRules.Check(Envelope(
        """{"type":"AdaptiveCard","version":"1.2","msteams":{"width":"Full"},"fallbackText":"x","body":["""
        + Shorthand.Expand(string.Join(',', elements)) + "]}"));

    private static JsonElement Envelope(string card) => JsonElement.Parse(
        """{"type":"message","summary":"x","attachments":["""
        + """{"contentType":"application/vnd.microsoft.card.adaptive","contentUrl":null,"content":""" + card + "}]}");

    private static void AssertFound(IReadOnlyList<string> findings, string expected) =>
        Assert.Contains(findings, finding => finding.Contains(expected, StringComparison.Ordinal));
}
