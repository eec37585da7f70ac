using System.Globalization;
using System.Text;

namespace DefectNotifier.Worker.Terminal;

/// <summary>
/// Makes external text safe to write to a terminal. An event name or a project code can contain anything, and terminals interpret control
/// characters and characters that reverse the reading direction.
/// </summary>
internal static class TerminalText
{
    /// <summary>The columns of a usual terminal. The output of commands fits into them.</summary>
    public const int Width = 100;

    /// <summary>
    /// Breaks a line at spaces into lines that fit. The others are indented two columns more than the first. A longer word stays whole.
    /// </summary>
    public static IEnumerable<string> Wrap(string line, int width = Width)
    {
        var indent = new string(' ', line.Length - line.TrimStart(' ').Length + 2);
        while (line.Length > width)
        {
            var start = line.Length - line.TrimStart(' ').Length;
            var space = line.LastIndexOf(' ', width);
            if (space <= start) space = line.IndexOf(' ', Math.Min(width, line.Length - 1));
            if (space <= start) break;
            yield return line[..space].TrimEnd(' ');
            line = indent + line[space..].TrimStart(' ');
        }

        yield return line;
    }

    /// <summary>One line; unsafe characters become U+FFFD.</summary>
    public static string Line(string? text) => Replace(text ?? "", keepsLines: false, static _ => "\uFFFD");

    /// <summary>Equivalent JSON; unsafe characters, which can only occur inside strings, are escaped.</summary>
    public static string Json(string json) =>
        Replace(json, keepsLines: true, static rune => string.Concat(rune.ToString().Select(unit => $"\\u{(int)unit:x4}")));

    private static string Replace(string text, bool keepsLines, Func<Rune, string> replacement)
    {
        var clean = new StringBuilder(text.Length);
        // EnumerateRunes returns a lone surrogate as U+FFFD.
        foreach (var rune in text.EnumerateRunes())
        {
            if (IsSafe(rune) || (keepsLines && rune.Value is '\n' or '\r' or '\t')) clean.Append(rune.ToString());
            else clean.Append(replacement(rune));
        }

        return clean.ToString();
    }

    private static bool IsSafe(Rune rune) => Rune.GetUnicodeCategory(rune) switch
    {
        UnicodeCategory.Control or UnicodeCategory.PrivateUse => false,
        UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator => false,
        // Of the format characters only the joiners of emoji and scripts are safe; the others reorder or hide text.
        UnicodeCategory.Format => rune.Value is 0x200C or 0x200D,
        _ => true,
    };
}
