using System.Buffers;
using System.Text;

namespace DefectNotifier.Rendering.Values;

/// <summary>
/// Cleans text from outside: removes control characters (except line breaks and tabs), characters that change the reading
/// direction (they can disguise a text) and our own token characters; replaces lone surrogates.
/// </summary>
internal static class TextCleaning
{
    private static readonly SearchValues<char> NotPlain = SearchValues.Create(
        [.. Enumerable.Range(char.MinValue, char.MaxValue + 1).Select(Convert.ToChar).Where(IsNotPlain)]);

    public static string Clean(string text)
    {
        var at = text.AsSpan().IndexOfAny(NotPlain);
        if (at < 0) return text;

        var clean = new StringBuilder(text.Length).Append(text, 0, at);
        while (at < text.Length)
        {
            var character = text[at++];
            var next = at < text.Length ? text[at] : '\0';
            if (char.IsSurrogatePair(character, next)) clean.Append(character).Append(text[at++]);
            else if (char.IsSurrogate(character)) clean.Append('\uFFFD');
            else if (character is '\u2028' or '\u2029' || (character == '\r' && next != '\n')) clean.Append('\n');
            var plain = text.AsSpan(at).IndexOfAny(NotPlain);
            var length = plain < 0 ? text.Length - at : plain;
            clean.Append(text, at, length);
            at += length;
        }

        return clean.ToString();
    }

    private static bool IsNotPlain(char character) => character switch
    {
        '\n' or '\t' => false,
        '\uFEFF' or '\u2028' or '\u2029' => true,
        >= '\u202A' and <= '\u202E' or >= '\u2066' and <= '\u2069' => true,
        _ => char.IsControl(character) || char.IsSurrogate(character) || ValueTokens.IsTokenCharacter(character),
    };
}
