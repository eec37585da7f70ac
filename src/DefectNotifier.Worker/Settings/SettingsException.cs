namespace DefectNotifier.Worker.Settings;

/// <summary>The configuration has errors. Contains all of them, each with its path, without what looks like a secret.</summary>
internal sealed class SettingsException(IReadOnlyList<string> errors) : Exception
{
    public IReadOnlyList<string> Errors { get; } = [.. errors.Select(SecretMask.Hide)];

    public override string Message =>
        "The configuration has errors:" + string.Concat(Errors.Select(error => Environment.NewLine + "  " + error));

    /// <summary>
    /// The part that could be read, for <c>check</c>; must not be used to run. Null when the file is not readable as JSON.
    /// </summary>
    public NotifierSettings? Settings { get; init; }

    /// <summary>True when the file that the user named does not exist.</summary>
    public bool IsFileMissing { get; init; }
}
