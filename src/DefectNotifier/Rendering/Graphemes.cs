using System.Globalization;

namespace DefectNotifier.Rendering;

/// <summary>Cuts text where a reader would: never inside a character that is seen as one (emoji sequences, accents).</summary>
public static class Graphemes
{
    public const char Ellipsis = '…';

    /// <summary>
    /// At most <paramref name="length"/> UTF-16 units, the ellipsis included; the text itself when it fits. A single character longer
    /// than that is left out whole.
    /// </summary>
    public static string Truncate(string text, int length)
    {
        if (text.Length <= length) return text;
        if (length < 1) return "";
        var end = 0;
        while (end < text.Length)
        {
            var next = end + StringInfo.GetNextTextElementLength(text, end);
            if (next > length - 1) break;
            end = next;
        }

        return text[..end].TrimEnd() + Ellipsis;
    }
}
