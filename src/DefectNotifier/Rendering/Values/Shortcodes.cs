using System.Collections.Frozen;
using System.Text;
using Markdig.Extensions.Emoji;

namespace DefectNotifier.Rendering.Values;

/// <summary>
/// The names of emoji that authors write between colons, as in <c>:tada:</c>. Only the author's own text is read: the names in a value
/// stay text.
/// </summary>
public static class Shortcodes
{
    /// <summary>In UTF-16 units, with the colons.</summary>
    private const int MaxLength = 60;

    // Slack's names that Markdig's table lacks; only those that a message about a defect is likely to use.
    private static readonly (string Name, string Emoji)[] NamesOfSlack =
    [
        ("large_red_circle", "🔴"), ("large_orange_circle", "🟠"), ("large_yellow_circle", "🟡"), ("large_green_circle", "🟢"),
        ("large_purple_circle", "🟣"), ("large_brown_circle", "🟤"), ("large_red_square", "🟥"), ("large_orange_square", "🟧"),
        ("large_yellow_square", "🟨"), ("large_green_square", "🟩"), ("large_blue_square", "🟦"), ("large_purple_square", "🟪"),
        ("large_brown_square", "🟫"), ("ladybug", "🐞"), ("lady_beetle", "🐞"), ("beetle", "🪲"), ("test_tube", "🧪"),
        ("fire_extinguisher", "🧯"), ("black_square_for_stop", "⏹️"), ("firefighter", "🧑‍🚒"), ("ninja", "🥷"),
    ];

    private static readonly FrozenDictionary<string, string> Emoji = All().ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>The text with its shortcodes replaced; unknown ones stay.</summary>
    public static string Expand(string text)
    {
        var expanded = new StringBuilder(text.Length);
        var copied = 0;
        for (var at = text.IndexOf(':'); at >= 0; at = at + 1 < text.Length ? text.IndexOf(':', at + 1) : -1)
        {
            if (at < copied || At(text, at) is not var (emoji, length)) continue;
            expanded.Append(text, copied, at - copied).Append(emoji);
            copied = at + length;
        }

        return copied == 0 ? text : expanded.Append(text, copied, text.Length - copied).ToString();
    }

    /// <summary>The emoji of the shortcode that begins at a colon, and the shortcode's length; null: there is none.</summary>
    internal static (string Emoji, int Length)? At(string text, int position)
    {
        // A colon after a letter or a digit belongs to a word or a time: 10:100:30.
        if (position > 0 && char.IsLetterOrDigit(text[position - 1])) return null;
        var end = text.AsSpan(position + 1, Math.Min(MaxLength, text.Length - position) - 1).IndexOf(':');
        if (end < 0) return null;
        var code = text.Substring(position, end + 2);
        return Emoji.TryGetValue(code, out var emoji) ? (emoji, code.Length) : null;
    }

    private static Dictionary<string, string> All()
    {
        var all = new Dictionary<string, string>(EmojiMapping.GetDefaultEmojiShortcodeToUnicode(), StringComparer.Ordinal);
        foreach (var (name, emoji) in NamesOfSlack) all[$":{name}:"] = emoji;
        // They change the emoji before them: :wave::skin-tone-2:.
        for (var tone = 2; tone <= 6; tone++) all[$":skin-tone-{tone}:"] = char.ConvertFromUtf32(0x1F3FB + tone - 2);
        return all;
    }
}
