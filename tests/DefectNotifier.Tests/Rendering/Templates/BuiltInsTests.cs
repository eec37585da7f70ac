using DefectNotifier.Events;
using DefectNotifier.Testing;
using DefectNotifier.Tests.Events;

namespace DefectNotifier.Tests.Rendering.Templates;

/// <summary>The functions that templates can and cannot call.</summary>
public sealed class BuiltInsTests
{
    private static readonly DefectEvent Event =
        Some.DefectEvent with { OccurredAt = new DateTimeOffset(2026, 1, 5, 10, 0, 0, TimeSpan.FromHours(1)) };

    [Theory]
    [InlineData("{{ event.time }}", "p {date|2026-01-05 09:00 UTC}")]
    [InlineData("{{ event.time | date }}", "p {date|2026-01-05 09:00 UTC}")]
    [InlineData("{{ event.time | date '' }}", "p {date|2026-01-05 09:00 UTC}")]
    [InlineData("{{ event.time | date 'dd MMM yyyy' }}", "p 05 Jan 2026")]
    [InlineData("{{ date event.time 'HH:mm' }}", "p 09:00")]
    [InlineData("{{ event.received_at | date 'yyyy-MM-dd HH:mm:ss' }}", "p 2026-03-14 15:09:26")]
    [InlineData("{{ 'at ' + (event.time | date) }}", "p at 2026-01-05 09:00 UTC")]
    [InlineData("{{ event.time | date | string.append '.' }}", "p 2026-01-05 09:00 UTC.")]
    [InlineData("{{ event.time | date | truncate 5 }}", "p 2026…")]
    [InlineData("{{ [event.time | date, 'x'] | array.join ' ' }}", "p 2026-01-05 09:00 UTC x")]
    [InlineData("{{ event.time | date | json }}", "p \"2026-01-05 09:00 UTC\"")]
    [InlineData("{{ 'no time' | date }}x", "p no timex")]
    [InlineData("{{ null | date }}x", "p x")]
    public void Render_Date_IsFormatted(string template, string outline) => Assert.Equal(outline, Rendered.Outline(template, Event));

    [Fact]
    public void Render_InvalidDateFormat_IsAnError()
    {
        var (_, error) = Rendered.TryOutline("a\n{{ event.time | date '%' }}", Event);

        Assert.Equal((2, "'%' is not a date format; use one like 'yyyy-MM-dd HH:mm'."), (error!.Line, error.Message));
    }

    [Theory]
    [InlineData("{{ 'abcdef' | truncate 4 }}", "p abc…")]
    [InlineData("{{ 'abc' | truncate 3 }}", "p abc")]
    [InlineData("{{ 'ab👩🏽‍💻cd' | truncate 6 }}", "p ab…")]
    [InlineData("{{ 12345 | truncate 3 }}", "p 12…")]
    [InlineData("{{ null | truncate 3 }}x", "p x")]
    [InlineData("{{ 'abc' | truncate 0 }}x", "p x")]
    [InlineData("{{ 'abc' | truncate (-5) }}x", "p x")]
    [InlineData("{{ 0 | plural 'file' 'files' }} {{ 1 | plural 'file' 'files' }} {{ 2 | plural 'file' 'files' }}", "p files file files")]
    [InlineData("{{ 'blocker' | severity_emoji }} {{ 'blocker' | severity_label }}", "p 🔴 Blocker")]
    [InlineData("{{ 'odd' | severity_emoji }} {{ 'odd' | severity_label }}", "p ⚪ odd")]
    [InlineData("{{ null | severity_emoji }} {{ null | severity_label }}", "p ⚪ Not set")]
    [InlineData("{{ 'a' | string.upcase }}{{ [1, 2] | array.size }}{{ 1.5 | math.ceil }}", "p A22")]
    [InlineData("{{ ['a', 'b'] }}", "p [\"a\", \"b\"]")]
    [InlineData("{{ true }} {{ 1.5 }} {{ 1000000 }}", "p true 1.5 1000000")]
    public void Render_Helper_GivesItsResult(string template, string outline) => Assert.Equal(outline, Rendered.Outline(template));

