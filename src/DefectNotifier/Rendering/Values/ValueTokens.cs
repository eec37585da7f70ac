using System.Text;

namespace DefectNotifier.Rendering.Values;

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

    // More than a usual message has values.
    private static readonly string[] First = [.. Enumerable.Range(0, 100).Select(Spell)];

    private readonly List<TemplateValue> _values = [];

    public static bool IsTokenCharacter(char character) => character is >= FirstCharacter and <= LastCharacter;

    /// <summary>True for text with tokens, or with halves of them.</summary>
    public static bool IsIn(ReadOnlySpan<char> text) => text.ContainsAnyInRange(FirstCharacter, LastCharacter);

    /// <summary>The length of the longest value, in UTF-16 units.</summary>
    public int MaxLength => _values.Count == 0 ? 0 : _values.Max(value => value.Pieces.Select(piece => piece.Text.Length).DefaultIfEmpty().Max());

    /// <summary>The token that stands for the value from now on.</summary>
    public string Add(TemplateValue value)
    {
        var number = _values.Count;
        _values.Add(value);
        return number < First.Length ? First[number] : Spell(number);
    }

    /// <summary>
    /// Splits text into what was written literally (null value) and the values of its tokens. Halves of tokens, which a filter
    /// may have cut, are dropped.
    /// </summary>
    public IEnumerable<(string Literal, TemplateValue? Value)> Split(string text)
    {
        var at = 0;
        while (true)
        {
            var rest = text.AsSpan(at);
            if (!TryReadNext(ref rest, out var literal, out var value)) yield break;
            var part = literal.IsEmpty ? text[at..^rest.Length] : literal.ToString();
            at = text.Length - rest.Length;
            yield return (part, literal.IsEmpty ? value : null);
        }
    }

    /// <summary>The next part of a text: what was written literally, or where that is empty the value of a token. False at the end.</summary>
    public bool TryReadNext(ref ReadOnlySpan<char> text, out ReadOnlySpan<char> literal, out TemplateValue value)
    {
        literal = default;
        value = default;
        while (!text.IsEmpty)
        {
            if (TryReadToken(text, out value, out var length))
            {
                text = text[length..];
                return true;
            }

            var end = text.IndexOfAnyInRange(FirstCharacter, LastCharacter);
            literal = end < 0 ? text : text[..end];
            text = text[Math.Max(literal.Length, 1)..];
            if (!literal.IsEmpty) return true;
        }

        return false;
    }

    /// <summary>The text with every value in its place, for where only text counts.</summary>
    public string Expand(string text) => !IsIn(text) ? text :
        Split(text).Aggregate(new StringBuilder(), (placed, part) => placed.Append(part.Value?.Text ?? part.Literal)).ToString();

    /// <summary>
    /// An address with its values: a value that is the whole address is taken as one, a value within an address is percent-encoded.
    /// Null when the outcome is no address that may be linked to.
    /// </summary>
    public string? UrlOf(string? written)
    {
        if (string.IsNullOrEmpty(written)) return null;
        if (!IsIn(written)) return SafeUrl.TryCreate(written, out var literal) ? literal : null;
        var parts = Split(written).ToList();
        if (parts is [{ Value: { } whole }]) return SafeUrl.TryCreate(whole.Text, out var own) ? own : null;
        var encoded = parts.Select(part => part.Value is { } value ? SafeUrl.EncodePart(value.Text) : part.Literal).ToList();
        if (encoded.Contains(null)) return null;
        return SafeUrl.TryCreate(string.Concat(encoded), out var url) ? url : null;
    }

    private static string Spell(int number)
    {
        var digits = number.ToString();
        return string.Create(digits.Length + 2, digits, static (span, digits) =>
        {
            span[0] = FirstCharacter;
            for (var at = 0; at < digits.Length; at++) span[at + 1] = (char)(FirstDigit + (digits[at] - '0'));
            span[^1] = LastCharacter;
        });
    }

    private bool TryReadToken(ReadOnlySpan<char> text, out TemplateValue value, out int length)
    {
        value = default;
        length = 0;
        if (text[0] != FirstCharacter) return false;
        var index = 0;
        var end = 1;
        // Seven digits are more than the output limit allows tokens.
        while (end < text.Length && end <= 7 && text[end] is >= FirstDigit and < LastCharacter) index = (index * 10) + (text[end++] - FirstDigit);
        if (end == 1 || end >= text.Length || text[end] != LastCharacter || index >= _values.Count) return false;
        value = _values[index];
        length = end + 1;
        return true;
    }
}
