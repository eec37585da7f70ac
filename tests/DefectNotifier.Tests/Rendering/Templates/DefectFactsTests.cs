using DefectNotifier.Events;
using DefectNotifier.Rendering;
using DefectNotifier.Rendering.Templates;
using DefectNotifier.Rendering.Values;
using DefectNotifier.Testing;
using Microsoft.Extensions.Time.Testing;

namespace DefectNotifier.Tests.Rendering.Templates;

/// <summary>The helpers <c>facts</c> and <c>fold</c>, and the named values for what is hard to write.</summary>
public sealed class DefectFactsTests
{
    private const string DefectUrl = "https://app.qase.io/defect/WEB/view/73";

    private static readonly DefectEvent Created = Some.DefectEvent with
    {
        CaseId = 17,
        Step = 3,
        Attachments = [new Attachment("total.png", "https://e.com/total.png"), new Attachment("71", null)],
    };

    [Theory]
    [InlineData("{{ facts 'severity' 'defect' }}", "p {b|Major} · {->" + DefectUrl + "|WEB D-73}")]
    [InlineData("{{ facts 'defect' 'severity' }}", "p {->" + DefectUrl + "|WEB D-73} · {b|Major}")]
    [InlineData("{{ facts 'test_case' }}", "p {->https://app.qase.io/case/WEB-17|Test case 17}, step 3")]
    [InlineData("{{ facts 'attachments' }}", "p 📎 {->https://e.com/total.png|total.png} and 1 more")]
    [InlineData("{{ facts 'project' 'status' 'changes' }}", "p WEB")]
    [InlineData("{{ facts 'defect' 'project' }}", "p {->" + DefectUrl + "|WEB D-73}")]
    [InlineData("# {{ defect.heading }}", "h1 🟡 Checkout ignores the coupon")]
    [InlineData("{{ defect.status_label }} {{ defect.is_open }} {{ message.is_reply }} {{ message.platform }}", "p Open true false slack")]
    [InlineData("{{ actor.label }}", "p team member 418")]
    [InlineData("{{ event.summary }}", "p Defect created: Checkout ignores the coupon")]
    public void Render_NewDefect_ShowsWhatIsKnown(string template, string outline) => Assert.Equal(outline, Outline(template, Created));

    [Theory]
    [InlineData(0, "h1 🟡 Checkout ignores the coupon\np 0")]
    [InlineData(1, "h1 🟡 Checkout ignores the coupon ×2\np 1")]
    [InlineData(1999, "h1 🟡 Checkout ignores the coupon ×2000\np 1999")]
    public void Render_Repeats_AreCountedInTheHeading(int repeats, string outline) =>
        Assert.Equal(outline, Outline("# {{ defect.heading }}\n\n{{ defect.repeats }}", Created, repeats: repeats));

    [Theory]
    [InlineData("{{ facts 'status' }}", "p {b|Resolved} by automation after 2 h")]
    [InlineData("{{ defect.heading }} {{ defect.status_emoji }} {{ defect.is_open }}", "p ✅ Checkout ignores the coupon ✅ false")]
    public void Render_ResolvedDefect_ShowsHow(string template, string outline)
    {
        var resolved = Some.DefectEvent with
        {
            Name = "defect.resolved",
            TeamMemberId = 0,
            OccurredAt = Created.OccurredAt!.Value.AddHours(2),
        };
        var before = Defect.After(before: null, Created, "1", Some.Moment, default);

        Assert.Equal(outline, Outline(template, Created, Defect.After(before, resolved, "2", Some.Moment.AddHours(3), default)));
    }

