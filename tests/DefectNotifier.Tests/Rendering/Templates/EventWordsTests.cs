using System.Text;
using DefectNotifier.Events;
using DefectNotifier.Rendering.Templates;
using DefectNotifier.Rendering.Values;

namespace DefectNotifier.Tests.Rendering.Templates;

public sealed class EventWordsTests
{
    [Theory]
    [InlineData("run.completed", """{"id":531,"cases":14,"passed":11,"failed":2,"blocked":1,"duration":734000}""",
        "Run 531 completed: 11 of 14 passed, 2 failed, 1 blocked")]
    [InlineData("run.aborted", """{"id":5,"cases":3,"passed":1,"untested":1,"skiped":1}""",
        "Run 5 aborted: 1 of 3 passed, 1 skipped, 1 untested")]
    [InlineData("run.completed", """{"id":533,"cases":0}""", "Run 533 completed")]
    [InlineData("run.started", """{"id":7,"title":"Nightly","cases_count":40}""", "Run 7 started: Nightly")]
    [InlineData("run.report_changed", """{"id":7,"visible":true}""", "Run 7 report changed")]
    [InlineData("case.created", """{"id":9,"title":"Guest can check out"}""", "Test case created: Guest can check out")]
    [InlineData("case.deleted", """{"id":9}""", "Test case 9 deleted")]
    [InlineData("shared_step.updated", """{"hash":"ab","title":"Log in"}""", "Shared step updated: Log in")]
    [InlineData("custom_field.created", """{"id":1,"title":"Owner"}""", "Custom field created: Owner")]
    [InlineData("review.commented", """{"id":4,"title":"Checkout","comment":"Why?"}""", "Review commented: Checkout")]
    [InlineData("review.approval_status_changed", """{"id":4}""", "Review 4 approval status changed")]
    [InlineData("defect.reopened", """{"id":4}""", "Defect 4 reopened")]
    [InlineData("load_test.has_ended", """{"id":4,"name":"Spike"}""", "Load test has ended: Spike")]
    [InlineData("ping", "{}", "Ping")]
    public void Summary_Event_IsASentence(string name, string payload, string summary) =>
        Assert.Equal(summary, EventWords.Summary(Read(name, payload)));

    [Theory]
    [InlineData("run.completed", "https://app.qase.io/run/WEB/dashboard/7")]
    [InlineData("case.created", "https://app.qase.io/case/WEB-7")]
    [InlineData("defect.reopened", "https://app.qase.io/defect/WEB/view/7")]
    [InlineData("plan.created", null)]
    [InlineData("defect.deleted", null)]
    [InlineData("run.deleted", null)]
    [InlineData("case.deleted", null)]
    public void UrlOf_Event_IsItsPage(string name, string? url) =>
        Assert.Equal(url, EventWords.UrlOf(Read(name, """{"id":7}"""), new QaseOptions()));

    [Fact]
    public void Fields_KnownFamily_AreOnlyWhatTheSummaryLacks() => Assert.Equal(
        [("Cases count", "40"), ("Environment", "staging")],
        EventWords.Fields(Read("run.started", """{"id":7,"cases_count":40,"duration":5,"environment":"staging","plan":{"id":1}}"""))
            .Select(field => (field.Label, field.Value.ToString()!)));

    [Fact]
    public void Fields_UnknownFamily_AreReadable()
    {
        const string Payload = """{"id":1,"is_final":true,"started_at":"2026-01-05T09:00:00Z","note":"\u200b"}""";

        var fields = EventWords.Fields(Read("thing.done", Payload));

        Assert.Equal(
            [("Is final", "yes"), ("Started at", new DateTimeOffset(2026, 1, 5, 9, 0, 0, TimeSpan.Zero))],
            fields.Select(field => (field.Label, field.Value)));
    }

    [Theory]
    [InlineData("run.completed", """{"id":1,"cases":2,"failed":1}""", "❌")]
    [InlineData("run.completed", """{"id":1,"cases":2,"failed":0}""", "🏁")]
    [InlineData("defect.reopened", """{"id":4}""", "🔄")]
    [InlineData("review.reopened", "{}", "🔄")]
    [InlineData("thing.done", "{}", "ℹ️")]
    public void Emoji_Event_FitsIt(string name, string payload, string emoji) => Assert.Equal(emoji, EventWords.Emoji(Read(name, payload)));

    private static DefectEvent Read(string name, string payload) => WebhookParser.Parse(
        Encoding.UTF8.GetBytes($$"""{"event_name":"{{name}}","project_code":"WEB","payload":{{payload}}}"""), "").Event!;
}
