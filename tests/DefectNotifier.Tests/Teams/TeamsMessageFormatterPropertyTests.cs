using System.Text.Json;
using CsCheck;
using DefectNotifier.Chat.Teams;
using DefectNotifier.Chat.TextViews;
using DefectNotifier.Testing;
using DefectNotifier.Tests.Limits;
using Markdig;
using Markdig.Syntax;
using Markdig.Syntax.Inlines;

namespace DefectNotifier.Tests.Teams;

public class TeamsMessageFormatterPropertyTests
{
    private static readonly TeamsMessageFormatter Formatter = new();

    [Theory]
    [MemberData(nameof(HugeDocuments.Names), MemberType = typeof(HugeDocuments))]
    public void Format_HugeDocument_IsWithinTeamsRules(string name)
    {
        using var json = JsonDocument.Parse(Formatter.Format(HugeDocuments.Get(name)).Json);

        Assert.Empty(TeamsRules.Check(json.RootElement));
    }

    [Fact]
    public void Format_AnyDocument_IsWithinTeamsRulesAndForgesNothing() => AnyDocument.Any.Sample(document =>
    {
        using var json = JsonDocument.Parse(Formatter.Format(document).Json);

        Assert.Empty(TeamsRules.Check(json.RootElement));
        AssertNothingForged(json.RootElement);
    }, iter: PropertyCases.Of(100));

    [Fact]
    public void Format_SmallDocument_ShowsEveryTextLiterally() => AnyDocument.Small.Sample(document =>
    {
        var message = Formatter.Format(document);
        using var json = JsonDocument.Parse(message.Json);

        Assert.Empty(TeamsRules.Check(json.RootElement));
        AssertNothingForged(json.RootElement);
        var view = ReadableLines.Collapse(TeamsTextView.Render(message.Json));
        Assert.All(ReadableLines.Of(document), line => Assert.Contains(line, view, StringComparison.Ordinal));
        Assert.DoesNotContain("… shortened", view, StringComparison.Ordinal);
    }, iter: PropertyCases.Of(2_000));

    /// <summary>Every URL, entity and markup in the message was in the document.</summary>
    private static void AssertNothingForged(JsonElement message)
    {
        foreach (var (path, name, value) in JsonStrings.In(message))
        {
            if (name == "url") Assert.True(AnyDocument.Urls.Contains(value), path);
            if (name is "title" or "value" && path.Contains("/facts/", StringComparison.Ordinal)) AssertPlainMarkdown(value);
            if (name == "fallbackText") AssertPlainMarkdown(value);
        }
    }

    /// <summary>Another Markdown parser finds only text and the document's links.</summary>
    private static void AssertPlainMarkdown(string markdown)
    {
        var paragraph = Assert.IsType<Markdig.Syntax.ParagraphBlock>(Assert.Single(Markdown.Parse(markdown)), exactMatch: false);
        foreach (var inline in paragraph.Inline!.Descendants())
        {
            if (inline is LinkInline link)
                Assert.Contains(link.Url, AnyDocument.Urls.Select(url => url.Replace(";", "%3B", StringComparison.Ordinal)));
            else
                Assert.True(inline is LiteralInline or LinkDelimiterInline, $"{inline.GetType().Name} in {markdown}");
        }
    }
}
