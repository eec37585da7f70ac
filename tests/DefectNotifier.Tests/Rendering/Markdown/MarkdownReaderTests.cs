using DefectNotifier.Rendering.Document;
using DefectNotifier.Rendering.Markdown;
using DefectNotifier.Rendering.Values;
using DefectNotifier.Tests.Rendering.Document;

namespace DefectNotifier.Tests.Rendering.Markdown;

/// <summary>Each Markdown construct and its block.</summary>
public sealed class MarkdownReaderTests
{
    [Theory]
    [InlineData("# a", "h1 a")]
    [InlineData("### a", "h3 a")]
    [InlineData("###### a *b*", "h6 a {i|b}")]
    [InlineData("a\nb", "p a⏎b")]
    [InlineData("a  \nb\n\nc", "p a⏎b\np c")]
    [InlineData("**a** *b* _c_ ~~d~~ `e` ***f***", "p {b|a} {i|b} {i|c} {s|d} {c|e} {bi|f}")]
    [InlineData("__a__ **b *c* d**", "p {b|a} {b|b }{bi|c}{b| d}")]
    [InlineData("a **b", "p a **b")]
    [InlineData("a \\*b\\* &amp; &#42;", "p a *b* & *")]
    [InlineData("a [b](https://x.example/c) d", "p a {->https://x.example/c|b} d")]
    [InlineData("a <https://x.example/c> d", "p a {->https://x.example/c|https://x.example/c} d")]
    [InlineData("a <qa@x.example> d", "p a {->mailto:qa@x.example|qa@x.example} d")]
    [InlineData("a [b](javascript:x) c", "p a b c")]
    [InlineData("a [b][r] c\n\n[r]: https://x.example/", "p a {->https://x.example/|b} c")]
    [InlineData("a ![b](https://x.example/c.png) d", "p a {->https://x.example/c.png|b} d")]
    [InlineData("- a\n- b", "- a\n- b")]
    [InlineData("- a\n  - b\n    - c\n- d", "- a\n  - b\n    - c\n- d")]
    [InlineData("3. a\n4. b", "3. a\n4. b")]
    [InlineData("1. a\n   - b\n   - c\n2. d", "1. a\n  - b\n  - c\n2. d")]
    [InlineData("- a\n\n  b\n- c", "- a⏎b\n- c")]
    [InlineData("- a\n\n      x\n", "- a⏎{c|x}")]
    [InlineData("> a\n> b\n>\n> c", "quote a⏎b⏎c")]
    [InlineData("> - a\n> - b", "quote • a⏎• b")]
    [InlineData("> a\n>\n> 3. b\n>    - c\n> 4. d", "quote a⏎3. b⏎    • c⏎4. d")]
    [InlineData("- a\n  > - b", "- a⏎• b")]
    [InlineData("> | a | b |\n> |-|-|\n> | c | |", "quote a · b⏎c")]
    [InlineData("```python\na\n  *b*\n\nc\n```", "code a⏎  *b*⏎⏎c")]
    [InlineData("```\nnever closed", "code never closed")]
    [InlineData("a\n\n---\n\nb", "p a\nrule\np b")]
    [InlineData("![a b](https://x.example/c.png)", "image a b -> https://x.example/c.png")]
    [InlineData("![](https://x.example/c.png)", "image image -> https://x.example/c.png")]
    [InlineData("![a](file:///etc/passwd)", "p a")]
    public void Read_Construct_BecomesItsBlock(string markdown, string outline) => Assert.Equal(outline, Read(markdown));

    [Theory]
    [InlineData("| | |\n|-|-|\n| a | b |\n| **c** | *d* |", "field a = b\nfield {b|c} = {i|d}")]
    [InlineData("| a | b |\n|-|-|\n| c | d |", "head a | b\nrow c | d")]
    [InlineData("| a | |\n|-|-|\n| c | d |", "head a | \nrow c | d")]
    [InlineData("| a |\n|-|\n| b |\n| |", "head a\nrow b")]
    [InlineData("| a | b |\n|-|-|\n| c | |", "")]
    [InlineData("| | **b** | c |\n|-|-|-|\n| d | *e* |\n| f | | |", "head  | {b|b} | c\nrow d | {i|e} | ")]
    [InlineData("| | |\n|-|-|\n| a | |\n| b | c |", "field b = c")]
    [InlineData("| | |\n|-|-|\n| | b |", "field  = b")]
    [InlineData("| | |\n|-|-|\n| a | |", "")]
    [InlineData("| | | |\n|-|-|-|\n| a | b | c |\n| d | | e |\n| f | g | |", "row a | b | c\nrow d |  | e\nrow f | g | ")]
    [InlineData("| | |\n|-|-|\n| a | [b](https://x.example/) |", "field a = {->https://x.example/|b}")]
    [InlineData("| | |\n|-|-|\n| a | x \\| y |", "field a = x | y")]
    public void Read_Table_BecomesFieldsOrATableWithoutEmptyRows(string markdown, string outline) => Assert.Equal(outline, Read(markdown));

