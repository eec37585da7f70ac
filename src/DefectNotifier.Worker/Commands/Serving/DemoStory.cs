using System.Globalization;

namespace DefectNotifier.Worker.Commands.Serving;

/// <summary>The webhooks that the demo sends: the life of one defect, as Qase reports it.</summary>
/// <param name="Event">The event's name.</param>
/// <param name="What">What happens, for the reader.</param>
/// <param name="Body">The webhook.</param>
internal sealed record DemoStory(string Event, string What, string Body)
{
    /// <param name="now">When the last event happens.</param>
    public static IReadOnlyList<DemoStory> Of(DateTimeOffset now) =>
    [
        new DemoStory(
            "defect.created",
            "A test run finds a defect.",
            Webhook("defect.created", now.AddMinutes(-95), member: 40,
                """
                {"id":97,"title":"Checkout total ignores the voucher","severity":"major","status":"open",
                "actual_result":"The voucher SPRING is accepted, but the total stays at 49.90 EUR.\nExpected: 39.92 EUR."}
                """)),
        new DemoStory("defect.updated", "It is edited.", Webhook("defect.updated", now.AddMinutes(-60), member: 41, """{"id":97}""")),
        new DemoStory("defect.resolved", "It is fixed.", Webhook("defect.resolved", now.AddMinutes(-5), member: 41, """{"id":97}""")),
        new DemoStory("defect.deleted", "It is deleted in Qase.", Webhook("defect.deleted", now, member: 40, """{"id":97}""")),
    ];

    private static string Webhook(string name, DateTimeOffset at, int member, string payload)
    {
        var second = at.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        return $$"""
            {"event_name":"{{name}}","timestamp":{{second}},"payload":{{payload}},"team_member_id":{{member}},"project_code":"WEB"}
            """;
    }
}
