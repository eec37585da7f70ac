using DefectNotifier.Worker.Reloading;

namespace DefectNotifier.Worker.Operations;

/// <summary>Which configuration is in force, and what of the files is not. Names places only: the log has the words.</summary>
/// <param name="Version">Made of the contents of settings and templates.</param>
/// <param name="Since">Since when it is in force.</param>
/// <param name="RefusedAt">When changed settings were refused; null when those in the files are in force.</param>
/// <param name="Refused">The settings at error.</param>
/// <param name="BrokenTemplates">Templates with an error, with line and column; the last good version of each stands in.</param>
/// <param name="WaitsForRestart">Changed settings that are used only at the start.</param>
internal sealed record ConfigurationReport(
    string Version, DateTimeOffset Since, DateTimeOffset? RefusedAt, IReadOnlyList<string> Refused, IReadOnlyList<string> BrokenTemplates, IReadOnlyList<string> WaitsForRestart)
{
    public static ConfigurationReport Of(NotifierConfiguration configuration, ReloadState state) => new(
        configuration.Version,
        configuration.Since,
        state.RefusedAt,
        [.. state.Refused.Select(PlaceOf)],
        [.. state.BrokenTemplates.Select(error => error.Location)],
        state.WaitsForRestart);

    // This is read without a secret, and the words of an error may repeat what stands in the wrong place.
    private static string PlaceOf(string error) => error.IndexOf(": ", StringComparison.Ordinal) is > 0 and var end ? error[..end] : "";
}
