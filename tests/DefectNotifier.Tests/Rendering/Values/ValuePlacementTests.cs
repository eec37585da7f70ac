using DefectNotifier.Events;
using DefectNotifier.Rendering.Values;
using DefectNotifier.Testing;

namespace DefectNotifier.Tests.Rendering.Values;

/// <summary>A value is literal text in every place; the markup of the template around it stays markup.</summary>
public sealed class ValuePlacementTests
{
    /// <summary>Everything that Markdown, Slack, Teams or Scriban could interpret as markup.</summary>
    private const string Evil =
        "*a* **b** _c_ ~~d~~ `e` ``` [f](https://evil.example/) ![g](https://evil.example/g.png) <https://evil.example/> <b>h</b> | "
            + "# > - 1. &lt; \\ <!here> {{ 6 * 7 }} ]( ) *** ---";

    private static readonly DefectEvent Event = Some.DefectEvent with { Title = Evil };

    [Theory]
    [InlineData("![{{ file.name }}]({{ file.url }})", "image a.png -> https://x.example/1\np {->https://x.example/2|b *c*.log}")]
    [InlineData("![]({{ file.url }})", "image image -> https://x.example/1\np {->https://x.example/2|https://x.example/2}")]
    [InlineData("{{ file.mime }} {{ file.size }} {{ file.is_image }}", "p image/png 12 true\np text/plain  false")]
    public void Render_ImageOfAnAttachment_IsALinkWhenItIsNoPicture(string line, string outline) => Assert.Equal(
        outline,
        Rendered.Outline(
            $"{{{{~ for file in defect.attachments ~}}}}\n\n{line}\n{{{{~ end ~}}}}",
            Event with
            {
                Attachments =
                [
                    new Attachment("a.png", "https://x.example/1") { Mime = "image/png", Size = 12 },
                    new Attachment("b *c*.log", "https://x.example/2") { Mime = "text/plain" },
                ],
            }));

    [Theory]
    [InlineData("V", "p V")]
    [InlineData("a V b", "p a V b")]
    [InlineData("**V**", "p {b|V}")]
    [InlineData("x *V* x", "p x {i|V} x")]
    [InlineData("***V*** x", "p {bi|V} x")]
    [InlineData("~~V~~", "p {s|V}")]
    [InlineData("`V`", "p {c|V}")]
    [InlineData("# V", "h1 V")]
    [InlineData("## a V", "h2 a V")]
    [InlineData("V\n===", "h1 V")]
    [InlineData("> V", "quote V")]
    [InlineData("- V\n- b", "- V\n- b")]
    [InlineData("3. V", "3. V")]
    [InlineData("```\nV\n```", "code V")]
    [InlineData("    V", "code V")]
    [InlineData("| | |\n|-|-|\n| a | V |", "field a = V")]
    [InlineData("| | |\n|-|-|\n| V | b |", "field V = b")]
    [InlineData("a [V](https://app.example/) b", "p a {->https://app.example/|V} b")]
    [InlineData("a [**V**](https://app.example/) b", "p a {b->https://app.example/|V} b")]
    [InlineData("[V](https://app.example/)", "button V -> https://app.example/")]
    [InlineData("![V](https://app.example/a.png)", "image V -> https://app.example/a.png")]
    [InlineData("*V*", "note V")]
    [InlineData("a [b](https://app.example/ \"V\") c", "p a {->https://app.example/|b} c")]
    public void Render_ValueInAnyPlace_IsLiteral(string template, string outline) =>
        Assert.Equal(
            outline.Replace("V", Evil, StringComparison.Ordinal),
            Rendered.Outline(template.Replace("V", "{{ defect.title }}", StringComparison.Ordinal), Event));

    [Theory]
    [InlineData("V", "p a⏎⏎# b⏎- c⏎⏎    d")]
    [InlineData("# V", "h1 a  # b - c      d")]
    [InlineData("> V", "quote a⏎⏎# b⏎- c⏎⏎    d")]
    [InlineData("| | |\n|-|-|\n| x | V |", "field x = a⏎⏎# b⏎- c⏎⏎    d")]
    [InlineData("```\nV\n```", "code a⏎⏎# b⏎- c⏎⏎    d")]
    public void Render_LinesOfAValue_DoNotBecomeBlocks(string template, string outline) =>
        Assert.Equal(
            outline,
            Rendered.Outline(template.Replace("V", "{{ defect.title }}", StringComparison.Ordinal),
                Event with { Title = "a\r\n\r\n# b\r- c\n\n    d\n" }));

