namespace DefectNotifier.Events;

/// <summary>Which defect: Qase numbers them within a project, and two endpoints may serve workspaces that share a project code.</summary>
public readonly record struct DefectKey
{
    public DefectKey(string source, string? projectCode, long id)
    {
        Source = source;
        ProjectCode = projectCode?.ToUpperInvariant() ?? "";
        Id = id;
    }

    /// <summary>The endpoint, as in <see cref="DefectEvent.Source"/>.</summary>
    public string Source { get; }

    /// <summary>In capitals, because project codes are compared without regard to case; empty when none was told.</summary>
    public string ProjectCode { get; }

    public long Id { get; }

    /// <summary>Null for the events of other families, and without an id.</summary>
    public static DefectKey? Of(string source, string eventName, string? projectCode, long? subjectId) =>
        subjectId is { } id && DefectEvent.IsDefectName(eventName) ? new DefectKey(source, projectCode, id) : null;
}
