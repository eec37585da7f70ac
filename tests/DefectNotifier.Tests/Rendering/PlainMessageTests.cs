using DefectNotifier.Events;
using DefectNotifier.Rendering;
using DefectNotifier.Rendering.Document;
using DefectNotifier.Rendering.Templates;
using DefectNotifier.Rendering.Values;
using DefectNotifier.Testing;
using DefectNotifier.Tests.Rendering.Document;

namespace DefectNotifier.Tests.Rendering;

public sealed class PlainMessageTests
{
    private static readonly RenderError Error = new("defect.created.sbn", 3, 5, "Oops.");

    [Fact]
    public void Of_CompleteEvent_ContainsEverything() =>
        Assert.Equal(
            """
            h1 defect.created 73 · WEB
            p Checkout ignores the coupon
            p Severity: Major
            quote The discount row disappears.
            button Open in Qase -> https://app.qase.io/defect/WEB/view/73
            note The template failed, so this is the plain message. defect.created.sbn:3:5: Oops.
            """,
            OutlineOf(Some.DefectEvent),
            ignoreLineEndingDifferences: true);

    [Fact]
    public void Of_SparseEvent_ContainsWhatIsKnown()
    {
        var bare = Some.DefectEvent with
        {
            Name = "shared_step.created",
            ProjectCode = null,
            SubjectId = null,
            Title = null,
            Severity =
            null,
            ActualResult = null
        };

        Assert.Equal("h1 shared_step.created\nnote The template failed, so this is the plain message. defect.created.sbn:3:5: Oops.",
            OutlineOf(bare));
    }

    [Fact]
    public void Of_LongAndUncleanTexts_AreTruncatedAndCleaned()
    {
        var outline = OutlineOf(Some.DefectEvent with
        {
            Name = "custom\n.event\u202E",
            ProjectCode = "A\nB",
            Title = "\u001b[31m" + new string('t', 5000),
            ActualResult = new string('r', 5000),
            Severity = Severity.Parse(new string('s', 5000)),
        });

        Assert.StartsWith("h1 custom .event 73 · A B\np [31mttt", outline, StringComparison.Ordinal);
        Assert.InRange(outline.Length, 2000, 2600);
        Assert.Equal(3, outline.Count(character => character == Graphemes.Ellipsis));
    }

    [Fact]
    public void Of_LongHeading_IsTruncated()
    {
        var blocks = PlainMessage.Of(RequestOf(Some.DefectEvent with { Name = new string('n', 500) }), new QaseOptions(), Error);

        Assert.Equal(150, ((HeadingBlock)blocks[0]).Inlines[0].Text.Length);
    }

    private static string OutlineOf(DefectEvent defectEvent) =>
        Outline.Of(new MessageDocument(PlainMessage.Of(RequestOf(defectEvent), new QaseOptions(), Error), MessageStyle.Default));

    private static RenderRequest RequestOf(DefectEvent defectEvent) =>
        new() { Event = defectEvent, ReceivedAt = Some.Moment, Platform = ChatPlatform.Slack };
}
