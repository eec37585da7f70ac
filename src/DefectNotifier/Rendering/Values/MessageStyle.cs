namespace DefectNotifier.Rendering.Values;

/// <summary>The mood of a message, for platforms that colour it. Never the only carrier: the words say it too.</summary>
public enum MessageStyle
{
    Default,

    /// <summary>Something was resolved.</summary>
    Good,

    /// <summary>A defect of middling severity.</summary>
    Warning,

    /// <summary>A blocker or a critical defect.</summary>
    Attention,
}
