using DefectNotifier.Rendering.Document;
using DefectNotifier.Rendering.Values;

namespace DefectNotifier.Tests.TextViews;

/// <summary>One block of each kind, as in a defect message.</summary>
internal static class SampleDocument
{
    private const string Url = "https://app.qase.io/defect/WEB/view/17";

    public static readonly MessageDocument OfEveryKind = new(
    [
        new HeadingBlock(1, Runs("Cart <total> & *tax*")),
        new ParagraphBlock(
            [
                new MessageInline("Reported by "),
                new MessageInline("Ann", InlineStyle.Bold),
                new MessageInline(" in "),
                new MessageInline("WEB-17") { Url = Url }
            ]),
        new FieldsBlock(
            [
                new Field(Runs("Severity"), Runs("A & B")),
                new Field(Runs("Since"), [new MessageInline("23 Nov") { Date = DateTimeOffset.UnixEpoch }])
            ]),
        new FieldsBlock([new Field(Runs("File"), Runs("a_b*c"))]),
        new TableBlock(
            [
                new TableRow([Runs("Browser"), Runs("Result"), []]),
                new TableRow([Runs("Firefox"), Runs("failed"), [new MessageInline("log") { Url = Url }]])
            ],
            HasHeading: true),
        new QuoteBlock(Runs("it broke\nagain")),
        new CodeBlock("at Add()\n  at Sum()"),
        new ListBlock([new ListItem(0, 1, Runs("open")), new ListItem(0, 2, Runs("click")), new ListItem(1, null, Runs("twice"))]),
        new ImageBlock("https://example.com/a.png", "shot"),
        new DividerBlock(),
        new ButtonsBlock([new LinkButton("Open", Url), new LinkButton("Run", "https://example.com/")]),
        new NoteBlock(Runs("sent by hand")),
    ], MessageStyle.Attention);

    private static MessageInline[] Runs(string text) => [new(text)];
}
