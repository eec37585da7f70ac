namespace DefectNotifier.Events;

/// <summary>
/// Identifies a defect: Qase numbers them per project, and two endpoints may serve workspaces with the same project code.
/// </summary>
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

    /// <summary>In upper case, because project codes are compared case-insensitively; empty when there is none.</summary>
    public string ProjectCode { get; }

    public long Id { get; }

    /// <summary>Another defect of the same project.</summary>
    public DefectKey WithId(long id) => new(Source, ProjectCode, id);

    /// <summary>Null for events of other kinds and for events without an id.</summary>
    public static DefectKey? Of(string source, string eventName, string? projectCode, long? subjectId) =>
        subjectId is { } id && DefectEvent.IsDefectName(eventName) ? new DefectKey(source, projectCode, id) : null;
}
