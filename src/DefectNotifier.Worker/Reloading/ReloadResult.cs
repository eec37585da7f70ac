namespace DefectNotifier.Worker.Reloading;

/// <summary>What came of one reload.</summary>
/// <param name="Configuration">What is in force after it.</param>
/// <param name="State">How the files stand to it.</param>
/// <param name="Changes">What has changed, in words; empty when nothing has.</param>
internal sealed record ReloadResult(NotifierConfiguration Configuration, ReloadState State, IReadOnlyList<string> Changes);
