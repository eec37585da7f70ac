using CsCheck;
using DefectNotifier.Rendering.Document;
using DefectNotifier.Rendering.Values;

namespace DefectNotifier.Tests.Limits;

/// <summary>Random documents with every kind of block and with hostile or international texts.</summary>
internal static class AnyDocument
{
    /// <summary>The only URLs that the documents link to.</summary>
    public static readonly string[] Urls =
    [
        "https://app.qase.io/defect/WEB/view/17?a=1&b=2;c_d*e~f",
        "http://intranet.example/%7Bwiki%7D/page",
        "mailto:qa@example.com",
    ];

    /// <summary>Each short enough for a button, none with an ellipsis.</summary>
    public static readonly string[] HostileTexts =
    [
        "plain words", "<!channel>", "<@U1>", "<https://evil.example|y>", "&amp;", "&lt;b&gt; & <b>", ":tada: :+1:", "*b* _i_ ~s~ `c`",
        "[a](https://evil.example)", "![i](https://evil.example/i.png)", "{{DATE(2020-01-01T00:00:00Z)}}",
        "{{{time(2020-01-01T00:00:00Z)}}", "<at>x</at>",
        "\"quoted\" and 'single'", @"C:\temp\*.log", "two\nlines", "> quote\n- item\n# heading", "1. one", "***", "a|b", "```\ncode\n```",
        "\U0001F469\u200D\U0001F469\u200D\U0001F467 family", "\U0001F3F4\u200D\u2620\uFE0F", "e\u0301 combined",
        "שלום עולם", "你好", "half \uD83D pair", "\uDE00 other half",
        "@here #general", "${x} {0} %s", "    four spaces", "trailing  ", "&copy; &#42;", "=====", "<script>alert(1)</script>",
        "a_b_c*d*e", "no\u00A0break",
    ];

    public static readonly Gen<string> HostileText = OneOf(HostileTexts);

    /// <summary>Well within the limits of both platforms.</summary>
    public static readonly Gen<MessageDocument> Small = Document(HostileText, runs: 3, items: 4, blocks: 6);

    /// <summary>From empty to far beyond the limits, with any characters.</summary>
    public static readonly Gen<MessageDocument> Any = Gen.OneOf(
        Document(AnyText(40), runs: 4, items: 12, blocks: 60),
        Document(AnyText(3_000), runs: 3, items: 12, blocks: 12),
        Document(AnyText(40), runs: 40, items: 60, blocks: 20));

    private static Gen<string> OneOf(string[] texts) => Gen.Int[0, texts.Length - 1].Select(i => texts[i]);

    private static Gen<string> AnyText(int repeats) => Gen.Frequency(
        (6, HostileText),
        (2, Gen.String),
        (1, Gen.Const("")),
        (1, Gen.Select(HostileText, Gen.Int[1, repeats], (text, times) => string.Concat(Enumerable.Repeat(text, times)))));

    private static Gen<MessageDocument> Document(Gen<string> text, int runs, int items, int blocks) =>
        Gen.Select(Block(text, runs, items).Array[0, blocks], Gen.Enum<MessageStyle>(), (all, tone) => new MessageDocument(all, tone));

    private static Gen<MessageBlock> Block(Gen<string> text, int runs, int items)
    {
        var url = OneOf(Urls);
        var date = Gen.Int[-100_000, 2_000_000_000].Select(seconds => DateTimeOffset.FromUnixTimeSeconds(seconds));
        var run = Gen.Select(text, Gen.Int[0, 15], Gen.Int[0, 7], url, date, (words, style, kind, link, moment) =>
            new MessageInline(words, (InlineStyle)style)
            {
                Url = kind is 1 or 3 ? link : null,
                Date = kind is 2 or 3 ? moment : null,
            });
        var line = run.Array[0, runs];
        var item = Gen.Select(
            Gen.Int[-1, 12], Gen.Int[-1, 12], line, (indent, number, inlines) => new ListItem(indent, number < 0 ? null : number, inlines));
        var field = Gen.Select(
            Gen.OneOf(line, text.Select(words => new[] { new MessageInline(words) })), line, (label, value) => new Field(label, value));
        var row = Gen.Select(line, line, line, (one, two, three) => new TableRow([one, two, three]));
        return Gen.OneOf<MessageBlock>(
            Gen.Select(Gen.Int[1, 4], line, MessageBlock (level, inlines) => new HeadingBlock(level, inlines)),
            line.Select(MessageBlock (inlines) => new ParagraphBlock(inlines)),
            line.Select(MessageBlock (inlines) => new QuoteBlock(inlines)),
            line.Select(MessageBlock (inlines) => new NoteBlock(inlines)),
            text.Select(MessageBlock (words) => new CodeBlock(words)),
            item.Array[0, items].Select(MessageBlock (all) => new ListBlock(all)),
            Gen.Select(row.Array[1, items], Gen.Bool, MessageBlock (all, hasHeading) => new TableBlock(all, hasHeading)),
            field.Array[0, items].Select(MessageBlock (all) => new FieldsBlock(all)),
            Gen.Select(text, url, (words, link) => new LinkButton(words, link)).Array[0, items].Select(
                MessageBlock (all) => new ButtonsBlock(all)),
            Gen.Select(url, text, MessageBlock (link, words) => new ImageBlock(link, words)),
            Gen.Const<MessageBlock>(new DividerBlock()));
    }
}
