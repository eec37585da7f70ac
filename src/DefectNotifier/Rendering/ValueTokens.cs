using System.Text;

namespace DefectNotifier.Rendering;

/// <summary>
/// The values of one rendering. In the text that a parser sees each is an opaque token: a start mark, the value's number in
/// private-use digits and an end mark. No parser takes these characters for anything but letters, so no value can be
/// markup; and since every text from outside is cleaned of them, no value can pose as a token.
/// </summary>
internal sealed class ValueTokens
{
    /// <summary>Begins a token.</summary>
    public const char FirstCharacter = '\uE000';

    /// <summary>Ends one.</summary>
    public const char LastCharacter = '\uE00B';

    private const char FirstDigit = '\uE001';

    private readonly List<PlacedValue> _values = [];

    public static bool IsTokenCharacter(char character) => character is >= FirstCharacter and <= LastCharacter;

    /// <summary>The length of the longest value, in UTF-16 units.</summary>
    public int Longest => _values.Count == 0 ? 0 : _values.Max(value => value.Pieces.Select(piece => piece.Text.Length).DefaultIfEmpty().Max());

    /// <summary>The token that stands for the value from now on.</summary>
    public string Add(PlacedValue value)
    {
        _values.Add(value);
        var digits = (_values.Count - 1).ToString();
        return string.Create(digits.Length + 2, digits, static (span, digits) =>
        {
            span[0] = FirstCharacter;
            for (var at = 0; at < digits.Length; at++) span[at + 1] = (char)(FirstDigit + (digits[at] - '0'));
            span[^1] = LastCharacter;
        });
    }

    /// <summary>
    /// Splits text into what was written literally (null value) and the values of its tokens. Halves of tokens, which a filter
    /// may have cut, are dropped.
    /// </summary>
    public IEnumerable<(string Literal, PlacedValue? Value)> Split(string text)
    {
        var at = 0;
        while (at < text.Length)
        {
            if (TryReadToken(text, at, out var value, out var length))
            {
                yield return (text.Substring(at, length), value);
                at += length;
                continue;
            }

            var end = at;
            while (end < text.Length && !IsTokenCharacter(text[end])) end++;
            if (end > at) yield return (text[at..end], null);
            at = Math.Max(end, at + 1);
        }
    }

    /// <summary>The text with every value in its place, for where only text counts.</summary>
    public string Place(string text) =>
        Split(text).Aggregate(new StringBuilder(), (placed, part) => placed.Append(part.Value?.Text ?? part.Literal)).ToString();

    /// <summary>
    /// An address with its values: a value that is the whole address is taken as one, a value within an address is percent-encoded.
    /// Null when the outcome is no address that may be linked to.
    /// </summary>
    public string? UrlOf(string? written)
    {
        if (string.IsNullOrEmpty(written)) return null;
        var parts = Split(written).ToList();
        if (parts is [{ Value: { } whole }]) return SafeUrl.TryCreate(whole.Text, out var own) ? own : null;
        var encoded = parts.Select(part => part.Value is { } value ? SafeUrl.EncodePart(value.Text) : part.Literal).ToList();
        if (encoded.Contains(null)) return null;
        return SafeUrl.TryCreate(string.Concat(encoded), out var url) ? url : null;
    }

    private bool TryReadToken(string text, int at, out PlacedValue value, out int length)
    {
        value = default;
        length = 0;
        if (text[at] != FirstCharacter) return false;
        var index = 0;
        var end = at + 1;
        // Seven digits are more than the output limit allows tokens.
        while (end < text.Length && end - at <= 7 && text[end] is >= FirstDigit and < LastCharacter) index = (index * 10) + (text[end++] - FirstDigit);
        if (end == at + 1 || end >= text.Length || text[end] != LastCharacter || index >= _values.Count) return false;
        value = _values[index];
        length = end - at + 1;
        return true;
    }
}
