using DefectNotifier.Events;

namespace DefectNotifier.Rendering.Values;

/// <summary>What messages need to know of Qase: the addresses of its pages, and how long a message waits for its API.</summary>
public sealed record QaseOptions
{
    /// <summary>
    /// The address of a defect's page, with the placeholders <c>{code}</c> and <c>{id}</c>. Qase does not document this address;
    /// if it stops working, use that of the list.
    /// </summary>
    public string DefectUrl { get; init; } = "https://app.qase.io/defect/{code}/view/{id}";

    /// <summary>The address of the list of a project's defects, with the placeholder <c>{code}</c>.</summary>
    public string DefectListUrl { get; init; } = "https://app.qase.io/defect/{code}";

    /// <summary>
    /// The address of a test case, with the same placeholders. Qase does not document it either.
    /// </summary>
    public string CaseUrl { get; init; } = "https://app.qase.io/case/{code}-{id}";

    /// <summary>The address of a test run, with the same placeholders, as Qase's own reporters write it.</summary>
    public string RunUrl { get; init; } = "https://app.qase.io/run/{code}/dashboard/{id}";

    /// <summary>
    /// How long after the arrival of its event a message that can't be changed later waits at most for what Qase's API is being asked;
    /// default 3 s, 0: it does not wait.
    /// </summary>
    public TimeSpan WaitFor { get; init; } = TimeSpan.FromSeconds(3);

    /// <summary>The address of the event's defect; null when it is deleted or its project code cannot be part of an address.</summary>
    internal string? UrlOf(DefectEvent defectEvent) => defectEvent is { IsDefect: true, SubjectId: { } id }
        ? UrlOf(defectEvent.ProjectCode, id, defectEvent.Status)
        : null;

    /// <summary>The address of a defect; null when it is deleted or its project code cannot be part of an address.</summary>
    internal string? UrlOf(string? project, long id, string? status) =>
        status == DefectStatus.Deleted ? null : Fill(DefectUrl, project, id);

    /// <summary>The address of the list of a project's defects, as one that a message may link to.</summary>
    internal string? ListLinkOf(string? project) => SafeUrl.TryCreate(Fill(DefectListUrl, project, id: 0), out var url) ? url : null;

    /// <summary>The same as an address that a message may link to.</summary>
    internal string? LinkOf(DefectEvent defectEvent) => SafeUrl.TryCreate(UrlOf(defectEvent), out var url) ? url : null;

    /// <summary>The address of the event's test case; null when it has none.</summary>
    internal string? CaseLinkOf(DefectEvent defectEvent) =>
        defectEvent.CaseId is { } id && SafeUrl.TryCreate(Fill(CaseUrl, defectEvent.ProjectCode, id), out var url) ? url : null;

    /// <summary>The address of the run that the event is about.</summary>
    internal string? RunLinkOf(DefectEvent defectEvent) =>
        defectEvent.SubjectId is { } id && SafeUrl.TryCreate(Fill(RunUrl, defectEvent.ProjectCode, id), out var url) ? url : null;

    private static string? Fill(string pattern, string? project, long id) => project is not null && SafeUrl.EncodePart(project) is { } code
        ? pattern.Replace("{code}", code, StringComparison.Ordinal).Replace("{id}", id.ToString(), StringComparison.Ordinal)
        : null;
}
