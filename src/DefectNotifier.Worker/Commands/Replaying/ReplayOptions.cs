namespace DefectNotifier.Worker.Commands.Replaying;

/// <summary>What <c>replay</c> is asked to do.</summary>
/// <param name="CurrentFile">The settings in force; null: the standard file.</param>
/// <param name="NewFile">The settings to try; null: those in force, which makes sense with other templates.</param>
/// <param name="Templates">A folder of templates in place of the new settings' <c>Templates:Path</c>.</param>
/// <param name="Since">Only events since then.</param>
/// <param name="Limit">At most so many of the newest; null: all.</param>
internal sealed record ReplayOptions(string? CurrentFile, string? NewFile, string? Templates, DateTimeOffset? Since, long? Limit);