    [Theory]
    [InlineData(
        "a\n\n[b](https://x.example/) [c](https://y.example/)",
        "p a\nbutton b -> https://x.example/\nbutton c -> https://y.example/")]
    [InlineData(
        "[b](https://x.example/) · [c](https://y.example/) | [d](https://z.example/)",
        "button b -> https://x.example/\nbutton c -> https://y.example/\nbutton d -> https://z.example/")]
    [InlineData("[a **b** c](https://x.example/)", "button a b c -> https://x.example/")]
    [InlineData("[b](https://x.example/)\n\n*small*", "button b -> https://x.example/\nnote small")]
    [InlineData("*small*\n\n[b](https://x.example/)", "note small\nbutton b -> https://x.example/")]
    [InlineData("a\n\n_small **and** bold_", "p a\nnote small {b|and} bold")]
    [InlineData("a\n\n[b][r]\n\n[r]: https://x.example/", "p a\nbutton b -> https://x.example/")]
    [InlineData("[b](https://x.example/)\n\na", "p {->https://x.example/|b}\np a")]
    [InlineData("*a*\n\nb", "p {i|a}\np b")]
    [InlineData("*a* b", "p {i|a} b")]
    [InlineData("see [b](https://x.example/)", "p see {->https://x.example/|b}")]
    [InlineData("[b](javascript:x)", "")]
    [InlineData("**a**", "p {b|a}")]
    public void Read_ClosingParagraphs_BecomeButtonsAndNotes(string markdown, string outline) => Assert.Equal(outline, Read(markdown));

    [Theory]
    [InlineData("see https://x.example/c now", "p see {->https://x.example/c|https://x.example/c} now")]
    [InlineData("(a (https://x.example/c)))!", "p (a ({->https://x.example/c|https://x.example/c})))!")]
    [InlineData("(https://x.example/c).", "p ({->https://x.example/c|https://x.example/c}).")]
    [InlineData("https://x.example/a_(b)?c=d*, e", "p {->https://x.example/a_%28b%29?c=d|https://x.example/a_(b)?c=d}*, e")]
    [InlineData("**http://x.example** b", "p {b->http://x.example/|http://x.example} b")]
    [InlineData("HTTPS://x.example!", "p {->https://x.example/|HTTPS://x.example}!")]
    [InlineData("http://localhost:8080/", "p {->http://localhost:8080/|http://localhost:8080/}")]
    [InlineData("[https://a.example](https://b.example/)\n\nc", "p {->https://b.example/|https://a.example}\np c")]
    [InlineData("a \"https://x.example/\" b", "p a \"{->https://x.example/|https://x.example/}\" b")]
    [InlineData("`https://x.example/` xhttps://x.example/ https:// ftp://x.example www.x.example",
        "p {c|https://x.example/} xhttps://x.example/ https:// ftp://x.example www.x.example")]
    [InlineData("```\nhttps://x.example/\n```", "code https://x.example/")]
    [InlineData("https://a@x.example/", "p https://a@x.example/")]
    [InlineData("| | |\n|-|-|\n| a |https://x.example/|", "field a = {->https://x.example/|https://x.example/}")]
    [InlineData("a\n\nhttps://x.example/", "p a\np {->https://x.example/|https://x.example/}")]
    public void Read_BareAddress_IsALink(string markdown, string outline) => Assert.Equal(outline, Read(markdown));

    [Theory]
    [InlineData(":tada: (:white_check_mark:) **:+1:**", "p 🎉 (✅) {b|👍}")]
    [InlineData("# :rotating_light: :large_orange_circle: a", "h1 🚨 🟠 a")]
    [InlineData(":wave::skin-tone-3: :no-such-thing: a:b:c 10:100:30 :", "p 👋🏼 :no-such-thing: a:b:c 10:100:30 :")]
    [InlineData("\\:tada: `:tada:`", "p :tada: {c|:tada:}")]
    [InlineData("```\n:tada:\n```", "code :tada:")]
    [InlineData("[:tada:](https://x.example/:tada:)\n\na", "p {->https://x.example/:tada:|🎉}\np a")]
    [InlineData("https://x.example/:tada:", "p {->https://x.example/:tada|https://x.example/:tada}:")]
    public void Read_Shortcode_IsAnEmoji(string markdown, string outline) => Assert.Equal(outline, Read(markdown));

    [Theory]
    [InlineData("<b>a</b>", "p <b>a</b>")]
    [InlineData("<script>alert(1)</script>\n", "p <script>alert(1)</script>")]
    [InlineData("<!-- a -->", "p <!-- a -->")]
    [InlineData("a <br> b", "p a <br> b")]
    [InlineData("<div>\n\n*a* b\n\n</div>", "p <div>\np {i|a} b\np </div>")]
    public void Read_Html_IsText(string markdown, string outline) => Assert.Equal(outline, Read(markdown));

    [Theory]
    [InlineData("")]
    [InlineData(" \n\n\t")]
    [InlineData("#")]
    [InlineData("- ")]
    [InlineData(">")]
    [InlineData("```\n\n```")]
    public void Read_EmptyText_HasNoBlocks(string markdown) => Assert.Equal("", Read(markdown));

    private static string Read(string markdown) =>
        Outline.Of(new MessageDocument(new MarkdownReader(new ValueTokens()).Read(markdown), MessageStyle.Default));
}
