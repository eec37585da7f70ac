using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using DefectNotifier.Rendering.Values;
using Scriban.Runtime;

namespace DefectNotifier.Rendering.Templates;

/// <summary>Writes a value as JSON.</summary>
internal static class JsonText
{
    /// <summary>In UTF-8: at least <see cref="TokenContext.MaxOutput"/> characters.</summary>
    private const long MaxBytes = 3 * TokenContext.MaxOutput;

    private static readonly JsonWriterOptions Relaxed = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <exception cref="InvalidOperationException">The value is nested more than 64 levels deep, or its JSON is too long.</exception>
    public static string Of(object? value)
    {
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer, Relaxed)) Write(writer, value);
        return Encoding.UTF8.GetString(buffer.ToArray());
    }

    private static void Write(Utf8JsonWriter writer, object? value)
    {
        if (writer.CurrentDepth > 64) throw new InvalidOperationException("The value is nested more than 64 levels deep.");
        // A list may contain the same large part many times.
        if (writer.BytesCommitted + writer.BytesPending > MaxBytes)
            throw new InvalidOperationException($"The JSON is longer than {TokenContext.MaxOutput} characters.");
        switch (value)
        {
            case null:
                writer.WriteNullValue();
                break;
            case bool flag:
                writer.WriteBooleanValue(flag);
                break;
            case double number when double.IsFinite(number):
                writer.WriteNumberValue(number);
                break;
            case long or int or decimal:
                writer.WriteNumberValue(Convert.ToDecimal(value));
                break;
            case DateTimeOffset time:
                writer.WriteStringValue(TimeText.Iso(time));
                break;
            case ScriptArray items:
                writer.WriteStartArray();
                foreach (var item in items) Write(writer, item);
                writer.WriteEndArray();
                break;
            case ScriptObject map:
                writer.WriteStartObject();
                foreach (var (key, member) in map)
                {
                    writer.WritePropertyName(key);
                    Write(writer, member);
                }

                writer.WriteEndObject();
                break;
            default:
                writer.WriteStringValue(value.ToString());
                break;
        }
    }
}
