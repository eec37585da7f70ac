using DefectNotifier.Events;
using DefectNotifier.Outbox.Contract;

namespace DefectNotifier.Outbox.Rules;

/// <summary>Builds the contents of a digest. A store adds the deliveries in their order in the digest.</summary>
/// <param name="digest">The digest.</param>
public sealed class DigestGrouping(Digest digest)
{
    private const int NoRank = int.MaxValue;

    private readonly List<DigestDefect> _defects = [];
    private readonly HashSet<DefectKey> _known = [];
    private int _events;
    private DateTimeOffset _until = digest.Since;

    /// <param name="member">The event of a delivery.</param>
    /// <param name="findDefect">What is stored of a defect; called once for each.</param>
    public void Add(DigestMember member, Func<DefectKey, Defect?> findDefect)
    {
        _events++;
        if (member.ReceivedAt > _until) _until = member.ReceivedAt;
        var key = DefectKey.Of(member.Source, member.EventName, member.ProjectCode, member.SubjectId);
        if (key is { } known && !_known.Add(known)) return;
        var defect = key is { } one ? findDefect(one) : null;
        _defects.Add(new DigestDefect(
            member.EventName,
            member.Source,
            member.ProjectCode,
            key?.Id,
            defect?.Title,
            defect?.Severity,
            defect?.Status,
            defect?.IsClosed == true));
    }

    public DigestContents Build(SilenceNote? silence = null)
    {
        // The sort is stable: equal groups stay in the order of addition, so that every rendering is the same.
        var groups = _defects.GroupBy(KeyOf).Select(GroupOf)
            .OrderBy(group => group.IsClosed).ThenBy(group => RankOf(group.Severity)).ThenByDescending(group => group.Count)
            .ToList();
        var projects = _defects.GroupBy(defect => (defect.Source, Project: defect.ProjectCode?.ToUpperInvariant()))
            .Select(project => new DigestProject(project.Key.Source, project.First().ProjectCode, project.Count()))
            .OrderByDescending(project => project.Count).ToList();
        // The number of defects per group, so that a large group leaves room for others.
        var share = 1;
        while (share < DigestContents.MaxDefects && groups.Sum(group => Math.Min(group.Count, share + 1)) <= DigestContents.MaxDefects)
            share++;
        return new DigestContents
        {
            Cause = digest.Cause,
            Silence = silence,
            Events = _events,
            Count = _defects.Count,
            WithoutDefect = _defects.Count(defect => defect.Id is null),
            Since = digest.Since,
            Until = _until,
            Groups = [.. groups.Take(DigestContents.MaxGroups)
                .Select(group => group with { Defects = [.. group.Defects.Take(DigestContents.MaxGroupDefects)] })],
            OtherCount = groups.Skip(DigestContents.MaxGroups).Sum(group => group.Count),
            Severities = [.. _defects.Where(defect => defect.Id is not null)
                .GroupBy(defect => RankOf(defect.Severity))
                .OrderBy(severity => severity.Key)
                .Select(severity => new DigestSeverity(
                    severity.Select(defect => defect.Severity ?? Severity.Undefined).Distinct().ToList() is [var one] ? one : null,
                    severity.Count(),
                    severity.Count(defect => defect.IsClosed)))],
            Projects = [.. projects.Take(DigestContents.MaxProjects)],
            ProjectCount = projects.Count,
            Defects = [.. groups.SelectMany(group => group.Defects.Take(share)).Take(DigestContents.MaxDefects)],
        };
    }

    // Events without a defect are grouped by their names.
    private static (string Source, string? Project, string? Severity, bool IsDefect, string? Title) KeyOf(DigestDefect defect) => (
        defect.Source,
        defect.ProjectCode?.ToUpperInvariant(),
        defect.Severity?.Slug,
        defect.Id is not null,
        defect.Id is null ? defect.EventName : VisibleText.IsIn(defect.Title) ? defect.Title.Trim() : null);

    private static DigestGroup GroupOf(
        IGrouping<(string Source, string? Project, string? Severity, bool IsDefect, string? Title), DigestDefect> group)
    {
        var first = group.First();
        List<DigestDefect> defects = [.. group.OrderBy(defect => defect.IsClosed)];
        return new DigestGroup(
            first.Source,
            first.ProjectCode,
            first.Severity,
            group.Key.Title,
            defects.Count,
            defects.Count(defect => defect.IsClosed),
            defects);
    }

    private static int RankOf(Severity? severity) => severity?.Rank ?? NoRank;
}

/// <summary>The event of a delivery in a digest.</summary>
public sealed record DigestMember(string Source, string EventName, string? ProjectCode, long? SubjectId, DateTimeOffset ReceivedAt);
