using DefectNotifier.Rendering.Document;
using DefectNotifier.Rendering.Values;

namespace DefectNotifier.Tests.Limits;

/// <summary>Documents far beyond any limit, which must be shortened until they fit.</summary>
internal static class HugeDocuments
{
    private static readonly string LongUrl = "https://example.com/" + new string('a', 1_900);

    private static readonly Dictionary<string, Func<MessageBlock[]>> All = new(StringComparer.Ordinal)
    {
        ["nothing"] = () => [],
        ["dividers only"] = () => [new DividerBlock(), new DividerBlock()],
        ["blank texts"] = () =>
            [Paragraph(" \n\t"), new CodeBlock(""), new HeadingBlock(1, []), new ButtonsBlock([]), new ListBlock([]), new FieldsBlock([])],
        ["one long paragraph"] = () => [Paragraph(Repeat("words and ", 10_000))],
        ["long code"] = () => [new CodeBlock(Repeat("at Shop.Cart.Add()\n", 5_000))],
        ["long heading, note and quote"] = () =>
            [
                new HeadingBlock(1, Runs(Repeat("x", 100_000))),
                new NoteBlock(Runs(Repeat("y", 100_000))),
                new QuoteBlock(Runs(Repeat("z", 100_000)))
            ],
        ["text that escaping doubles"] = () =>
            [Table("k", Repeat("<&>", 30_000)), Table("k", Repeat("\\_*", 30_000)), Paragraph(Repeat("\"\\\n", 30_000))],
        ["emoji"] = () => [Paragraph(Repeat("\U0001F469\u200D\U0001F469\u200D\U0001F467", 10_000))],
        ["endless grapheme clusters"] = () =>
            [Paragraph("a" + Repeat("\u0301", 60_000)), new HeadingBlock(1, Runs("e" + Repeat("\u0302", 60_000)))],
        ["lone surrogates"] = () => [Paragraph(Repeat("\uD83D", 50_000)), new CodeBlock(Repeat("\uDE00\uD83D", 50_000))],
        ["many paragraphs"] = () => Many(5_000, i => Paragraph($"line {i}")),
        ["many dividers"] = () => [.. Many(5_000, _ => new DividerBlock()), Paragraph("end")],
        ["many buttons"] = () => [new ButtonsBlock([.. Enumerable.Range(0, 3_000).Select(i => new LinkButton($"b{i}", LongUrl))])],
        ["many rows of buttons"] = () => Many(5_000, i => new ButtonsBlock([new LinkButton($"b{i}", LongUrl)])),
        ["many images"] = () => Many(500, i => new ImageBlock(LongUrl, Repeat("alt ", i))),
        ["many items"] = () =>
            [new ListBlock([.. Enumerable.Range(0, 5_000).Select(i => new ListItem(i % 9, i % 2 == 0 ? i : null, Runs($"item {i}")))])],
        ["items with extreme indents and numbers"] = () =>
            [new ListBlock([.. new[] { int.MaxValue, int.MinValue, 0, -1 }.Select(n => new ListItem(n, n, Runs("x")))])],
        ["many rows"] = () =>
            [new FieldsBlock([.. Enumerable.Range(0, 3_000).Select(i => new Field(Runs($"label {i}"), Runs($"value {i}")))])],
        ["many rows of cells"] = () =>
            [
                new HeadingBlock(1, Runs("title")), Grid(3_000, 3, "cell"), Grid(2, 40, "wide"), Grid(90, 20, "*large*"),
                Grid(3, 3, Repeat("long ", 3_000)), new TableBlock([new TableRow([[], []])], HasHeading: true)
            ],
        ["many runs"] = () =>
            [new ParagraphBlock([.. Enumerable.Range(0, 20_000).Select(i => new MessageInline("x", (InlineStyle)(i % 2)))])],
        ["a heading of links"] = () =>
            [
                new HeadingBlock(
                    1, [.. Enumerable.Range(0, 300).Select(i => new MessageInline($"{i}", (InlineStyle)(i % 2)) { Url = LongUrl })]),
                Paragraph("end")
            ],
        ["links only"] = () =>
            [new NoteBlock([.. Enumerable.Range(0, 300).Select(i => new MessageInline($"{i}", (InlineStyle)(i % 2)) { Url = LongUrl })])],
        ["invalid URLs"] = () =>
            [
                new ParagraphBlock([new MessageInline("a") { Url = "javascript:alert(1)" }]),
                new ImageBlock("x", ""),
                new ButtonsBlock([new LinkButton("", "/relative"), new LinkButton("", LongUrl)])
            ],
        ["first and last possible dates"] = () =>
            [
                new ParagraphBlock([
                    new MessageInline("first") { Date = DateTimeOffset.MinValue },
                    new MessageInline("last") { Date = DateTimeOffset.MaxValue },
                ]),
            ],
    };

    public static TheoryData<string> Names => [.. All.Keys];

    public static MessageDocument Get(string name) => new(All[name](), MessageStyle.Attention);

    private static string Repeat(string text, int times) => string.Concat(Enumerable.Repeat(text, times));

    private static MessageInline[] Runs(string text) => [new(text)];

    private static ParagraphBlock Paragraph(string text) => new(Runs(text));

    private static FieldsBlock Table(string label, string value) => new([new Field(Runs(label), Runs(value))]);

    private static TableBlock Grid(int rows, int columns, string text) => new(
        [.. Enumerable.Range(0, rows).Select(row =>
            new TableRow([.. Enumerable.Range(0, columns).Select(at => Runs($"{text} {row} {at}"))]))],
        HasHeading: true);

    private static MessageBlock[] Many(int count, Func<int, MessageBlock> block) => [.. Enumerable.Range(0, count).Select(block)];
}
