using DefectNotifier.Rendering.Templates;

namespace DefectNotifier.Worker.Reloading;

/// <summary>How the files and what is in force stand to each other since the last reload.</summary>
internal sealed record ReloadState
{
    /// <summary>Why the settings were refused, each error with its path; empty when they are in force.</summary>
    public IReadOnlyList<string> Refused { get; init; } = [];

    /// <summary>When they were refused; null when they are in force.</summary>
    public DateTimeOffset? RefusedAt { get; init; }

    /// <summary>Templates that are broken; the last good version of each is in force, or the next one in order.</summary>
    public IReadOnlyList<RenderError> BrokenTemplates { get; init; } = [];

    /// <summary>The paths of settings that differ and are used only at the start.</summary>
    public IReadOnlyList<string> WaitsForRestart { get; init; } = [];

    public bool HasErrors => Refused.Count > 0 || BrokenTemplates.Count > 0;
}
