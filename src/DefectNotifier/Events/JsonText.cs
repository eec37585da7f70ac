using System.Buffers;
using System.Text;
using System.Text.Json;
using System.Text.Unicode;

namespace DefectNotifier.Events;

/// <summary>
/// Makes a request body safe to read as JSON: no byte order mark, valid UTF-8, no lone surrogates, and either one complete JSON object or
/// an error that says what is wrong and where.
/// </summary>
internal static class JsonText
{
    private const int MaxDepth = 64;
    private static readonly SearchValues<byte> JsonSpace = SearchValues.Create(" \t\r\n"u8);

    /// <summary>Reads the whole body once. Null when it is one JSON object of at most 64 levels.</summary>
    public static WebhookError? Check(ReadOnlySpan<byte> body)
    {
        // The reader's limit is higher than ours, to report "too deep" apart from invalid JSON.
        // isFinalBlock is false, to report a truncated body apart from invalid JSON.
        var reader = new Utf8JsonReader(body, isFinalBlock: false, new JsonReaderState(new JsonReaderOptions { MaxDepth = MaxDepth + 8 }));
        try
        {
            if (body.IndexOfAnyExcept(JsonSpace) < 0)
                return new WebhookError("empty-body", "The body is empty. Expected the JSON of a Qase webhook.");
            if (!reader.Read()) return Truncated(body);
            if (reader.TokenType != JsonTokenType.StartObject)
            {
                return new WebhookError(
                    "not-an-object",
                    $"The body is JSON, but not an object (it starts with {Describe(reader.TokenType)}). "
                    + $"Expected {WebhookParser.ExpectedKeys}.");
            }

            while (reader.CurrentDepth > 0 || reader.TokenType != JsonTokenType.EndObject)
            {
                // At an opening bracket, CurrentDepth does not include the level that it opens.
                if (reader.CurrentDepth >= MaxDepth && reader.TokenType is JsonTokenType.StartObject or JsonTokenType.StartArray)
                {
                    return new WebhookError(
                        "too-deep", $"The JSON is nested more than {MaxDepth} levels deep, at byte {reader.BytesConsumed}.");
                }

                if (!reader.Read()) return Truncated(body);
            }

            var rest = body[(int)reader.BytesConsumed..].IndexOfAnyExcept(JsonSpace);
            return rest < 0
                ? null
                : new WebhookError(
                    "trailing-content",
                    $"Something follows the JSON object, at byte {reader.BytesConsumed + rest}. One webhook is one object.");
        }
        catch (JsonException error)
        {
            return new WebhookError(
                "invalid-json",
                $"The body is not valid JSON: line {error.LineNumber + 1}, byte {error.BytePositionInLine + 1} of that line.");
        }
    }

    /// <summary>
    /// The body without a byte order mark, with U+FFFD in place of invalid UTF-8 and lone surrogates. The same memory if nothing changed.
    /// </summary>
    public static ReadOnlyMemory<byte> Clean(ReadOnlyMemory<byte> body)
    {
        if (body.Span.StartsWith("\uFEFF"u8)) body = body[3..];
        if (!Utf8.IsValid(body.Span)) body = Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(body.Span));
        // "\ud83d" without its other half is valid JSON, but JsonElement.GetString throws.
        byte[]? copy = null;
        var span = body.Span;
        for (var at = span.IndexOf((byte)'\\'); at >= 0 && at < span.Length - 1;)
        {
            var length = EscapeLength(span, at, out var isLone);
            if (isLone)
            {
                copy ??= span.ToArray();
                "\\ufffd"u8.CopyTo(copy.AsSpan(at));
            }

            var next = span[Math.Min(at + length, span.Length)..].IndexOf((byte)'\\');
            at = next < 0 ? -1 : at + length + next;
        }

        return copy ?? body;
    }

    private static int EscapeLength(ReadOnlySpan<byte> span, int at, out bool isLone)
    {
        isLone = false;
        if (!TryReadUnit(span, at, out var unit)) return 2;
        if (!char.IsSurrogate(unit)) return 6;
        if (char.IsHighSurrogate(unit) && TryReadUnit(span, at + 6, out var low) && char.IsLowSurrogate(low)) return 12;
        isLone = true;
        return 6;
    }

    private static bool TryReadUnit(ReadOnlySpan<byte> span, int at, out char unit)
    {
        unit = '\0';
        if (at + 6 > span.Length || span[at] != '\\' || span[at + 1] != 'u') return false;
        if (!ushort.TryParse(span.Slice(at + 2, 4), System.Globalization.NumberStyles.AllowHexSpecifier, null, out var value)) return false;
        unit = (char)value;
        return true;
    }

    private static WebhookError Truncated(ReadOnlySpan<byte> body) =>
        new("truncated-json", $"The JSON ends in the middle, after {body.Length} bytes.");

    private static string Describe(JsonTokenType type) => type switch
    {
        JsonTokenType.StartArray => "an array",
        JsonTokenType.String => "a string",
        JsonTokenType.Number => "a number",
        JsonTokenType.Null => "null",
        _ => "a boolean",
    };
}
