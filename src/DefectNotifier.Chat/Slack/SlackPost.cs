using System.Buffers;
using System.Runtime.InteropServices;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace DefectNotifier.Chat.Slack;

/// <summary>The arguments of <c>chat.postMessage</c>: a message with the channel that it goes to.</summary>
internal static class SlackPost
{
    // The default encoder writes each letter beyond ASCII as six; the values themselves are copied as they are.
    private static readonly JsonWriterOptions Compact = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>
    /// The message's object with <c>channel</c> in front. A channel of its own is left out: a template must not choose where it goes. Null when
    /// the message is not one JSON object.
    /// </summary>
    public static ReadOnlyMemory<byte>? WithChannel(ReadOnlyMemory<byte> message, string channel)
    {
        try
        {
            using var document = JsonDocument.Parse(message);
            var buffer = new ArrayBufferWriter<byte>(message.Length + 64);
            using (var writer = new Utf8JsonWriter(buffer, Compact))
            {
                writer.WriteStartObject();
                writer.WriteString("channel", channel);
                foreach (var property in document.RootElement.EnumerateObject())
                {
                    if (property.NameEquals("channel"))
                        continue;

                    writer.WritePropertyName(property.Name);
                    writer.WriteRawValue(JsonMarshal.GetRawUtf8Value(property.Value), skipInputValidation: true);
                }

                writer.WriteEndObject();
            }

            return buffer.WrittenMemory;
        }
        catch (Exception fault) when (fault is JsonException or InvalidOperationException)
        {
            // Not JSON, not an object, or a name that is no text (half of a surrogate pair).
            return null;
        }
    }
}
