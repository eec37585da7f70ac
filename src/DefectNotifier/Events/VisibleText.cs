using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;

namespace DefectNotifier.Events;

/// <summary>Decides whether a text shows anything. One that does not counts as missing, wherever it comes from.</summary>
public static class VisibleText
{
    /// <summary>False for null, and for a text of white space, control characters and characters without a glyph only.</summary>
    public static bool IsIn([NotNullWhen(true)] string? text)
    {
        foreach (var rune in text.AsSpan().EnumerateRunes())
            if (IsVisible(rune)) return true;
        return false;
    }

    private static bool IsVisible(Rune rune) => rune.Value switch
    {
        < 0x80 => rune.Value is > ' ' and < 0x7F,
        // Unicode counts these as letters, marks or symbols, but they are blank: joiners, fillers, variation selectors, the empty braille
        // pattern, the null notehead, tags, and code points that are reserved for more of them.
        0x034F or 0x115F or 0x1160 or 0x17B4 or 0x17B5 or (>= 0x180B and <= 0x180F) or 0x2065 or 0x2800 or 0x3164
            or (>= 0xFE00 and <= 0xFE0F) or 0xFFA0 or (>= 0xFFF0 and <= 0xFFF8) or 0x1D159 or (>= 0xE0000 and <= 0xE0FFF) => false,
        _ => Rune.GetUnicodeCategory(rune) is not (UnicodeCategory.Control or UnicodeCategory.Format
            or UnicodeCategory.SpaceSeparator or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator),
    };
}
