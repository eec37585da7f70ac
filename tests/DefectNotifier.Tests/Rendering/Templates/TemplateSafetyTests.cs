using System.Text;
using DefectNotifier.Events;
using DefectNotifier.Testing;

namespace DefectNotifier.Tests.Rendering.Templates;

/// <summary>
/// A template that exceeds a limit or changes shared values is stopped and reported; its message and other renderings are not
/// lost.
/// </summary>
public sealed class TemplateSafetyTests
{
    [Theory]
    [InlineData("{{ while true }}{{ end }}")]
    [InlineData("{{ while true }}a{{ end }}")]
    [InlineData("{{ for a in 1..100 }}{{ for b in 1..100 }}a{{ end }}{{ end }}")]
    [InlineData("{{ func f }}{{ f }}{{ end }}{{ f }}")]
    [InlineData("{{ include 'default' }}")]
    [InlineData("{{ 'x' * 2000000000 }}")]
    [InlineData("{{ 'x' | string.pad_left 2000000000 }}")]
    [InlineData("{{ x = 'xxxxxxxxxx'; for i in 1..200; x = x * 10; end; x }}")]
    [InlineData("{{ for i in 1..1000 }}{{ 'x' | string.pad_left 1000 }}{{ end }}")]
    [InlineData("{{ (1..2000000000) | array.join '' }}")]
    [InlineData("{{ 1 << 2000000000 }}")]
    [InlineData("{{ 'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!' | regex.match '^(a+)+$' }}")]
    [InlineData("{{ a = {}; a.self = a; a | json }}")]
    [InlineData("{{ a = {}; a.self = a; a }}")]
    [InlineData("{{ a = []; a[0] = a; a }}")]
    [InlineData("{{ for i in 1..999 }}>{{ end }} a")]
    [InlineData("{{ defect.title = 'hacked' }}")]
    [InlineData("{{ payload.title = 'hacked' }}")]
    [InlineData("{{ string.upcase = 1 }}")]
    [InlineData("{{ math.pi = 3 }}")]
    [InlineData("{{ nosuchfunction 1 }}")]
    [InlineData("{{ include }}")]
    [InlineData("{{ include 'nosuch' }}")]
    public void Render_HarmfulTemplate_GivesThePlainMessage(string template)
    {
        var (outline, error) = Rendered.TryOutline(template, time: TimeProvider.System);

        Assert.NotNull(error);
        Assert.Equal("default.sbn", error.Template);
        Assert.NotEmpty(error.Message);
        Assert.StartsWith("h1 custom.event 73 · WEB\np Checkout ignores the coupon\n", outline, StringComparison.Ordinal);
        Assert.Contains("note The template failed, so this is the plain message. default.sbn", outline, StringComparison.Ordinal);
    }

    [Fact]
    public void Render_TooMuchLiteralText_GivesThePlainMessage()
    {
        var (_, error) = Rendered.TryOutline("{{ for i in 1..1000 }}" + new string('x', 300) + "{{ end }}");

        Assert.NotNull(error);
    }

    [Fact]
    public void Render_Timeout_GivesThePlainMessage()
    {
        using var folder = new TemplateFolder(("default.sbn", "{{ for i in 1..900; x = i; end }}late"));

        var (outline, error) = Rendered.By(folder.Load(), Some.DefectEvent with { Name = "x.y" }, time: new ExpiringTime());

        Assert.NotNull(error);
        Assert.Contains("note The template failed", outline, StringComparison.Ordinal);
    }

    [Fact]
    public void Render_FirstTimeout_IsTriedAgain()
    {
        using var folder = new TemplateFolder(("default.sbn", "{{ for i in 1..900; x = i; end }}in time"));

        var (outline, error) = Rendered.By(
            folder.Load(), Some.DefectEvent with { Name = "x.y" }, time: new ExpiringTime(expiringTimers: 1));

        Assert.Null(error);
        Assert.Equal("p in time", outline);
    }

