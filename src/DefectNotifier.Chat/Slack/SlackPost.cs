using System.Buffers;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using DefectNotifier.Chat.Http;
using DefectNotifier.Rendering.Document;

namespace DefectNotifier.Chat.Slack;

/// <summary>Messages changed for the way that they go: with the channel and stamp of <c>chat.postMessage</c>, or without their blocks.</summary>
internal static class SlackPost
{
    // The default encoder writes each letter beyond ASCII as six; the values themselves are copied as they are.
    private static readonly JsonWriterOptions Compact = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>
    /// The message's object with <c>channel</c> and the stamp in front. A channel and metadata of its own are left out: a template must neither choose
    /// where it goes nor make it impossible to find. Null when the message is not one JSON object.
    /// </summary>
    /// <param name="channel">Where to.</param>
    /// <param name="message">The message.</param>
    /// <param name="correlationKey">What it is recognised by.</param>
    /// <param name="thread">The timestamp of the message that it replies to; null: none, whatever the message says.</param>
    /// <param name="broadcast">True when a reply is shown in the channel too.</param>
    public static ReadOnlyMemory<byte>? To(string channel, ReadOnlyMemory<byte> message, string correlationKey, string? thread = null, bool broadcast = false) =>
        Copy(message, without: ["channel", SlackCorrelationKey.Property, "thread_ts", "reply_broadcast"], json =>
        {
            json.WriteString("channel", channel);
            SlackCorrelationKey.Write(json, correlationKey);
            if (thread is null) return;
            json.WriteString("thread_ts", thread);
            if (broadcast) json.WriteBoolean("reply_broadcast", true);
        });

    /// <summary>
    /// The message's object for <c>chat.update</c>. Its stamp stays on the message, as nothing is said of metadata; unfurling is no argument of that method.
    /// https://docs.slack.dev/reference/methods/chat.update
    /// </summary>
    public static ReadOnlyMemory<byte>? Over(string channel, string ts, ReadOnlyMemory<byte> message) =>
        Copy(message, without: ["channel", "ts", SlackCorrelationKey.Property, "thread_ts", "reply_broadcast", "unfurl_links", "unfurl_media", "mrkdwn"], json =>
        {
            json.WriteString("channel", channel);
            json.WriteString("ts", ts);
        });

    /// <summary>
    /// The message's words and flags alone; its <c>text</c>, which is a short line for notifications, where the words are not known. Null when it has no blocks, or
    /// is not one JSON object.
    /// </summary>
    public static ReadOnlyMemory<byte>? WithoutBlocks(ChatMessage message)
    {
        using var document = ResponseJson.ParseObject(Encoding.UTF8.GetString(message.Json.Span));
        if (document?.RootElement.TryGetProperty("blocks", out _) is not true) return null;
        return string.IsNullOrWhiteSpace(message.Text)
            ? Copy(message.Json, without: ["blocks"])
            : Copy(message.Json, without: ["blocks", "text"], json => json.WriteString("text", Mrkdwn.EscapeWithin(message.Text, SlackLimits.FallbackText)));
    }

    private static ReadOnlyMemory<byte>? Copy(ReadOnlyMemory<byte> message, string[] without, Action<Utf8JsonWriter>? writeFirst = null)
    {
        try
        {
            using var document = JsonDocument.Parse(message);
            var buffer = new ArrayBufferWriter<byte>(message.Length + 192);
            using (var writer = new Utf8JsonWriter(buffer, Compact))
            {
                writer.WriteStartObject();
                writeFirst?.Invoke(writer);
                foreach (var property in document.RootElement.EnumerateObject())
                {
                    if (Array.Exists(without, name => property.NameEquals(name)))
                        continue;

                    writer.WritePropertyName(property.Name);
                    writer.WriteRawValue(JsonMarshal.GetRawUtf8Value(property.Value), skipInputValidation: true);
                }

                writer.WriteEndObject();
            }

            return buffer.WrittenMemory;
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException)
        {
            // Not JSON, not an object, or a name that is no text (half of a surrogate pair).
            return null;
        }
    }
}
