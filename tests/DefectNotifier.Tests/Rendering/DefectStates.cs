using DefectNotifier.Events;
using DefectNotifier.Testing;

namespace DefectNotifier.Tests.Rendering;

/// <summary>A defect in each of its states, for the message of one of its events.</summary>
internal static class DefectStates
{
    public static readonly IReadOnlyList<string> Names = ["new", "updated", "in progress", "resolved", "reopened", "deleted", "invalid"];

    public static readonly IReadOnlyDictionary<long, string> People =
        new Dictionary<long, string> { [40] = "Anna Ito", [77] = "Ben Okafor" };

    private static readonly DateTimeOffset Start = Some.Moment;

    /// <summary>
    /// The event and its defect, which has reached the state afterwards. When little is known, the webhooks have no more than ids, and
    /// Qase's API was never asked.
    /// </summary>
    public static (DefectEvent Event, Defect Defect) Read(string action, string state, bool isKnown)
    {
        var created = Event("created", 0, 40, isKnown);
        var rendered = action == "created" ? created : Event(action, 185, 77, isKnown);
        Defect? defect = null;
        if (isKnown) Add(created);
        if (isKnown && state == "reopened" && action == "updated") Add(Event("resolved", 60, 77, isKnown));
        if (!isKnown || action != "created") Add(rendered);
        if (ActionOf(state) is { } later && later != action) Add(Event(later, 240, 77, isKnown));
        if (isKnown && DetailsOf(state) is { } details) defect = defect!.With(details);
        return (rendered, defect!);

        void Add(DefectEvent one) => defect = Defect.After(defect, one, one.Name, Start, BodyOf(one));

        ReadOnlyMemory<byte> BodyOf(DefectEvent one) => one == created && isKnown ? CreatedBody : default;
    }

    private static readonly byte[] CreatedBody =
        """
        {
          "event_name": "defect.created",
          "timestamp": 1767603600,
          "payload": {
            "id": 42,
            "title": "Checkout total ignores the voucher",
            "severity": "major",
            "actual_result": "The voucher **SPRING** is accepted, but the total stays at `49.90 EUR`.\n\n- in Firefox\n- in Safari",
            "case_id": 17,
            "step": 3,
            "attachments": [
              { "filename": "checkout.png", "url": "https://example.com/checkout.png", "mime": "image/png", "size": 48213 },
              { "filename": "server.log", "url": "https://example.com/server.log", "mime": "text/plain", "size": 1024 }
            ]
          },
          "team_member_id": 40,
          "project_code": "WEB"
        }
        """u8.ToArray();

    private static readonly DefectEvent Created = WebhookParser.Parse(CreatedBody, "").Event!;

    private static readonly DefectEvent Sparse =
        WebhookParser.Parse("""{"event_name":"defect.updated","payload":{"id":42},"project_code":"WEB"}"""u8.ToArray(), "").Event!;

    private static DefectEvent Event(string action, int minutes, long by, bool isKnown) =>
        isKnown && action == "created" ? Created : Sparse with
        {
            Name = "defect." + action,
            OccurredAt = Created.OccurredAt!.Value.AddMinutes(minutes),
            TeamMemberId = isKnown ? by : null,
        };

    private static string? ActionOf(string state) => state switch
    {
        "new" => null,
        "resolved" or "deleted" => state,
        _ => "updated",
    };

    private static DefectDetails? DetailsOf(string state) => state switch
    {
        "updated" => Details(null) with { Title = "Checkout total ignores every voucher", Severity = Severity.Critical },
        "in progress" => Details(DefectStatus.InProgress),
        "reopened" => Details(DefectStatus.Open),
        "invalid" => Details(DefectStatus.Invalid),
        _ => null,
    };

    private static DefectDetails Details(string? status)
    {
        var at = Created.OccurredAt!.Value.AddMinutes(241);
        return new DefectDetails { Status = status, UpdatedAt = at, AskedAt = at, Attachments = Created.Attachments };
    }
}
