namespace DefectNotifier.Worker.Operations;

/// <summary>Settings and templates were read anew.</summary>
/// <param name="Version">The configuration that is in force now.</param>
/// <param name="Changes">What has changed; empty when nothing has.</param>
/// <param name="BrokenTemplates">What is wrong with templates; the last good version of each stands in.</param>
/// <param name="WaitsForRestart">Changed settings that are used only at the start.</param>
internal sealed record ReloadResponse(string Version, IReadOnlyList<string> Changes, IReadOnlyList<string> BrokenTemplates, IReadOnlyList<string> WaitsForRestart);
