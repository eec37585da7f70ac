using System.Text;

namespace DefectNotifier.Rendering.Values;

/// <summary>The result of a template expression. The text that the template writes contains only its token.</summary>
/// <param name="Text">The literal text; of a date, a link or a mention, the text that a reader sees.</param>
internal readonly record struct TemplateValue(string Text)
{
    /// <summary>A date, a link, a mention or Markdown as pieces of text; null: only <see cref="Text"/>.</summary>
    public IReadOnlyList<MessageInline>? Formatted { get; init; }

    /// <summary>The result itself (a number, a list, ...), for places in a JSON template that take more than text.</summary>
    public object? Data { get; init; }

    public IReadOnlyList<MessageInline> Inlines => Formatted ?? [new MessageInline(Text)];

    public static TemplateValue Of(MessageInline inline) => new(inline.Text) { Formatted = [inline] };

    /// <summary>A date that Slack shows in the reader's time zone; other platforms show it in the given zone.</summary>
    public static TemplateValue Of(DateTimeOffset time, TimeZoneInfo zone) =>
        Of(new MessageInline(TimeText.Date(time, zone)) { Date = time });

    /// <summary>The value without line breaks, and without white space around its text.</summary>
    public TemplateValue OnOneLine() => this with
    {
        Text = Line(Text).Trim(),
        Formatted = Formatted?.Select(inline => inline with { Text = Line(inline.Text) }).ToList(),
    };

    /// <summary>The text, for a template that uses the value in another expression: <c>'Seen ' + (event.time | date)</c>.</summary>
    public override string ToString() => Text;

    private static string Line(string text) => text.Replace('\n', ' ');
}

/// <summary>
/// The values of one rendering. In the text that a parser sees, each value is an opaque token: a start character, the value's
/// number in private-use digits, and an end character. Parsers treat these characters as letters, so a value cannot become
/// markup. All text from outside is cleaned of them, so a value cannot imitate a token.
/// </summary>
internal sealed class ValueTokens
{
    public const char FirstCharacter = '\uE000';

    public const char LastCharacter = '\uE00B';

    private const char FirstDigit = '\uE001';

    private readonly List<TemplateValue> _values = [];

    /// <summary>The addresses of attachments that are not pictures: an image that shows one would make Slack reject the message.</summary>
    public IReadOnlyCollection<string> Files { get; init; } = [];

    public static bool IsTokenCharacter(char character) => character is >= FirstCharacter and <= LastCharacter;

    /// <summary>True for text that contains tokens or parts of them.</summary>
    public static bool IsIn(ReadOnlySpan<char> text) => text.ContainsAnyInRange(FirstCharacter, LastCharacter);

    /// <summary>The length of the longest value, in UTF-16 units.</summary>
    public int MaxLength => _values.SelectMany(value => value.Inlines).Select(inline => inline.Text.Length).DefaultIfEmpty().Max();

    /// <summary>Stores a value and returns its token.</summary>
    public string Add(TemplateValue value)
    {
        var digits = _values.Count.ToString();
        _values.Add(value);
        return string.Create(digits.Length + 2, digits, static (token, digits) =>
        {
            token[0] = FirstCharacter;
            for (var at = 0; at < digits.Length; at++) token[at + 1] = (char)(FirstDigit + (digits[at] - '0'));
            token[^1] = LastCharacter;
        });
    }

    /// <summary>
    /// Splits text into literal parts (null value) and tokens with their values. Parts of tokens, left over when a filter has cut the
    /// text, are dropped.
    /// </summary>
    public IEnumerable<(string Part, TemplateValue? Value)> Split(string text)
    {
        for (var at = 0; at < text.Length;)
        {
            if (!IsTokenCharacter(text[at]))
            {
                var length = text.AsSpan(at).IndexOfAnyInRange(FirstCharacter, LastCharacter);
                var literal = length < 0 ? text[at..] : text.Substring(at, length);
                yield return (literal, null);
                at += literal.Length;
                continue;
            }

            var index = 0;
            var end = at + 1;
            // The output limit does not allow enough tokens for more than seven digits.
            while (end < text.Length && end - at <= 7 && text[end] is >= FirstDigit and < LastCharacter)
                index = (index * 10) + (text[end++] - FirstDigit);
            var isToken = text[at] == FirstCharacter && end > at + 1 && end < text.Length && text[end] == LastCharacter;
            if (isToken && index < _values.Count)
            {
                yield return (text[at..(end + 1)], _values[index]);
                at = end + 1;
            }
            else
            {
                at++;
            }
        }
    }

    /// <summary>Replaces the tokens with the plain text of their values.</summary>
    public string Expand(string text)
    {
        if (!IsIn(text)) return text;
        var expanded = new StringBuilder();
        foreach (var (part, value) in Split(text)) expanded.Append(value?.Text ?? part);
        return expanded.ToString();
    }

    /// <summary>
    /// Replaces the tokens in an address: a value that is the whole address is used as it is, a value within an address is
    /// percent-encoded. Null when the result is not a safe address.
    /// </summary>
    public string? UrlOf(string? text)
    {
        if (string.IsNullOrEmpty(text)) return null;
        if (IsIn(text))
        {
            var parts = Split(text).ToList();
            if (parts is [{ Value: { } whole }])
            {
                text = whole.Text;
            }
            else
            {
                var encoded = parts.ConvertAll(part => part.Value is { } value ? SafeUrl.EncodePart(value.Text) : part.Part);
                if (encoded.Contains(null)) return null;
                text = string.Concat(encoded);
            }
        }

        return SafeUrl.TryCreate(text, out var url) ? url : null;
    }
}
