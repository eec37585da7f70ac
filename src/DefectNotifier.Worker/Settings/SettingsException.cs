namespace DefectNotifier.Worker.Settings;

/// <summary>The configuration can't be used. Holds every error, each with its path; none holds the value of a secret.</summary>
internal sealed class SettingsException(IReadOnlyList<string> errors)
    : Exception("The configuration has errors:" + string.Concat(errors.Select(error => Environment.NewLine + "  " + error)))
{
    public IReadOnlyList<string> Errors { get; } = errors;

    /// <summary>What could be read all the same, not fit to run with; null when it was no settings at all.</summary>
    public NotifierSettings? Settings { get; init; }
}
