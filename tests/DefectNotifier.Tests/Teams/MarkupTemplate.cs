using System.Text.Json;
using DefectNotifier.Rendering.Templates;
using DefectNotifier.Rendering.Values;
using DefectNotifier.Testing;
using DefectNotifier.Tests.Rendering.JsonTemplates;
using DefectNotifier.Tests.Rendering.Templates;
using Microsoft.Extensions.Logging.Abstractions;

namespace DefectNotifier.Tests.Teams;

/// <summary>A Teams JSON template that puts two values into an author's markup in every way.</summary>
internal static class MarkupTemplate
{
    public const string Link = "https://ok.example/";

    /// <summary>
    /// The Markdown of a TextBlock, what a reader sees, and the element around the first value on a desktop. V and W stand for the values,
    /// which contain neither letter.
    /// </summary>
    private static readonly (string Markdown, string Shown, string? Tag)[] Texts =
    [
        ("V", "V", null),
        ("**V**", "V", "STRONG"),
        ("_V_", "V", "EM"),
        ("**_V_**", "V", "EM"),
        ("[V](https://ok.example/a_b)", "V", "A"),
        ("V: W", "V: W", null),
        ("VW", "VW", null),
        (@"V\n\nW", "V W", null),
        ("**Title:** V (W)", "Title: V (W)", null),
        ("see **V** by W.", "see V by W.", "STRONG"),
        ("see [x](https://ok.example/) V [y](https://ok.example/) W", "see x V y W", null),
        ("- V", "V", null),
        ("7. V", "V", null),
    ];

    private static readonly TemplateStore Store = Load();

    /// <summary>The elements, each with what a reader must see.</summary>
    public static IEnumerable<MarkupElement> Render(string first, string second)
    {
        var defectEvent = Some.DefectEvent with { Name = "defect.y", Title = first, ActualResult = second };
        var result = RenderedJson.By(Store, ChatPlatform.Teams, defectEvent);
        Assert.Null(result.Error);
        var body = JsonElement.Parse(result.Message.Json.Span).GetProperty("attachments")[0].GetProperty("content").GetProperty("body");
        // Between marks the white space around a value is left out.
        var trimmed = first.Trim();
        foreach (var (element, (markdown, shown, tag)) in body.EnumerateArray().Zip(Texts))
        {
            var text = shown
                .Replace("V", tag is null ? first : trimmed, StringComparison.Ordinal)
                .Replace("W", second, StringComparison.Ordinal);
            yield return new MarkupElement(markdown, element, [text]) { Mark = tag is null ? null : (tag, trimmed) };
        }

        Assert.Equal(Texts.Length + 2, body.GetArrayLength());
        yield return new MarkupElement("facts", body[Texts.Length], [first, second]);
        yield return new MarkupElement("runs", body[Texts.Length + 1], [first, second]);
    }

    private static TemplateStore Load()
    {
        var texts = Texts.Select(text => $$"""{ "type": "TextBlock", "wrap": true, "text": "{{text.Markdown}}" }""")
            .Append("""{ "type": "FactSet", "facts": [{ "title": "V", "value": "W" }] }""")
            .Append("""{ "type": "RichTextBlock", "inlines": [{ "type": "TextRun", "text": "V" }, "\n", "W"] }""");
        var card = $$"""{ "type": "AdaptiveCard", "version": "1.2", "body": [{{string.Join(',', texts)}}] }"""
            .Replace("V", "{{ defect.title }}", StringComparison.Ordinal)
            .Replace("W", "{{ defect.actual_result }}", StringComparison.Ordinal);
        using var folder = new TemplateFolder(("teams/defect.y.json.sbn", card));
        return TemplateStore.Load(RenderedJson.Options with { Path = folder.Path }, NullLogger<TemplateStore>.Instance);
    }
}

/// <summary>An element of a card.</summary>
/// <param name="Name">The author's markup.</param>
/// <param name="Json">The element.</param>
/// <param name="Texts">What a reader must see.</param>
internal sealed record MarkupElement(string Name, JsonElement Json, IReadOnlyList<string> Texts)
{
    /// <summary>The HTML element that must contain exactly this text; null: none.</summary>
    public (string Tag, string Text)? Mark { get; init; }
}
