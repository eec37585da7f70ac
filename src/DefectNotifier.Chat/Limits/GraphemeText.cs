using System.Text;
using DefectNotifier.Rendering.Values;

namespace DefectNotifier.Chat.Limits;

/// <summary>Cuts texts between characters as readers see them (grapheme clusters), and removes lone surrogates.</summary>
internal static class GraphemeText
{
    public const string Ellipsis = "…";

    /// <summary>
    /// The text when it has at most <paramref name="limit"/> UTF-16 units, otherwise its beginning and an ellipsis within that limit.
    /// </summary>
    public static string Cut(string text, int limit) =>
        text.Length <= limit ? text : string.Concat(Graphemes.Prefix(text, limit - 1), Ellipsis);

    /// <summary>A lone surrogate is not a character: it becomes U+FFFD, as a JSON writer would write it anyway.</summary>
    public static string ReplaceLoneSurrogates(string text)
    {
        if (!HasLoneSurrogate(text)) return text;
        var whole = new StringBuilder(text.Length);
        foreach (var rune in text.EnumerateRunes()) whole.Append(rune);
        return whole.ToString();
    }

    public static bool HasLoneSurrogate(ReadOnlySpan<char> text)
    {
        while (text.IndexOfAnyInRange('\uD800', '\uDFFF') is var at and >= 0)
        {
            if (at + 1 == text.Length || !char.IsSurrogatePair(text[at], text[at + 1])) return true;
            text = text[(at + 2)..];
        }

        return false;
    }
}
