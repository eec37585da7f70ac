using System.Text.RegularExpressions;

namespace DefectNotifier.Chat.Slack;

/// <summary>Words in places where Slack makes emoji of <c>:names:</c>.</summary>
internal static partial class SlackWords
{
    private const string WordJoiner = "\u2060";

    /// <summary>The same words with an invisible character in every <c>:name:</c>.</summary>
    public static string WithoutEmojiCodes(string words) => EmojiCode().Replace(words, ":" + WordJoiner);

    [GeneratedRegex(@":(?=[^\s:]+:)", RegexOptions.None, matchTimeoutMilliseconds: 1_000)]
    private static partial Regex EmojiCode();
}
