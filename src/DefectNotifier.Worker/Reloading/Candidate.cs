using DefectNotifier.Worker.Settings;

namespace DefectNotifier.Worker.Reloading;

/// <summary>What the files say at one moment.</summary>
/// <param name="Loaded">The settings; null when they have errors.</param>
/// <param name="Errors">Everything that is wrong with them, each error with its path.</param>
/// <param name="Digest">The same as long as neither settings nor templates change, with errors or without.</param>
internal sealed record Candidate(LoadedSettings? Loaded, IReadOnlyList<string> Errors, string Digest);
