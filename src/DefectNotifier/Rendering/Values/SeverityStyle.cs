using DefectNotifier.Events;

namespace DefectNotifier.Rendering.Values;

/// <summary>How severities look. The word always stands beside: colour alone tells a part of the readers nothing.</summary>
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

    /// <summary>For Slack's coloured bar a hex colour; for Teams the word that containers (<c>style</c>) and texts (<c>color</c>) take.</summary>
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

    /// <param name="defectEvent">Its status is the defect's of now.</param>
    public static MessageStyle StyleOf(DefectEvent defectEvent)
    {
        if (defectEvent.Status == DefectStatus.Resolved || string.Equals(defectEvent.Name, "defect.resolved", StringComparison.OrdinalIgnoreCase)) return MessageStyle.Good;
        if (defectEvent.Status is DefectStatus.Invalid or DefectStatus.Deleted) return MessageStyle.Default;
        return defectEvent.Severity?.Rank switch
        {
            1 or 2 => MessageStyle.Attention,
            3 or 4 => MessageStyle.Warning,
            _ => MessageStyle.Default,
        };
    }
}
