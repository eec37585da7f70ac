using DefectNotifier.Events;
using DefectNotifier.Testing;

namespace DefectNotifier.Tests.Rendering;

/// <summary>Events of a defect that has other events too.</summary>
internal static class DefectTimelines
{
    private static readonly byte[] CreatedBody = Payloads.Read("defect/created.json");

    private static readonly DefectEvent Created = WebhookParser.Parse(CreatedBody, "").Event!;

    private static readonly Dictionary<string, DefectEvent[]> Timelines = new(StringComparer.Ordinal)
    {
        ["created-then-resolved"] = [Created, Later("resolved", 185)],
        ["created-then-deleted"] = [Created, Later("deleted", 30) with { TeamMemberId = 0 }],
        ["created-then-invalid"] = [Created, Later("updated", 30) with { Status = "invalid" }],
        ["created-then-in-progress"] =
            [Created, Later("updated", 30) with { Title = "Renamed by <b>somebody</b>", Status = "in_progress" }],
        ["resolved-of-known"] = [Later("resolved", 3120), Created],
        ["resolved-of-unknown"] = [Later("resolved", 3120)],
        ["updated-of-known"] = [Later("updated", 1), Created],
        ["updated-of-resolved"] = [Later("updated", 1), Created, Later("resolved", 2) with { TeamMemberId = 0 }],
        ["deleted-of-known"] = [Later("deleted", 5), Created],
        ["deleted-of-resolved"] = [Later("deleted", 500), Created, Later("resolved", 3)],
        ["reopened-of-known"] = [Later("reopened", 5), Created],
    };

    public static IEnumerable<string> Names => Timelines.Keys;

    /// <summary>The first event of the timeline, with the defect after all events.</summary>
    public static (DefectEvent Event, Defect Defect) Read(string name)
    {
        var events = Timelines[name];
        var defect = events.Select((one, i) => (one, i)).Aggregate(
            default(Defect), (before, next) =>
                Defect.After(before, next.one, $"event-{next.i}", Some.Moment, next.one.Name == Created.Name ? CreatedBody
                : ReadOnlyMemory<byte>.Empty));
        return (events[0], defect!);
    }

    private static DefectEvent Later(string action, int minutes) =>
        WebhookParser.Parse(Payloads.Read("defect/resolved.json"), "").Event! with
        {
            Name = "defect." + action,
            OccurredAt = Created.OccurredAt!.Value.AddMinutes(minutes),
            ProjectCode = Created.ProjectCode,
            SubjectId = Created.SubjectId,
        };
}
