namespace DefectNotifier.Worker.Settings;

/// <summary>The configuration has errors. Contains all of them, each with its path; none contains the value of a secret.</summary>
internal sealed class SettingsException(IReadOnlyList<string> errors)
    : Exception("The configuration has errors:" + string.Concat(errors.Select(error => Environment.NewLine + "  " + error)))
{
    public IReadOnlyList<string> Errors { get; } = errors;

    /// <summary>
    /// The part that could be read, for <c>check</c>; must not be used to run. Null when the file is not readable as JSON.
    /// </summary>
    public NotifierSettings? Settings { get; init; }
}
