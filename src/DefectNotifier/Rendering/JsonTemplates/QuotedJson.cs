using System.Text;
using DefectNotifier.Rendering.Values;

namespace DefectNotifier.Rendering.JsonTemplates;

/// <summary>
/// The output of a JSON template, with quotes around the tokens that are outside of strings, because no JSON parser accepts them
/// otherwise. Such a string begins with one extra start character, which no other string does.
/// </summary>
internal sealed class QuotedJson
{
    /// <summary>The offsets of added characters: a quote and a start character before a token, a quote after it.</summary>
    private readonly List<int> _added = [];

    public QuotedJson(string original)
    {
        var quoted = new StringBuilder(original.Length + 16);
        for (var at = 0; at < original.Length; at++)
        {
            var length = original[at] switch
            {
                '"' => LengthOfString(original, at),
                '/' => LengthOfComment(original, at),
                _ => 1,
            };
            if (length == 1 && original[at] == ValueTokens.FirstCharacter) Add(quoted, '"', ValueTokens.FirstCharacter);
            quoted.Append(original, at, length);
            if (length == 1 && original[at] == ValueTokens.LastCharacter) Add(quoted, '"');
            at += length - 1;
        }

        Text = quoted.ToString();
    }

    public string Text { get; }

    /// <summary>True for a string that was a value outside of quotes.</summary>
    public static bool IsBareValue(string text) => text is [ValueTokens.FirstCharacter, ValueTokens.FirstCharacter, ..];

    /// <summary>The offset in the original text of an offset in <see cref="Text"/>.</summary>
    public int OriginalOffset(int offset) => offset - _added.Count(position => position < offset);

    private void Add(StringBuilder quoted, params ReadOnlySpan<char> characters)
    {
        foreach (var character in characters)
        {
            _added.Add(quoted.Length);
            quoted.Append(character);
        }
    }

    private static int LengthOfString(string text, int start)
    {
        for (var at = start + 1; at < text.Length; at++)
        {
            if (text[at] == '\\') at++;
            else if (text[at] == '"') return at + 1 - start;
        }

        return text.Length - start;
    }

    private static int LengthOfComment(string text, int start)
    {
        var rest = text.AsSpan(start);
        if (rest.StartsWith("//")) return rest.IndexOf('\n') is var end && end < 0 ? rest.Length : end;
        if (!rest.StartsWith("/*")) return 1;
        return rest[2..].IndexOf("*/") is var close && close < 0 ? rest.Length : close + 4;
    }
}