    [Fact]
    public void Render_Update_ShowsWhatChangedOnlyInItsOwnMessage()
    {
        var updated = Some.DefectEvent with { Name = "defect.updated", Title = null, OccurredAt = Some.Moment };
        var before = Defect.After(Defect.After(before: null, Created, "1", Some.Moment, default), updated, "2", Some.Moment, default);
        var details = new DefectDetails
        {
            Severity = Severity.Critical,
            Status = "in_progress",
            UpdatedAt = Some.Moment.AddSeconds(1),
            AskedAt = Some.Moment.AddSeconds(2),
        };
        var after = before.With(details);

        Assert.Equal(
            "p Severity: Major → {b|Critical} · Status: Open → {b|In progress}", Outline("{{ facts 'changes' }}", updated, after));
        Assert.Equal(
            "p Severity Major Critical",
            Outline("{{ c = defect.changes[0] }}{{ c.name }} {{ c.from }} {{ c.to }}", updated, after));
        Assert.Equal(
            "p Severity: Major → {b|Critical} · Status: Open → {b|In progress} · WEB",
            Outline("{{ facts 'changes' 'status' 'severity' 'project' }}", updated, after));
        Assert.Equal("p {b|In progress} · {b|Critical}", Outline("{{ facts 'status' 'severity' }}", updated, after));
        Assert.Equal("p x", Outline("x {{ facts 'changes' }}", Created, after));
    }

    [Theory]
    [InlineData(255, false)]
    [InlineData(256, true)]
    public void Render_LongTitle_IsCutInTheHeadingAndWholeInTheText(int length, bool isLong)
    {
        var title = new string('x', length);

        var outline = Outline("# {{ defect.heading }}\n\n{{ defect.long_title }}", Created with { Title = title });

        Assert.Equal(isLong ? $"h1 🟡 {title[..254]}…\np {title}" : $"h1 🟡 {title}", outline);
    }

    [Theory]
    [InlineData("{{ facts 'severity' 'sevrity' }}", "facts: 'sevrity' is not one of status, changes, severity")]
    [InlineData("{{ 'x' | fold 'many' }}", "fold needs a number of lines")]
    public void Render_WrongArgument_IsAnErrorThatNamesIt(string template, string message) =>
        Assert.Contains(message, Render(template, Created).Error!.Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("a\nb\nc", "a⏎b⏎c")]
    [InlineData("a\nb\nc\nd", "a⏎b⏎c … {->https://e.com/|more in Qase}")]
    [InlineData("a\n\n\n\nd", "a … {->https://e.com/|more in Qase}")]
    public void Fold_Lines_KeepsTheFirstAndLinksToTheRest(string text, string shown) =>
        Assert.Equal("p " + shown, Outline("{{ defect.actual_result | fold 3 'https://e.com/' }}", Created with { ActualResult = text }));

    [Fact]
    public void Fold_LongLine_CountsAsSeveral()
    {
        var outline = Outline("{{ defect.actual_result | fold 2 }}", Created with { ActualResult = new string('x', 500) });

        Assert.Equal($"p {new string('x', 180)} …", outline);
    }

    [Fact]
    public void Fold_Markdown_KeepsItsStyles() => Assert.Equal(
        "p {b|a}⏎b …",
        Outline("{{ defect.actual_result | markdown | fold 2 }}", Created with { ActualResult = "**a**\nb\nc" }));

    private static string Outline(string template, DefectEvent defectEvent, Defect? defect = null, int repeats = 0)
    {
        var (outline, error) = Render(template, defectEvent, defect, repeats);
        Assert.Null(error);
        return outline;
    }

    private static (string Outline, RenderError? Error) Render(
        string template, DefectEvent defectEvent, Defect? defect = null, int repeats = 0)
    {
        using var folder = new TemplateFolder(($"{defectEvent.Name}.sbn", template));
        var capture = new DocumentCapture();
        var result = new MessageRenderer(folder.Load(), [capture], new QaseOptions(), new FakeTimeProvider()).Render(new RenderRequest
        {
            Event = defectEvent,
            Defect = defect,
            Repeats = repeats,
            ReceivedAt = Some.Moment,
            Platform = ChatPlatform.Slack,
        });
        return (Document.Outline.Of(capture.Document), result.Error);
    }
}
