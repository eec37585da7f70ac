using System.Text;
using System.Text.Json;

namespace DefectNotifier.Rendering.JsonTemplates;

/// <summary>Finds the offset of an error in a JSON text.</summary>
internal static class JsonLocation
{
    /// <summary>The offset of a location that <see cref="JsonException"/> gives as line and UTF-8 bytes.</summary>
    public static int OffsetOf(string text, long line, long bytes)
    {
        var start = 0;
        for (var number = 0L; number < line && text.IndexOf('\n', start) is var end and >= 0; number++) start = end + 1;
        var at = start;
        for (var left = bytes; at < text.Length && left > 0; at++) left -= Encoding.UTF8.GetByteCount(text.AsSpan(at, 1));
        return Math.Min(at, text.Length);
    }

    /// <summary>The offset of the value at a path such as <c>$.blocks[2].text</c>, or of the closest value around it.</summary>
    public static int OffsetOf(string text, string path)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        var options = new JsonReaderOptions { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true };
        var reader = new Utf8JsonReader(bytes, options);
        var nearest = 0L;
        var longest = 0;
        try
        {
            Walk(ref reader, path, ref nearest, ref longest);
        }
        catch (JsonException)
        {
            // The text before the error has been searched.
        }

        return Encoding.UTF8.GetCharCount(bytes.AsSpan(0, (int)nearest));
    }

    private static void Walk(ref Utf8JsonReader reader, string path, ref long nearest, ref int longest)
    {
        var names = new List<string> { "$" };
        var counts = new List<int> { -1 };
        while (reader.Read())
        {
            if (reader.TokenType == JsonTokenType.PropertyName)
            {
                names[^1] = "." + reader.GetString();
                continue;
            }

            if (reader.TokenType is JsonTokenType.EndObject or JsonTokenType.EndArray)
            {
                names.RemoveAt(names.Count - 1);
                counts.RemoveAt(counts.Count - 1);
                continue;
            }

            if (counts[^1] >= 0) names[^1] = $"[{counts[^1]++}]";
            var here = string.Concat(names);
            if (here.Length > longest && path.StartsWith(here, StringComparison.Ordinal))
                (nearest, longest) = (reader.TokenStartIndex, here.Length);
            if (reader.TokenType is not (JsonTokenType.StartObject or JsonTokenType.StartArray)) continue;
            names.Add("");
            counts.Add(reader.TokenType == JsonTokenType.StartArray ? 0 : -1);
        }
    }
}
