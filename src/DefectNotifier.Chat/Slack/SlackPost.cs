using System.Buffers;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using DefectNotifier.Chat.Http;

namespace DefectNotifier.Chat.Slack;

/// <summary>Messages changed for the way that they go: with the channel of <c>chat.postMessage</c>, or without their blocks.</summary>
internal static class SlackPost
{
    // The default encoder writes each letter beyond ASCII as six; the values themselves are copied as they are.
    private static readonly JsonWriterOptions Compact = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>
    /// The message's object with <c>channel</c> in front. A channel of its own is left out: a template must not choose where it goes. Null when
    /// the message is not one JSON object.
    /// </summary>
    public static ReadOnlyMemory<byte>? WithChannel(ReadOnlyMemory<byte> message, string channel) => Copy(message, without: "channel", channel);

    /// <summary>The message's <c>text</c> and flags alone. Null when it has no blocks, or is not one JSON object.</summary>
    public static ReadOnlyMemory<byte>? WithoutBlocks(ReadOnlyMemory<byte> message)
    {
        using var document = AnswerJson.ParseObject(Encoding.UTF8.GetString(message.Span));
        if (document?.RootElement.TryGetProperty("blocks", out _) is not true) return null;
        return Copy(message, without: "blocks", channel: null);
    }

    private static ReadOnlyMemory<byte>? Copy(ReadOnlyMemory<byte> message, string without, string? channel)
    {
        try
        {
            using var document = JsonDocument.Parse(message);
            var buffer = new ArrayBufferWriter<byte>(message.Length + 64);
            using (var writer = new Utf8JsonWriter(buffer, Compact))
            {
                writer.WriteStartObject();
                if (channel is not null) writer.WriteString("channel", channel);
                foreach (var property in document.RootElement.EnumerateObject())
                {
                    if (property.NameEquals(without))
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
