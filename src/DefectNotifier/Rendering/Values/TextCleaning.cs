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
        var first = text.AsSpan().IndexOfAny(NotPlain);
        if (first < 0) return text;

        var clean = new StringBuilder(text.Length).Append(text, 0, first);
        for (var at = first; at < text.Length; at++)
        {
            var character = text[at];
            if (char.IsHighSurrogate(character) && at + 1 < text.Length && char.IsLowSurrogate(text[at + 1]))
                clean.Append(character).Append(text[++at]);
            else if (char.IsSurrogate(character)) clean.Append('\uFFFD');
            else if (character == '\r') clean.Append(at + 1 < text.Length && text[at + 1] == '\n' ? "" : "\n");
            else if (character is '\u2028' or '\u2029') clean.Append('\n');
            else if (!IsNotPlain(character)) clean.Append(character);
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
