namespace DefectNotifier.Worker.Settings;

/// <summary>The configuration can't be used. Holds every fault, each with its path; none holds the value of a secret.</summary>
internal sealed class SettingsException(IReadOnlyList<string> faults)
    : Exception("The configuration has faults:" + string.Concat(faults.Select(fault => Environment.NewLine + "  " + fault)))
{
    public IReadOnlyList<string> Faults { get; } = faults;

    /// <summary>What could be read all the same, not fit to run with; null when it was no settings at all.</summary>
    public NotifierSettings? Settings { get; init; }
}
