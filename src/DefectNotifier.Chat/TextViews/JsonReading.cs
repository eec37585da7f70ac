using System.Text.Json;

namespace DefectNotifier.Chat.TextViews;

/// <summary>Reads JSON that may be hand-written: a missing member or one of the wrong kind is empty, never an exception.</summary>
internal static class JsonReading
{
    public static JsonElement Child(this JsonElement element, string name) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out var child) ? child : default;

    public static IEnumerable<JsonElement> Items(this JsonElement element, string name) =>
        element.Child(name) is { ValueKind: JsonValueKind.Array } array ? array.EnumerateArray() : [];

    public static bool Flag(this JsonElement element, string name) => element.Child(name).ValueKind == JsonValueKind.True;

    public static int Number(this JsonElement element, string name) =>
        element.Child(name) is { ValueKind: JsonValueKind.Number } number && number.TryGetInt32(out var value) ? value : 0;

    public static string Text(this JsonElement element, string name) => element.Child(name).AsText();

    public static string AsText(this JsonElement element)
    {
        if (element.ValueKind != JsonValueKind.String) return "";
        try
        {
            return element.GetString()!;
        }
        catch (InvalidOperationException)
        {
            // An escaped lone surrogate: valid JSON, but not valid text.
            return "\uFFFD";
        }
    }
}
