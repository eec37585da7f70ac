using System.Text.Json;

namespace DefectNotifier.Chat.Http;

/// <summary>Reads untrusted JSON: a missing member or one of the wrong kind is null.</summary>
internal static class ResponseJson
{
    /// <summary>The body as an object; null when it is not one. The caller disposes the result.</summary>
    public static JsonDocument? ParseObject(string body)
    {
        // Most bodies are one word or empty: avoid an exception for each of them.
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
            // An escaped lone surrogate: valid JSON, but not valid text.
            return null;
        }
    }
}
