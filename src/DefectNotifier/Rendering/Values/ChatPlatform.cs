namespace DefectNotifier.Rendering.Values;

/// <summary>Whose JSON a message is.</summary>
public enum ChatPlatform
{
    /// <summary>Slack: Block Kit.</summary>
    Slack,

    /// <summary>Microsoft Teams: Adaptive Card.</summary>
    Teams,
}
