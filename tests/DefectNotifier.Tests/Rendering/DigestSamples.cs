using DefectNotifier.Events;
using DefectNotifier.Outbox.Contract;
using DefectNotifier.Outbox.Rules;
using DefectNotifier.Testing;

namespace DefectNotifier.Tests.Rendering;

/// <summary>Events of a digest, and what it shows of them.</summary>
internal static class DigestSamples
{
    public static DigestEvent One(
        long id, string? title, string? severity = null, string? status = null, string? project = "WEB", string source = "")
    {
        var created = new DefectEvent
        {
            Source = source,
            Name = "defect.created",
            ProjectCode = project,
            SubjectId = id,
            Title = title,
            Severity = Severity.Parse(severity),
            Status = status,
            Payload = default,
        };
        return new DigestEvent(
            new DigestMember(source, created.Name, project, id, Some.Moment),
            Defect.After(before: null, created, eventId: "", Some.Moment, body: default));
    }

    public static DigestEvent Other(string name, string? project = "WEB") =>
        new(new DigestMember("", name, project, SubjectId: 5, Some.Moment), Defect: null);

    public static DigestContents Of(params IEnumerable<DigestEvent> events)
    {
        var grouping = new DigestGrouping(new Digest(1, "web-qa", DigestCause.Storm) { Since = Some.Moment.AddMinutes(-3) });
        foreach (var (member, defect) in events) grouping.Add(member, _ => defect);
        return grouping.Build();
    }
}

/// <summary>An event of a digest, and what is stored of its defect.</summary>
internal sealed record DigestEvent(DigestMember Member, Defect? Defect);