    [Theory]
    [InlineData("{{ defect = { title: 'hacked' } }}{{ defect.title }}", "p hacked")]
    [InlineData("{{ string = 1 }}{{ string }}", "p 1")]
    [InlineData("{{ date = 1 }}{{ severity_label = 2 }}{{ include = 3 }}{{ x = 4 }}a", "p a")]
    [InlineData("{{ readonly defect }}{{ import payload }}{{ title }}", "p Checkout ignores the coupon")]
    [InlineData("{{ func upcase(x); ret 'mine'; end; upcase 'a' }}", "p mine")]
    public void Render_TemplateThatAssigns_ChangesOnlyItsOwnRendering(string template, string outline)
    {
        using var folder = new TemplateFolder(
            ("default.sbn", template),
            ("x.second.sbn", "{{ defect.title }} {{ 'a' | string.upcase }} {{ 'major' | severity_label }} {{ include '_footer' }}{{ x }}"),
            ("_footer.sbn", "{{ event.time | date 'yyyy' }}"));
        var store = folder.Load();

        Assert.Equal((outline, null), Rendered.By(store, Some.DefectEvent with { Name = "x.first" }));
        Assert.Equal(("p Checkout ignores the coupon A Major 2026", null), Rendered.By(store, Some.DefectEvent with { Name = "x.second" }));
    }

    [Theory]
    [InlineData("{{ $x = 'left'; x = 'left'; for y in [1, 2]; z = y; end; capture c }}left{{ end }}", true)]
    [InlineData("{{ func f; x = 'left'; ret 'left'; end; f }}", true)]
    [InlineData("{{ for y in [1]; x = 'left'; ret; end }}", true)]
    [InlineData("{{ with { x: 'left' }; z = 'left'; ret; end }}", true)]
    [InlineData("{{ case 1; when 1; x = 'left'; ret; end }}", true)]
    [InlineData("{{ include '_args' 'left' }}", true)]
    [InlineData("{{ import { x: 'left' } }}", true)]
    [InlineData("{{ break }}", false)]
    [InlineData("  {{ 'left' }}\n", true)]
    [InlineData("{{ for y in 1..3; x = y; nosuchfunction 1; end }}", false)]
    [InlineData("{{ capture c }}left{{ nosuchfunction 1 }}{{ end }}", false)]
    [InlineData("{{ func f; x = 'left'; nosuchfunction 1; end; f }}", false)]
    [InlineData("{{ with { x: 'left' }; nosuchfunction 1; end }}", false)]
    [InlineData("{{ x = 'left'; include '_fails' 'left' }}", false)]
    [InlineData("{{ x = 'left'; while true; end }}", false)]
    public void Render_AfterAnotherTemplate_HasNoneOfItsVariables(string template, bool isValid)
    {
        using var folder = new TemplateFolder(
            ("x.first.sbn", "a " + template),
            ("x.second.sbn", "-{{ x }}{{ $x }}{{ y }}{{ z }}{{ c }}{{ f }}{{ $1 }}{{ include '_args' }}{{ for.index }}-\n  {{ 'a' }}"),
            ("_args.sbn", "{{ $1 }}{{ x = $1 }}"),
            ("_fails.sbn", "{{ x = $1 }}{{ nosuchfunction 1 }}"));
        var store = folder.Load();

        for (var time = 0; time < 3; time++)
        {
            Assert.Equal(isValid, Rendered.By(store, Some.DefectEvent with { Name = "x.first" }).Error is null);
            Assert.Equal(("p --⏎a", null), Rendered.By(store, Some.DefectEvent with { Name = "x.second" }));
        }
    }

    [Fact]
    public void Render_SeveralTimes_EachRenderingHasItsOwnLimits()
    {
        using var folder =
            new TemplateFolder(("default.sbn", "{{ for i in 1..900 }}" + new string('x', 150)
            + "{{ end }}{{ defect.title | string.pad_left 90000 }}"));
        var store = folder.Load();

        for (var time = 0; time < 3; time++) Assert.Null(Rendered.By(store, Some.DefectEvent with { Name = "x.y" }).Error);
    }

