namespace DefectNotifier.Rendering.Values;

/// <summary>The chat platform that a message is for.</summary>
public enum ChatPlatform
{
    /// <summary>Slack: Block Kit.</summary>
    Slack,

    /// <summary>Microsoft Teams: Adaptive Card.</summary>
    Teams,
}
