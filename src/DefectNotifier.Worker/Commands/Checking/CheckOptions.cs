using DefectNotifier.Worker.Linting;

namespace DefectNotifier.Worker.Commands.Checking;

/// <summary>What <c>check</c> is asked to do.</summary>
/// <param name="ConfigFile">The settings; null: the standard file.</param>
/// <param name="Templates">A folder in place of <c>Templates:Path</c>; null: as the settings have it.</param>
/// <param name="IsOnline">True: Slack and Qase are asked too.</param>
internal sealed record CheckOptions(string? ConfigFile, string? Templates, bool IsOnline)
{
    /// <summary>What trying the templates may take.</summary>
    public TimeSpan Limit { get; init; } = TemplateCheck.Limit;
}
