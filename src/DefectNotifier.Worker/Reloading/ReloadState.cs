using DefectNotifier.Rendering.Templates;

namespace DefectNotifier.Worker.Reloading;

/// <summary>How the files differ from the active configuration since the last reload.</summary>
internal sealed record ReloadState
{
    /// <summary>Why the settings were rejected, each error with its path; empty when they are active.</summary>
    public IReadOnlyList<string> Rejected { get; init; } = [];

    /// <summary>When the settings were rejected; null when they are active.</summary>
    public DateTimeOffset? RejectedAt { get; init; }

    /// <summary>Templates with errors. The last good version of each stays active, or the next template in the search order.</summary>
    public IReadOnlyList<RenderError> BrokenTemplates { get; init; } = [];

    /// <summary>The paths of changed settings that are used only at the start.</summary>
    public IReadOnlyList<string> WaitsForRestart { get; init; } = [];

    public bool HasErrors => Rejected.Count > 0 || BrokenTemplates.Count > 0;
}

/// <summary>The result of one reload: the active configuration, how the files differ from it, and what has changed, in words.</summary>
internal sealed record ReloadResult(NotifierConfiguration Configuration, ReloadState State, IReadOnlyList<string> Changes);
