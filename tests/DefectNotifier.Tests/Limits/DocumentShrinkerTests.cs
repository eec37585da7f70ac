using DefectNotifier.Chat.Limits;
using DefectNotifier.Rendering.Document;
using DefectNotifier.Rendering.Values;

namespace DefectNotifier.Tests.Limits;

public class DocumentShrinkerTests
{
    private static readonly HeadingBlock Heading = new(1, [new MessageInline("Heading")]);
    private static readonly ButtonsBlock Buttons = new([new LinkButton("Open", "https://example.com/")]);

    [Fact]
    public void Fit_DocumentThatFits_IsTheSameObject()
    {
        var document = Document(Paragraph(500), Heading, Buttons);

        Assert.Same(document, Fit(document, characters: 1_000));
    }

    [Fact]
    public void Fit_LongTexts_AreCutEquallyAndShortTextsKept()
    {
        var shrunk = Fit(Document(Paragraph(100), Paragraph(50_000), Paragraph(300), Paragraph(9_000)), characters: 2_400);

        // 2,400 - 100 - 300, halved.
        Assert.Equal([100, 1_000, 300, 1_000], shrunk.Blocks.Select(BlockCutter.MaxText));
    }

    [Fact]
    public void Fit_LongTextOnly_IsCutWithAnEllipsis()
    {
        var shrunk = Fit(Document(Paragraph(50_000)), characters: 1_000);

        var runs = Assert.IsType<ParagraphBlock>(Assert.Single(shrunk.Blocks)).Inlines;
        Assert.EndsWith("x…", runs[^1].Text, StringComparison.Ordinal);
    }

    [Fact]
    public void Fit_LongListBesideLongText_CutsTheTextFirst()
    {
        var list = List(20, "item");

        var shrunk = Fit(Document(Paragraph(5_000), list), characters: 500);

        Assert.Equal(20, BlockCutter.ItemCount(shrunk.Blocks[1]));
        Assert.Equal(500 - (20 * 4), BlockCutter.MaxText(shrunk.Blocks[0]));
        Assert.Equal(2, shrunk.Blocks.Count);
    }

    [Fact]
    public void Fit_LongList_KeepsTheFirstItemsAndAddsANote()
    {
        var shrunk = Fit(Document(Heading, List(1_000, "item")), characters: 500);

        Assert.InRange(BlockCutter.ItemCount(shrunk.Blocks[1]), 100, 125);
        AssertEndsWithNote(shrunk);
    }

    [Fact]
    public void Fit_TooManyBlocks_KeepsHeadingButtonsAndFirstBlocks()
    {
        var document = Document(
            [.. Enumerable.Range(0, 100).Select(i => new ParagraphBlock([new MessageInline($"{i}")])), Heading, Buttons]);

        var shrunk = Fit(document, characters: 10_000, blocks: 10);

        Assert.Equal(10, shrunk.Blocks.Count);
        Assert.Equal(document.Blocks.Take(7), shrunk.Blocks.Take(7));
        Assert.Equal([Heading, Buttons], shrunk.Blocks.Skip(7).Take(2));
        AssertEndsWithNote(shrunk);
    }

    [Fact]
    public void Fit_NothingFits_KeepsTheTextOfTheHeading()
    {
        var heading = new HeadingBlock(1, [new MessageInline("Heading") { Url = "https://example.com/" }]);
        var document = Document(heading, Paragraph(10));

        var shrunk = DocumentShrinker.Fit(document, candidate => HasLinkedHeading(candidate) ? null : candidate);

        Assert.Equal("Heading\n… shortened", PlainText.Read(shrunk));
    }

    [Fact]
    public void Cut_RunsWithADate_NeverKeepsPartOfADate()
    {
        MessageInline[] runs = [new("since "), new("23 November 2026") { Date = DateTimeOffset.UnixEpoch }, new(" or so")];

        Assert.Equal("since 23 Nov…", InlineText.Read(InlineText.Cut(runs, 13)));
        Assert.All(InlineText.Cut(runs, 13), run => Assert.Null(run.Date));
        Assert.Equal("since 23 November 2026…", InlineText.Read(InlineText.Cut(runs, 23)));
        Assert.Equal("23 November 2026", Assert.Single(InlineText.Cut(runs, 23), run => run.Date is not null).Text);
    }

    [Fact]
    public void Normalize_NeighboursWithTheSameStyle_AreJoined()
    {
        MessageInline[] runs =
        [
            new("a"), new(""), new("b"), new("c", InlineStyle.Bold), new("d", InlineStyle.Bold), new("e") { Url = "https://example.com/" },
        ];

        Assert.Equal(["ab", "cd", "e"], InlineText.Normalize(runs).Select(run => run.Text));
    }

    private static bool HasLinkedHeading(MessageDocument document) =>
        document.Blocks.OfType<HeadingBlock>().Any(block => block.Inlines[0].Url is not null);

    private static MessageDocument Fit(MessageDocument document, int characters, int blocks = 1_000) =>
        DocumentShrinker.Fit(document, candidate =>
            candidate.Blocks.Count <= blocks && candidate.Blocks.Sum(Characters) <= characters ? candidate : null);

    private static int Characters(MessageBlock block) => block switch
    {
        ListBlock list => list.Items.Sum(item => InlineText.Length(item.Inlines)),
        _ => BlockCutter.MaxText(block),
    };

    private static void AssertEndsWithNote(MessageDocument document) =>
        Assert.Equal(DocumentShrinker.ShortenedNote, InlineText.Read(Assert.IsType<NoteBlock>(document.Blocks[^1]).Inlines));

    private static MessageDocument Document(params MessageBlock[] blocks) => new(blocks, MessageStyle.Default);

    private static ParagraphBlock Paragraph(int length) => new([new MessageInline(new string('x', length))]);

    private static ListBlock List(int count, string text) =>
        new([.. Enumerable.Range(0, count).Select(_ => new ListItem(0, null, [new MessageInline(text)]))]);
}