    [Theory]
    [InlineData("https://files.example/a b|c", "p {->https://files.example/a%20b%7Cc|x}.")]
    [InlineData("http://files.example/(a)", "p {->http://files.example/%28a%29|x}.")]
    [InlineData("mailto:qa@example.com", "p {->mailto:qa@example.com|x}.")]
    [InlineData("javascript:alert(1)", "p x.")]
    [InlineData("data:text/html,x", "p x.")]
    [InlineData("https://app.qase.io@evil.example/", "p x.")]
    [InlineData("/relative", "p x.")]
    [InlineData("", "p x.")]
    [InlineData("https://x.example/) [y](https://evil.example/", "p {->https://x.example/%29%20[y]%28https://evil.example/|x}.")]
    public void Render_ValueAsACompleteAddress_MustBeSafe(string address, string outline) =>
        Assert.Equal(outline, Rendered.Outline("[x]({{ defect.title }}).", Event with { Title = address }));

    [Theory]
    [InlineData("a/../b", "p {->https://app.example/a%2F..%2Fb/c?q=a%2F..%2Fb|x}.")]
    [InlineData("a b?c#d&e", "p {->https://app.example/a%20b%3Fc%23d%26e/c?q=a%20b%3Fc%23d%26e|x}.")]
    [InlineData("@evil.example", "p {->https://app.example/%40evil.example/c?q=%40evil.example|x}.")]
    [InlineData("ü", "p {->https://app.example/%C3%BC/c?q=%C3%BC|x}.")]
    [InlineData("..", "p x.")]
    [InlineData(".", "p x.")]
    public void Render_ValueWithinAnAddress_StaysOnePart(string part, string outline) =>
        Assert.Equal(outline, Rendered.Outline("[x](https://app.example/{{ defect.title }}/c?q={{ defect.title }}).",
            Event with { Title = part }));

    [Fact]
    public void Render_ValueAsSchemeOrHost_CannotChangeTheScheme()
    {
        Assert.Equal("p x.", Rendered.Outline("[x]({{ defect.title }}:alert).", Event with { Title = "javascript" }));
        Assert.Equal("p x.", Rendered.Outline("[x](https://{{ defect.title }}/).", Event with { Title = "evil.example/a@" }));
    }

    [Theory]
    [InlineData("WEB", "https://app.qase.io/defect/WEB/view/73")]
    [InlineData("../x?y#z", "https://app.qase.io/defect/..%2Fx%3Fy%23z/view/73")]
    [InlineData("..", null)]
    [InlineData(".", null)]
    public void UrlOf_AnyProjectCode_StaysOnePartOfThePath(string code, string? url) =>
        Assert.Equal(url, new QaseOptions().UrlOf(Some.DefectEvent with { ProjectCode = code, SubjectId = 73 }));

    [Fact]
    public void UrlOf_DeletedDefect_IsNone() =>
        Assert.Null(new QaseOptions().UrlOf(Some.DefectEvent with { Status = DefectStatus.Deleted }));

    [Fact]
    public void Render_ImageWithAnotherScheme_ShowsItsText() =>
        Assert.Equal("p a", Rendered.Outline("![a]({{ defect.title }})", Event with { Title = "mailto:qa@example.com" }));

    [Theory]
    [InlineData("**V** end", "p {b|} end")]
    [InlineData("*V*", "")]
    [InlineData("# V", "")]
    [InlineData("a `V` b", "p a {c|} b")]
    [InlineData("a\n\n**V**\n\nb", "p a\np b")]
    [InlineData("| | |\n|-|-|\n| a | V |\n| b | c |", "field b = c")]
    public void Render_MissingValue_LeavesNoMarkup(string template, string outline)
    {
        var shown = Rendered.TryOutline(template.Replace("V", "{{ defect.case_id }}", StringComparison.Ordinal)).Outline;

        if (outline.Length == 0) Assert.Contains("The template wrote nothing", shown, StringComparison.Ordinal);
        else Assert.Equal(outline.Replace("{b|}", "", StringComparison.Ordinal).Replace("{c|}", "", StringComparison.Ordinal)
            .Replace("p  ", "p ", StringComparison.Ordinal), shown);
    }
}
