using DefectNotifier.Events;
using DefectNotifier.Rendering;
using DefectNotifier.Rendering.Document;
using DefectNotifier.Rendering.Templates;
using DefectNotifier.Rendering.Values;
using DefectNotifier.Testing;
using Microsoft.Extensions.Time.Testing;

namespace DefectNotifier.Tests.Rendering.Templates;

/// <summary>The values of a defect that come from its earlier events.</summary>
public sealed class DefectValuesTests
{
    private const string Template =
        "{{ defect.title ?? 'no title' }} {{ defect.severity ?? 'no severity' }} {{ defect.status ?? 'no status' }} "
            + """
            {{ defect.open_for ?? 'still' }}
            {{~ for entry in defect.history ~}}
            {{ entry.event }} {{ entry.time | date 'HH:mm' }} {{ entry.actor.name ?? entry.actor.id }};
            {{~ end ~}}
            """;

    private static readonly DefectEvent Created =
        Some.DefectEvent with { Name = "defect.created", OccurredAt = new DateTimeOffset(2026, 1, 5, 9, 0, 0, TimeSpan.Zero) };

    private static readonly DefectEvent Resolved =
        Created with
        {
            Name = "defect.resolved",
            Title = null,
            Severity = null,
            OccurredAt = Created.OccurredAt!.Value.AddHours(3),
            TeamMemberId = 0
        };

    [Fact]
    public void Render_UnknownDefect_ShowsTheEvent()
    {
        Assert.Equal("Checkout ignores the coupon major open still defect.created 09:00 418;", Render(Created, defect: null));
        Assert.Equal("no title no severity resolved still defect.resolved 12:00 automation;", Render(Resolved, defect: null));
    }

    [Fact]
    public void Render_KnownDefect_ShowsItsCurrentState() =>
        Assert.Equal("Checkout ignores the coupon major resolved 3 h defect.created 09:00 418; defect.resolved 12:00 automation;",
            Render(Created, ResolvedDefect()));

    [Theory]
    [InlineData("{{ defect.resolved_by.name }} {{ defect.opened_by.id }} {{ defect.deleted_by.id ?? 'nobody' }}", "automation 418 nobody")]
    [InlineData(
        "{{ defect.opened_at | date 'HH' }} {{ defect.resolved_at | date 'HH' }} {{ defect.deleted_at ?? 'never' }}",
        "09 12 never")]
    public void Render_PeopleAndTimes_AreShown(string template, string expected) =>
        Assert.Equal(expected, Render(Resolved, ResolvedDefect(), template));

    [Fact]
    public void Render_KnownNames_AreShownForEveryPerson()
    {
        const string Who =
            "{{ actor.name }}, {{ defect.opened_by.name ?? defect.opened_by.id }}, {{ defect.resolved_by.name }}, "
                + "{{ for entry in defect.history }}{{ entry.actor.name }} {{ end }}";

        Assert.Equal("automation, Rut <Olsen>, automation, Rut <Olsen> automation",
            Render(Resolved, ResolvedDefect(), Who, (418, "Rut <Olsen>"), (0, "nobody")));
        Assert.Equal(", 418, automation, automation", Render(Resolved with { TeamMemberId = 7 }, ResolvedDefect(), Who, (8, "Ole"))
            .Replace("  ", " ", StringComparison.Ordinal));
    }

    [Fact]
    public void Render_TemplateThatChangesTheDefect_Fails()
    {
        using var folder = new TemplateFolder(("defect.created.sbn", "{{ defect.history[0].event = 'x' }}{{ defect.history[0].event }}"));

        Assert.NotNull(Rendered.By(folder.Load(), Created).Error);
    }

    private static Defect ResolvedDefect() =>
        Defect.After(Defect.After(null, Created, "1", Some.Moment, default), Resolved, "2", Some.Moment, default);

    private static string Render(DefectEvent defectEvent, Defect? defect, string template = Template, params (long Id, string Name)[] names)
    {
        using var folder = new TemplateFolder(($"{defectEvent.Name}.sbn", template));
        var capture = new DocumentCapture();
        var renderer = new MessageRenderer(folder.Load(), [capture], new QaseOptions(), new FakeTimeProvider());
        var known = names.ToDictionary(one => one.Id, one => one.Name);
        Assert.Null(renderer.Render(new RenderRequest
        {
            Event = defectEvent,
            Defect = defect,
            Names = known,
            ReceivedAt = Some.Moment,
            Platform = ChatPlatform.Slack
        }).Error);
        var paragraph = Assert.IsType<ParagraphBlock>(Assert.Single(capture.Document.Blocks));
        return string.Concat(paragraph.Inlines.Select(inline => inline.Text)).Replace('\n', ' ').Trim();
    }
}
