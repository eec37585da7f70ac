using DefectNotifier.Rendering.Values;

namespace DefectNotifier.Chat.Slack;

/// <summary>Dates that Slack shows in the reader's own time zone and words. docs.slack.dev/messaging/formatting-message-text#date-formatting</summary>
internal static class SlackDate
{
    public const string Format = "{date_short_pretty} {time}";

    /// <summary>False for a run without a date, and for moments before 1970, which Slack does not take: their text is shown.</summary>
    public static bool TryRead(MessageInline run, out long unixSeconds)
    {
        unixSeconds = run.Date?.ToUnixTimeSeconds() ?? -1;
        return unixSeconds >= 0;
    }
}
