using System.Text;
using DefectNotifier.Rendering.Values;

namespace DefectNotifier.Chat.Limits;

/// <summary>Texts made fit for a message: cut to the last character that a limit allows, spaces included, and whole.</summary>
internal static class GraphemeText
{
    public const string Ellipsis = "…";

    /// <summary>The text itself when it has at most <paramref name="limit"/> UTF-16 units, else its beginning and an ellipsis within that limit.</summary>
    public static string Cut(string text, int limit) =>
        text.Length <= limit ? text : string.Concat(Graphemes.Prefix(text, limit - 1), Ellipsis);

    /// <summary>Half of a surrogate pair is no character: it becomes U+FFFD, as a JSON writer would make it anyway.</summary>
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
