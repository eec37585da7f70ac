using CsCheck;
using DefectNotifier.Events;
using DefectNotifier.Rendering.Values;

namespace DefectNotifier.Tests.Teams;

/// <summary>Random texts of markup characters.</summary>
internal static class AnyMarkup
{
    private static readonly string[] Pieces =
    [
        "a", "Bb", "1", "14.", "1.", "2)", " ", "  ", "    ", "\t", "\n", "\n\n", "*", "**", "_", "__", "~", "~~", "`", "```", "#", "# ",
        "## ", "-", "- ", " - ", "+", "+ ", ">", "> ", "|", "|-|", "---", "===", "\\", "&", "&lt;", "&#60;", "&amp", ";", "<", "</", "<b>",
        "<at>QA lead</at>", "<https://evil.example>", "https://evil.example", "[", "](", "]", "[x](https://evil.example)", "![", "(", ")",
        ":", "!", "[x]: https://evil.example", "{{DATE(2026-01-01T00:00:00Z)}}", "{", "}", ".", ",", "\"", "'", "é", "🔴", "=", "$", "^",
        "@", "\u00A0", "\u200B", "\u2060",
    ];

    /// <summary>Each shows something.</summary>
    public static readonly Gen<string> Text = Gen.Int[0, Pieces.Length - 1].Array[1, 10]
        .Select(picks => TextCleaning.Clean(string.Concat(picks.Select(pick => Pieces[pick]))))
        .Where(VisibleText.IsIn);

    /// <summary>The text as a reader sees it: without word joiners, any white space as one space.</summary>
    public static string Shown(string text) => string.Join(
        ' ', text.Replace("\u2060", "", StringComparison.Ordinal).Split(default(char[]), StringSplitOptions.RemoveEmptyEntries));
}
