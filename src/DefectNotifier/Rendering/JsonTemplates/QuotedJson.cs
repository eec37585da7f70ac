using System.Text;
using DefectNotifier.Rendering.Values;

namespace DefectNotifier.Rendering.JsonTemplates;

/// <summary>
/// What a JSON template wrote, with quotes around the tokens that stand outside of texts: no JSON parser takes them otherwise. Such a text begins with one mark
/// more than any other.
/// </summary>
internal sealed class QuotedJson
{
    /// <summary>A quote and a mark in front of a token, a quote after it.</summary>
    private readonly List<int> _added = [];

    public QuotedJson(string written)
    {
        var quoted = new StringBuilder(written.Length + 16);
        for (var at = 0; at < written.Length; at++)
        {
            var length = written[at] switch
            {
                '"' => LengthOfText(written, at),
                '/' => LengthOfComment(written, at),
                _ => 1,
            };
            if (length == 1 && written[at] == ValueTokens.FirstCharacter) Add(quoted, '"', ValueTokens.FirstCharacter);
            quoted.Append(written, at, length);
            if (length == 1 && written[at] == ValueTokens.LastCharacter) Add(quoted, '"');
            at += length - 1;
        }

        Text = quoted.ToString();
    }

    public string Text { get; }

    /// <summary>Where in what was written a place of <see cref="Text"/> is.</summary>
    public int WrittenOffset(int offset) => offset - _added.Count(position => position < offset);

    private void Add(StringBuilder quoted, params ReadOnlySpan<char> characters)
    {
        foreach (var character in characters)
        {
            _added.Add(quoted.Length);
            quoted.Append(character);
        }
    }

    private static int LengthOfText(string text, int start)
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
