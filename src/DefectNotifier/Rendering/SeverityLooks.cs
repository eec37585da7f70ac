using DefectNotifier.Events;

namespace DefectNotifier.Rendering;

/// <summary>How severities look. The word always stands beside: colour alone tells a part of the readers nothing.</summary>
internal static class SeverityLooks
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

    public static MessageTone ToneOf(DefectEvent defectEvent)
    {
        if (string.Equals(defectEvent.Name, "defect.resolved", StringComparison.OrdinalIgnoreCase)) return MessageTone.Good;
        return defectEvent.Severity?.Rank switch
        {
            1 or 2 => MessageTone.Alarm,
            3 or 4 => MessageTone.Warning,
            _ => MessageTone.Neutral,
        };
    }
}
