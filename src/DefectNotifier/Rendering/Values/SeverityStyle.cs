using DefectNotifier.Events;

namespace DefectNotifier.Rendering.Values;

/// <summary>The colour of a message, on platforms that have one. The text always says the same, for readers who cannot see it.</summary>
public enum MessageStyle
{
    Default,

    /// <summary>The defect is resolved.</summary>
    Good,

    /// <summary>A defect of medium severity.</summary>
    Warning,

    /// <summary>A blocker or a critical defect.</summary>
    Attention,
}

/// <summary>The emoji and colour of each severity. Templates show the severity's name beside them.</summary>
internal static class SeverityStyle
{
    public static string Emoji(Severity? severity) => severity?.Rank switch
    {
        1 => "🔴",
        2 => "🟠",
        3 => "🟡",
        4 => "🔵",
        5 => "🟢",
        _ => "⚪",
    };

    /// <summary>Slack: a hex colour for the bar. Teams: a word for the <c>style</c> of containers and the <c>color</c> of text.</summary>
    public static string Colour(Severity? severity, ChatPlatform platform) => (severity?.Rank, platform) switch
    {
        (1 or 2, ChatPlatform.Teams) => "attention",
        (3 or 4, ChatPlatform.Teams) => "warning",
        (5, ChatPlatform.Teams) => "good",
        (_, ChatPlatform.Teams) => "default",
        (1, _) => "#d92d20",
        (2, _) => "#f79009",
        (3, _) => "#fdb022",
        (4, _) => "#2e90fa",
        (5, _) => "#12b76a",
        _ => "#98a2b3",
    };

    /// <param name="defectEvent">An event with the current status of its defect.</param>
    public static MessageStyle StyleOf(DefectEvent defectEvent)
    {
        if (defectEvent.Status == DefectStatus.Resolved) return MessageStyle.Good;
        if (string.Equals(defectEvent.Name, "defect.resolved", StringComparison.OrdinalIgnoreCase)) return MessageStyle.Good;
        if (defectEvent.Status is DefectStatus.Invalid or DefectStatus.Deleted) return MessageStyle.Default;
        return defectEvent.Severity?.Rank switch
        {
            1 or 2 => MessageStyle.Attention,
            3 or 4 => MessageStyle.Warning,
            _ => MessageStyle.Default,
        };
    }
}
