namespace DefectNotifier.Outbox.Contract;

/// <summary>What a check of the outbox found.</summary>
/// <param name="CanBeRead">False: it is damaged, or does not exist yet.</param>
/// <param name="Findings">What a person should know; empty: nothing.</param>
public sealed record OutboxCheck(bool CanBeRead, IReadOnlyList<OutboxFinding> Findings)
{
    public bool HasErrors => Findings.Any(finding => finding.Severity == OutboxSeverity.Error);
}

/// <param name="Severity">How bad it is.</param>
/// <param name="Setting">The path of the setting that it belongs to.</param>
/// <param name="Message">What was found, in sentences.</param>
/// <param name="Advice">What to do.</param>
public sealed record OutboxFinding(OutboxSeverity Severity, string Setting, string Message, string Advice)
{
    /// <summary>More about it, a line each.</summary>
    public IReadOnlyList<string> Details { get; init; } = [];
}

public enum OutboxSeverity
{
    /// <summary>Good to know.</summary>
    Note,

    /// <summary>The service works, but an event can be lost.</summary>
    Warning,

    /// <summary>The outbox can't be used, or only wrongly.</summary>
    Error,
}
