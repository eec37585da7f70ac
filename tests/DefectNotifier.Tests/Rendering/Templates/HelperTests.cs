using DefectNotifier.Events;
using DefectNotifier.Rendering;
using DefectNotifier.Rendering.Templates;
using DefectNotifier.Rendering.Values;
using DefectNotifier.Testing;
using DefectNotifier.Tests.Rendering.Document;
using DefectNotifier.Tests.Rendering.JsonTemplates;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace DefectNotifier.Tests.Rendering.Templates;

/// <summary>The helpers that use the settings, and those whose result is more than text.</summary>
public sealed class HelperTests
{
    private static readonly DefectEvent Event =
        Some.DefectEvent with { ProjectCode = "WEB", OccurredAt = new DateTimeOffset(2026, 7, 5, 22, 30, 0, TimeSpan.Zero) };

    [Theory]
    [InlineData("{{ event.time | date }}", "p {date|2026-07-06 00:30 UTC+02:00}")]
    [InlineData("{{ event.time | date 'dd.MM. HH:mm' }}", "p 06.07. 00:30")]
    [InlineData("{{ event.time | date 'HH:mm' 'America/New_York' }}", "p 18:30")]
    [InlineData("{{ event.time | date '' 'UTC' }}", "p 2026-07-05 22:30 UTC")]
    [InlineData("x {{ mention 'QA-LEAD' }}", "p x {@U012AB3CD|@QA lead}")]
    [InlineData("**{{ mention 'qa-team' }}** x", "p {b@S012AB3CD|@QA team} x")]
    [InlineData("x {{ mention defect.case_id }}", "p x")]
    [InlineData("x {{ link defect.url 'the *defect*' }}", "p x {->https://app.qase.io/defect/WEB/view/73|the *defect*}")]
    [InlineData("x {{ link 'https://e.com/a b' }}", "p x {->https://e.com/a%20b|https://e.com/a%20b}")]
    [InlineData("x {{ link 'javascript:x' 'y' }} {{ link 'javascript:x' }}", "p x y javascript:x")]
    [InlineData(
        "x {{ '**b** _i_ ~~s~~ `c` [l](https://e.com) ![p](javascript:x) <@U1> <b>' | markdown }}",
        "p x {b|b} {i|i} {s|s} {c|c} {->https://e.com/|l} (e.com) p <@U1> <b>")]
    [InlineData("> {{ \"# h\\n\\n- a\\n  1. b\\n- **c**\\n\\n```\\nd\\n```\" | markdown }}", "quote {b|h}⏎⏎• a⏎    1. b⏎• {b|c}⏎⏎{c|d}")]
    [InlineData("{{ 'https://e.com/a :tada:' }} {{ 'https://e.com/b, :tada:' | markdown }}",
        "p https://e.com/a :tada: {->https://e.com/b|https://e.com/b}, :tada:")]
    [InlineData(
        ":{{ 'tada' }}: {{ ':tada:' }} https://e.com/{{ 'a b' }}/c.",
        "p :tada: :tada: {->https://e.com/a%20b/c|https://e.com/a b/c}.")]
    [InlineData("{{ event.time | json }} {{ [event.time] | json }}", "p \"2026-07-05T22:30:00Z\" [\"2026-07-05T22:30:00Z\"]")]
    [InlineData("{{ x = { at: event.time } }}{{ x | json }}", "p {\"at\":\"2026-07-05T22:30:00Z\"}")]
    [InlineData(
        "{{ 'blocker' | severity_colour }} {{ 'minor' | severity_colour }} {{ null | severity_colour }}",
        "p #d92d20 #12b76a #98a2b3")]
    public void Render_Helper_GivesItsResult(string template, string outline) => Assert.Equal(outline, Render(template).Outline);

    [Theory]
    [InlineData("{{ event.time | date 'HH:mm' 'Europe/Nowhere' }}", "'Europe/Nowhere' is not a time zone")]
    [InlineData("{{ mention }}", "")]
    public void Render_WrongUseOfAHelper_IsAnError(string template, string message)
    {
        var (_, result) = Render(template);

        Assert.Contains(message, result.Error!.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Render_UnknownMention_IsTextAndAWarning()
    {
        var (outline, result) = Render("a\n{{ mention 'nobody' }}");

        Assert.Equal("p a⏎@nobody", outline);
        Assert.Null(result.Error);
        Assert.Equal(new RenderError("default.sbn", 2, 4,
            "mention 'nobody': Templates:Mentions has no 'nobody', so no one is notified."), Assert.Single(result.Warnings));
    }

    [Fact]
    public void Render_WithoutMentions_NotifiesNoOne() =>
        Assert.Equal("p @QA lead", Render("{{ mention 'qa-lead' }}", withoutMentions: true).Outline);

    [Fact]
    public void Render_DeeplyNestedMarkdownValue_IsItsText() =>
        Assert.StartsWith("p >>>", Render("{{ for i in 1..900 }}{{ x = (x ?? '') + '>' }}{{ end }}{{ x + ' a' | markdown }}").Outline,
            StringComparison.Ordinal);

    [Theory]
    [InlineData("'_a' includes itself: _a includes _b includes _a.", "{{ include '_a' }}", "{{ include '_b' }}", "x {{ include '_a' }}")]
    [InlineData(
        "'_b' includes itself: _a includes _b includes _b.",
        "{{ include '_a' }}",
        "{{ include '_b' }}",
        "{{ if true }}{{ include '_b' }}{{ end }}")]
    public void Render_IncludeCycle_IsAnError(string message, string template, string a, string b)
    {
        using var folder = new TemplateFolder(("default.sbn", template), ("_a.sbn", a), ("_b.sbn", b));

        var (_, error) = Rendered.By(folder.Load(), Event with { Name = "x.y" });

        Assert.Equal(("_b.sbn", message), (error!.Template, error.Message));
    }

    [Fact]
    public void Render_IncludeWithArguments_SeesThem()
    {
        using var folder = new TemplateFolder(("default.sbn", "{{ include '_a' 'x' }} {{ include '_a' 'y' }}"), ("_a.sbn", "**{{ $1 }}**"));

        Assert.Equal(("p {b|x} {b|y}", null), Rendered.By(folder.Load(), Event with { Name = "x.y" }));
    }

    private static (string Outline, RenderResult Result) Render(string template, bool withoutMentions = false)
    {
        using var folder = new TemplateFolder(("default.sbn", template));
        var capture = new DocumentCapture();
        var store = TemplateStore.Load(RenderedJson.Options with { Path = folder.Path }, NullLogger<TemplateStore>.Instance);
        var result = new MessageRenderer(store, [capture], new QaseOptions(), new FakeTimeProvider())
            .Render(new RenderRequest
            {
                Event = Event with { Name = "defect.y" },
                ReceivedAt = Event.OccurredAt!.Value,
                Platform =
                ChatPlatform.Slack,
                WithoutMentions = withoutMentions,
                TemplateSet = null
            });
        return (Outline.Of(capture.Document), result);
    }
}
