using System.Text.Json;
using DefectNotifier.Events;
using DefectNotifier.Outbox.Contract;
using DefectNotifier.Outbox.Rules;

namespace DefectNotifier.Rendering.Templates;

/// <summary>
/// A digest of sample defects, always the same for a number of events: three projects, all severities, some titles far more often than
/// others, and every seventh defect resolved.
/// </summary>
public static class SampleDigest
{
    private const string Defects = "defect.created";

    private static readonly string[] Projects = ["WEB", "WEB", "SHOP", "WEB", "API", "SHOP"];

    private static readonly string[] Areas =
        ["Checkout", "Login", "Search", "Basket", "Profile", "Invoices", "Voucher", "Newsletter", "Address book", "Order history"];

    private static readonly string[] Failures =
    [
        "timeout after 30 s", "the page stays empty", "a total is wrong by one cent", "the button does nothing",
        "HTTP 500 from the gateway", "the date is shown in the wrong time zone", "text overlaps on small screens",
    ];

    private static readonly Severity[] Severities =
    [
        Severity.Blocker, Severity.Normal, Severity.Major, Severity.Normal, Severity.Critical, Severity.Minor, Severity.Major,
        Severity.Undefined, Severity.Normal, Severity.Critical, Severity.Trivial, Severity.Normal, Severity.Minor,
    ];

    /// <summary>The event that its message is about.</summary>
    public static DefectEvent Event { get; } = new()
    {
        Source = "",
        Name = OwnEvents.Digest,
        OccurredAt = new DateTimeOffset(2026, 3, 14, 15, 9, 26, TimeSpan.Zero),
        Payload = JsonElement.Parse("""{"destination":"web-qa"}"""u8),
    };

    /// <param name="events">The number of events, at least 1.</param>
    /// <param name="until">When the last one arrived.</param>
    public static DigestContents Of(int events, DateTimeOffset until)
    {
        var since = until - TimeSpan.FromMinutes(5);
        var grouping = new DigestGrouping(new Digest(0, "", DigestCause.Storm) { Since = since, Count = events });
        for (var number = 1; number <= events; number++)
        {
            var at = since + ((until - since) * number / events);
            // Large digests also have events that are not about a defect.
            var isOther = number % 50 == 0;
            grouping.Add(
                new DigestMember("", isOther ? "run.completed" : Defects, Projects[number % Projects.Length], number, at),
                key => DefectOf(key, number, at));
        }

        return grouping.Build();
    }

    // Every second defect has one of a few titles.
    private static Defect DefectOf(DefectKey key, int number, DateTimeOffset at)
    {
        var kind = (number % 2 == 0 ? (number / 2 % 5) + 3 : number) % (Areas.Length * Failures.Length);
        var created = new DefectEvent
        {
            Source = "",
            Name = Defects,
            ProjectCode = key.ProjectCode,
            SubjectId = key.Id,
            Title = $"{Areas[kind % Areas.Length]}: {Failures[kind % Failures.Length]}",
            Severity = Severities[kind % Severities.Length],
            Status = number % 7 == 0 ? DefectStatus.Resolved : DefectStatus.Open,
            OccurredAt = at,
            Payload = default,
        };
        return Defect.After(before: null, created, eventId: "", at, body: default);
    }
}
