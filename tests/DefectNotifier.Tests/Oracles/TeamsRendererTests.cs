using System.Text.Json;
using CsCheck;
using DefectNotifier.Chat.Teams;
using DefectNotifier.Rendering.Document;
using DefectNotifier.Rendering.Values;
using DefectNotifier.Tests.Limits;
using DefectNotifier.Tests.Teams;

namespace DefectNotifier.Tests.Oracles;

/// <summary>Cards in Microsoft's renderer (npm <c>adaptivecards</c>, with <c>markdown-it</c>), which Teams uses on desktops.</summary>
public sealed class TeamsRendererTests
{
    private const string Qase = "https://app.qase.io/";

    [Fact]
    public void Render_ShippedTemplates_ShowEveryTextLiterally() => NodeScript.Check("teams.mjs", [
        .. Messages.OfSamples(ChatPlatform.Teams).Concat(Messages.OfPastedTemplate(ChatPlatform.Teams))
            .Select(sample => Of(sample.Name, sample.Message) with { Links = ["https://", "mailto:"] }),
        .. Messages.OfHostileTexts(ChatPlatform.Teams).Select(hostile => Of(hostile.Name, hostile.Message) with
        {
            Texts = [hostile.Title],
            Links = [Qase],
        }),
    ]);

    [Fact]
    public void Format_AnyDocument_ShowsEveryTextLiterally() => NodeScript.Check(
        "teams.mjs",
        Messages.Some(AnyDocument.Small, 1_000).Select(document => Of("document", new TeamsMessageFormatter().Format(document)) with
        {
            Texts = [.. ReadableLines.Of(document)],
            Links = [.. AnyDocument.Urls, .. AnyDocument.Urls.Select(url => url.Replace(";", "%3B", StringComparison.Ordinal))],
        }));

    [Fact]
    public void Render_AnyTextInAnAuthorsMarkup_IsLiteral() => NodeScript.Check(
        "teams.mjs",
        Messages.Some(Gen.Select(AnyMarkup.Text, AnyMarkup.Text), 300).SelectMany(texts => MarkupTemplate.Render(texts.Item1, texts.Item2))
            .Select(element => new CardCase(element.Name, new { type = "AdaptiveCard", version = "1.2", body = new[] { element.Json } })
            {
                Texts = element.Texts,
                Marked = element.Mark is var (tag, text) ? [[tag, text]] : [],
                Links = [MarkupTemplate.Link],
            }));

    [Fact]
    public void Format_Code_KeepsItsSpaces()
    {
        const string Code = "  at A()\n    at B()\n\tif (x)  return;\n\n at C()";
        string[] lines = ["  at A()", "    at B()", "    if (x)  return;", " at C()"];
        MessageInline[] inline = [new("Trace:\n" + Code, InlineStyle.Code)];
        MessageBlock[] blocks = [new CodeBlock(Code), new QuoteBlock(inline), new ListBlock([new ListItem(0, null, inline)])];

        var documents = blocks.Select(block => new MessageDocument([block], MessageStyle.Default));
        NodeScript.Check(
            "teams.mjs", documents.Select(document => Of("code", new TeamsMessageFormatter().Format(document)) with { Lines = lines }));
    }

    private static CardCase Of(string name, ChatMessage message) => Of(name, JsonElement.Parse(message.Json.Span));

    private static CardCase Of(string name, JsonElement message) =>
        new(name, message.GetProperty("attachments")[0].GetProperty("content"));

    /// <summary>See <c>teams.mjs</c>.</summary>
    private sealed record CardCase(string Name, object Card)
    {
        public IReadOnlyList<string> Texts { get; init; } = [];

        public IReadOnlyList<string> Lines { get; init; } = [];

        public IReadOnlyList<string[]> Marked { get; init; } = [];

        public IReadOnlyList<string> Links { get; init; } = [];
    }
}
