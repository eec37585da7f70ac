using System.Text.Json;

namespace DefectNotifier.Chat.Http;

/// <summary>Reads JSON that anybody's server may have written: what is not there or not of the right kind is null.</summary>
internal static class ResponseJson
{
    /// <summary>The body as an object; null when it is none. The caller disposes of it.</summary>
    public static JsonDocument? ParseObject(string body)
    {
        // Most answers are a word or empty; an exception for each of them would cost more than the answer.
        if (!body.AsSpan().TrimStart().StartsWith("{", StringComparison.Ordinal))
            return null;

        try
        {
            return JsonDocument.Parse(body);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    public static string? TextOf(JsonElement owner, string name) =>
        owner.ValueKind is JsonValueKind.Object && owner.TryGetProperty(name, out var value) ? TextOf(value) : null;

    public static string? TextOf(JsonElement value)
    {
        if (value.ValueKind is not JsonValueKind.String)
            return null;

        try
        {
            return value.GetString();
        }
        catch (InvalidOperationException)
        {
            // Half of a surrogate pair, escaped: valid JSON, no text.
            return null;
        }
    }
}
