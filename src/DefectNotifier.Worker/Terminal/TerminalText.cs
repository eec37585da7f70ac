using System.Globalization;
using System.Text;

namespace DefectNotifier.Worker.Terminal;

/// <summary>
/// Text from outside on its way to a terminal: an event's name or a project's code may hold whatever its sender liked, and a terminal obeys control characters
/// and turns its reading direction.
/// </summary>
internal static class TerminalText
{
    /// <summary>One line; what could do something becomes a replacement character.</summary>
    public static string Line(string? text) => Replace(text ?? "", keepsLines: false, static _ => "\uFFFD");

    /// <summary>JSON that means the same: what could do something is written as an escape. It can only stand inside of JSON's texts.</summary>
    public static string Json(string json) => Replace(json, keepsLines: true, static rune => string.Concat(rune.ToString().Select(unit => $"\\u{(int)unit:x4}")));

    private static string Replace(string text, bool keepsLines, Func<Rune, string> replacement)
    {
        var clean = new StringBuilder(text.Length);
        // Lone surrogates come as replacement characters.
        foreach (var rune in text.EnumerateRunes())
        {
            if (IsHarmless(rune) || (keepsLines && rune.Value is '\n' or '\r' or '\t')) clean.Append(rune.ToString());
            else clean.Append(replacement(rune));
        }

        return clean.ToString();
    }

    private static bool IsHarmless(Rune rune) => Rune.GetUnicodeCategory(rune) switch
    {
        UnicodeCategory.Control or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator or UnicodeCategory.PrivateUse => false,
        // Among the format characters only those that join emoji and scripts; the others turn or hide text.
        UnicodeCategory.Format => rune.Value is 0x200C or 0x200D,
        _ => true,
    };
}
