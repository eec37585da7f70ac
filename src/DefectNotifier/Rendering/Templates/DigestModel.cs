using DefectNotifier.Outbox.Contract;
using DefectNotifier.Rendering.Values;
using Scriban.Runtime;
using static DefectNotifier.Rendering.Templates.TemplateModel;

namespace DefectNotifier.Rendering.Templates;

/// <summary>The value <c>digest</c> of a template. In every other message it has the same members, without values.</summary>
internal static class DigestModel
{
    public static ScriptObject Of(RenderRequest request, QaseOptions qase)
    {
        var digest = request.Digest;
        var page = digest is null ? [] : DigestWords.DefectsOf(digest, request.DigestPage);
        return ReadOnly(
            ("heading", Text(digest is null ? null : DigestWords.Heading(digest))),
            ("count", digest?.Count),
            ("closed_count", digest?.Severities.Sum(severity => severity.ClosedCount)),
            ("events", digest?.Events),
            ("since", digest?.Since),
            ("until", digest?.Until),
            ("oldest_wait", digest is null ? null : WaitOf(digest, request.ReceivedAt)),
            ("cause", digest is null ? null : DigestWords.Cause(digest.Cause)),
            ("silence", ReadOnly(("by", Text(digest?.Silence?.By)), ("why", Text(digest?.Silence?.Why)))),
            ("severities", ReadOnly((digest?.Severities ?? []).Select(severity => (object?)ReadOnly(
                ("severity", SeverityOf(severity.Severity)),
                ("label", severity.Severity?.Label ?? "Other"),
                ("count", severity.Count),
                ("closed_count", severity.ClosedCount))))),
            ("groups", ReadOnly((digest?.Groups ?? []).Select(group => (object?)Group(group, qase)))),
            ("other_count", digest?.OtherCount),
            ("projects", ReadOnly((digest?.Projects ?? []).Select(project => (object?)ReadOnly(
                ("code", Text(DigestWords.CodeOf(project.ProjectCode))),
                ("count", project.Count),
                ("url", qase.ListLinkOf(project.ProjectCode)))))),
            ("project_count", digest?.ProjectCount),
            ("defects", ReadOnly(page.Select(defect => (object?)Defect(defect, qase)))),
            ("page", digest is null ? null : request.DigestPage),
            ("pages", digest?.Replies),
            ("first", page.Count == 0 ? null : ((request.DigestPage - 1) * DigestContents.ReplySize) + 1),
            ("last", page.Count == 0 ? null : ((request.DigestPage - 1) * DigestContents.ReplySize) + page.Count));
    }

    private static ScriptObject Group(DigestGroup group, QaseOptions qase) => ReadOnly(
        ("project", Text(DigestWords.CodeOf(group.ProjectCode))),
        ("severity", SeverityOf(group.Severity)),
        ("title", Text(group.Title)),
        ("emoji", DigestWords.Emoji(group)),
        ("label", Text(DigestWords.Label(group))),
        ("count", group.Count),
        ("closed_count", group.ClosedCount),
        ("is_closed", group.IsClosed),
        ("more_count", group.Count - group.Defects.Count),
        ("defects", ReadOnly(group.Defects.Where(defect => defect.Id is not null).Select(defect => (object?)Defect(defect, qase)))),
        ("url", qase.ListLinkOf(group.ProjectCode)));

    private static ScriptObject Defect(DigestDefect defect, QaseOptions qase) => ReadOnly(
        ("id", defect.Id),
        ("project", Text(DigestWords.CodeOf(defect.ProjectCode))),
        ("number", Text(DigestWords.NumberOf(defect))),
        ("title", Text(defect.Title)),
        ("emoji", DigestWords.Emoji(defect)),
        ("label", Text(DigestWords.Label(defect))),
        ("severity", SeverityOf(defect.Severity)),
        ("status", Text(defect.Status)),
        ("is_closed", defect.IsClosed),
        ("url", defect.Id is { } id ? qase.UrlOf(defect.ProjectCode, id, defect.Status) : null));

    // Up to the creation of the digest, not to now: every rendering is the same.
    private static string? WaitOf(DigestContents digest, DateTimeOffset madeAt) =>
        madeAt - digest.Since is { TotalMinutes: >= 1 } wait ? TimeText.Duration(wait) : null;
}
