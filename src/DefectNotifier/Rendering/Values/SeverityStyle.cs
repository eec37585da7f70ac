using DefectNotifier.Events;
using DefectNotifier.Outbox.Contract;

namespace DefectNotifier.Rendering.Values;

/// <summary>The colour of a message, on platforms that have one. The text always says the same, for readers who cannot see it.</summary>
public enum MessageStyle
{
    Default,

    /// <summary>The defect is resolved.</summary>
    Good,

    /// <summary>A defect of normal severity.</summary>
    Accent,

    /// <summary>A major defect.</summary>
    Warning,

    /// <summary>A blocker or a critical defect, or a notice that requires action.</summary>
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
    public static string Colour(Severity? severity, ChatPlatform platform) => (platform, severity?.Rank) switch
    {
        (ChatPlatform.Slack, 1) => "#d92d20",
        (ChatPlatform.Slack, 2) => "#f79009",
        (ChatPlatform.Slack, 3) => "#fdb022",
        (ChatPlatform.Slack, 4) => "#2e90fa",
        (ChatPlatform.Slack, 5) => "#12b76a",
        (ChatPlatform.Slack, _) => "#98a2b3",
        (ChatPlatform.Teams, 1 or 2) => "attention",
        (ChatPlatform.Teams, 3) => "warning",
        (ChatPlatform.Teams, 4) => "accent",
        (ChatPlatform.Teams, _) => "default",
        _ => throw new ArgumentOutOfRangeException(nameof(platform), platform, message: null),
    };

    /// <param name="defectEvent">An event with the current status of its defect.</param>
    public static MessageStyle StyleOf(DefectEvent defectEvent)
    {
        if (defectEvent.Status == DefectStatus.Resolved) return MessageStyle.Good;
        if (string.Equals(defectEvent.Name, "defect.resolved", StringComparison.OrdinalIgnoreCase)) return MessageStyle.Good;
        if (defectEvent.Name is OwnEvents.Parked or OwnEvents.Undelivered or OwnEvents.Delayed) return MessageStyle.Attention;
        if (defectEvent.Name == OwnEvents.Resumed) return MessageStyle.Good;
        if (defectEvent.Status is DefectStatus.Invalid or DefectStatus.Deleted) return MessageStyle.Default;
        return StyleOf(defectEvent.Severity);
    }

    /// <summary>The most severe open defect decides.</summary>
    public static MessageStyle StyleOf(DigestContents digest)
    {
        if (digest.Severities.FirstOrDefault(severity => severity.ClosedCount < severity.Count) is { } open) return StyleOf(open.Severity);
        return digest.Severities.Count > 0 ? MessageStyle.Good : MessageStyle.Default;
    }

    private static MessageStyle StyleOf(Severity? severity) => severity?.Rank switch
    {
        1 or 2 => MessageStyle.Attention,
        3 => MessageStyle.Warning,
        4 => MessageStyle.Accent,
        _ => MessageStyle.Default,
    };
}