    [Fact]
    public void Render_ConcurrentlyWithFailures_DoesNotMixValues()
    {
        using var folder = new TemplateFolder(
            ("default.sbn", "{{ x = defect.title; for y in 1..5; z = y; end }}{{ x }} {{ include '_a' }}"),
            ("x.fails.sbn", "{{ x = defect.title; for y in 1..5; capture c }}{{ x }}{{ include '_a' }}{{ nosuchfunction 1; end; end }}"),
            ("_a.sbn", "{{ defect.title }}"));
        var store = folder.Load();

        Parallel.For(0, 500, number =>
        {
            var (outline, error) = Rendered.By(store,
                Some.DefectEvent with { Name = number % 3 == 0 ? "x.fails" : "x.y", Title = number.ToString() });

            Assert.Equal(number % 3 == 0, error is not null);
            Assert.Contains(number % 3 == 0 ? $"p {number}\n" : $"p {number} {number}", outline, StringComparison.Ordinal);
        });
    }

    // Found by random programs: writing such a value into an error message of Scriban overflowed the stack and ended the process.
    [Theory]
    [InlineData("{{ c = {}; c.x = c; math.format c 'x' }}")]
    [InlineData("{{ c = {}; c.x = [c]; c | math.format 'x' }}")]
    [InlineData("{{ c = [1]; c[0] = c; math.format c 'x' }}")]
    [InlineData("{{ c = {}; d = { c: c }; c.d = d; math.format d 'x' }}")]
    [InlineData("{{ a = this; math.format this 'x' }}")]
    [InlineData("{{ for a in [this]; math.format this 'x'; end }}")]
    [InlineData("{{ c = {}; with c; for y in [c]; math.format c 'x'; end; end }}")]
    [InlineData("{{ func f(a); math.format $ 'x'; end; c = []; c[0] = c; f c }}")]
    [InlineData("{{ a = [1]; for i in 1..60; a = [a, a]; end; math.format a 'x' }}")]
    [InlineData("{{ func g(a, n); if n > 0; g [a, a] (n - 1); else; math.format a 'x'; end; end; g 1 40 }}")]
    [InlineData("{{ math.format (1..2000000000) 'x' }}")]
    [InlineData("{{ [1..2000000000] | math.format 'x' }}")]
    [InlineData("{{ c = {}; c.x = c; 1 + c }}{{ -c }}{{ c[c] }}")]
    public void Render_ValueThatContainsItselfOrIsTooLarge_IsAnError(string template)
    {
        var (outline, error) = Rendered.TryOutline(template);

        Assert.NotNull(error);
        Assert.Contains("note The template failed", outline, StringComparison.Ordinal);
    }

    [Fact]
    public void Render_LargeValueOfTheEvent_IsNoError()
    {
        var numbers = string.Join(',', Enumerable.Range(0, 5_000));
        var deep = $"{new string('[', 40)}1{new string(']', 40)}";
        var body = $$"""{"event_name":"x.y","payload":{"list":[{{numbers}}],"deep":{{deep}} } }""";
        var defectEvent = WebhookParser.Parse(Encoding.UTF8.GetBytes(body), "").Event!;

        Assert.Equal("p 5000 1", Rendered.Outline("{{ a = payload.list; a.size }} {{ b = payload.deep; b.size }}", defectEvent));
    }

    [Fact]
    public void Render_Concurrently_DoesNotMixValues()
    {
        using var folder =
            new TemplateFolder(("default.sbn", "{{ x = defect.title }}{{ capture y }}**{{ x }}**{{ end }}{{ y }} {{ include '_a' }}"),
            ("_a.sbn", "{{ defect.title }}"));
        var store = folder.Load();

        Parallel.For(0, 500, number =>
            Assert.Equal(($"p {{b|{number}}} {number}", null),
            Rendered.By(store, Some.DefectEvent with { Name = "x.y", Title = number.ToString() })));
    }
}