    [Theory]
    [InlineData("Major", "p major 🟡 Major")]
    [InlineData("S1 Urgent", "p S1 Urgent ⚪ S1 Urgent")]
    [InlineData("", "p ⚪ Not set")]
    public void Render_Severity_IsASlugOrTheTextOfTheWorkspace(string text, string outline) =>
        Assert.Equal(
            outline,
            Rendered.Outline("{{ defect.severity }} {{ defect.severity | severity_emoji }} {{ defect.severity | severity_label }}",
                Event with { Severity = Severity.Parse(text) }));

    [Theory]
    [InlineData("\"t\":\"a \\\"b\\\" <é> 👩\"", "{\"id\":73,\"t\":\"a \\\"b\\\" <é> \\uD83D\\uDC69\"}")]
    [InlineData("\"n\":null,\"b\":true,\"l\":[1,\"x\",{}]", "{\"id\":73,\"n\":null,\"b\":true,\"l\":[1,\"x\",{}]}")]
    [InlineData("\"a\":0.1,\"b\":1e300", "{\"id\":73,\"a\":0.1,\"b\":1E+300}")]
    [InlineData("\"a\":12345678901234567890", "{\"id\":73,\"a\":12345678901234567890}")]
    public void Render_Json_IsTheValueAsJson(string members, string json) =>
        Assert.Equal("code " + json, Rendered.Outline("```\n{{ payload | json }}\n```", Webhook.ReadPayload(members)));

    [Theory]
    [InlineData("0.1", "0.1")]
    [InlineData("1.10", "1.10")]
    [InlineData("12345678901234567890", "12345678901234567890")]
    [InlineData("1e300", "1E+300")]
    public void Render_NumberOfThePayload_KeepsItsDigits(string number, string shown) =>
        Assert.Equal("p " + shown, Rendered.Outline("{{ payload.n }}", Webhook.ReadPayload($"\"n\":{number}")));

    [Fact]
    public void Render_NumberOutOfRange_StillGivesAMessage() =>
        Assert.StartsWith("p ", Rendered.Outline("{{ payload.n }} {{ payload.n | json }}", Webhook.ReadPayload("\"n\":1e400")),
            StringComparison.Ordinal);

    [Theory]
    [InlineData("date.now")]
    [InlineData("'2026-01-01' | date.parse")]
    [InlineData("'6 * 7' | object.eval")]
    [InlineData("'{{ 6 * 7 }}' | object.eval_template")]
    [InlineData("defect | object.to_json")]
    [InlineData("'{}' | object.from_json")]
    [InlineData("'<b>' | html.strip")]
    [InlineData("include_join ['_footer'] ','")]
    [InlineData("event.time.utc_now")]
    [InlineData("event.time.now")]
    [InlineData("include 'defect.created.sbn'")]
    [InlineData("include '/etc/passwd'")]
    [InlineData("include '../secret'")]
    public void Render_ForbiddenFunction_CannotBeCalled(string expression)
    {
        var (outline, error) = Rendered.TryOutline("[{{ " + expression + " }}]");

        if (error is null) Assert.Equal("p []", outline);
        else Assert.Contains("note The template failed", outline, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{{ typo }}x", "p x")]
    [InlineData("{{ defect.typo }}x", "p x")]
    [InlineData("{{ defect.typo.more }}x", "p x")]
    [InlineData("{{ payload.a.b.c }}x", "p x")]
    [InlineData("{{ if typo }}a{{ else }}b{{ end }}", "p b")]
    [InlineData("{{ for x in payload.nothing }}a{{ end }}b", "p b")]
    public void Render_UnknownVariable_IsEmpty(string template, string outline) => Assert.Equal(outline, Rendered.Outline(template));
}
