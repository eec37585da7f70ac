using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using DefectNotifier.Chat.Http;
using DefectNotifier.Chat.Limits;
using DefectNotifier.Chat.Slack.Blocks;
using DefectNotifier.Rendering.Document;

namespace DefectNotifier.Chat.Slack.Sending;

/// <summary>
/// Arguments of Slack's methods, made from a message: with the channel and the correlation key, or without the blocks. The correlation key
/// is sent as message metadata, which readers do not see and <c>conversations.history</c> returns.
/// https://docs.slack.dev/messaging/message-metadata
/// </summary>
internal static class SlackPayload
{
    private const string Metadata = "metadata";
    private const string EventType = "defect_notifier_delivery";
    private const string Separator = " · ";

    /// <summary>
    /// The arguments of <c>chat.postMessage</c>. A channel or metadata of the message itself is left out: a template must not choose where
    /// it is sent or make the message impossible to find. Null when the message is not a JSON object.
    /// </summary>
    /// <param name="channel">The channel.</param>
    /// <param name="message">The message.</param>
    /// <param name="correlationKey">Identifies the message in a lookup.</param>
    /// <param name="thread">The timestamp of the message to reply to; null: not a reply, whatever the message says.</param>
    /// <param name="broadcast">True when a reply is also shown in the channel.</param>
    public static ReadOnlyMemory<byte>? ForPost(
        string channel, ReadOnlyMemory<byte> message, string correlationKey, string? thread = null, bool broadcast = false) =>
        Copy(message, without: ["channel", Metadata, "thread_ts", "reply_broadcast"], json =>
        {
            json.WriteString("channel", channel);
            json.WriteStartObject(Metadata);
            json.WriteString("event_type", EventType);
            json.WriteStartObject("event_payload");
            json.WriteString("delivery_id", correlationKey);
            json.WriteEndObject();
            json.WriteEndObject();
            if (thread is null) return;
            json.WriteString("thread_ts", thread);
            if (broadcast) json.WriteBoolean("reply_broadcast", true);
        });

    /// <summary>
    /// The arguments of <c>chat.update</c>. Without metadata in the arguments the message keeps the correlation key that it has; the method
    /// has no unfurling arguments. https://docs.slack.dev/reference/methods/chat.update
    /// </summary>
    public static ReadOnlyMemory<byte>? ForUpdate(string channel, string ts, ReadOnlyMemory<byte> message) =>
        Copy(
            message,
            without: ["channel", "ts", Metadata, "thread_ts", "reply_broadcast", "unfurl_links", "unfurl_media", "mrkdwn"],
            json =>
            {
                json.WriteString("channel", channel);
                json.WriteString("ts", ts);
            });

    /// <summary>
    /// The message as text alone: its full text where that is known, otherwise its <c>text</c>, the short line for notifications; then its
    /// links. Null when it has neither blocks nor attachments, or is not a JSON object.
    /// </summary>
    public static ReadOnlyMemory<byte>? TextOnly(ChatMessage message)
    {
        using var document = ResponseJson.ParseObject(Encoding.UTF8.GetString(message.Json.Span));
        if (document is null) return null;
        var root = document.RootElement;
        if (!root.TryGetProperty("blocks", out _) && !root.TryGetProperty("attachments", out _)) return null;
        var links = MessageLinks.Read(message.Json, ButtonAt, LinkAt, link => LinkOf(link).Length + Separator.Length);
        var lastLine = string.Join(Separator, links.Select(LinkOf));
        var room = SlackLimits.FallbackText - lastLine.Length - 1;
        var text = string.IsNullOrWhiteSpace(message.Text)
            ? ResponseJson.TextOf(root, "text")
            : Mrkdwn.LiteralWithin(PlainText.WithoutButtons(message.Text, links), room, PlainText.Cut);
        // The markup of a stored text cannot be cut.
        var lines = new[] { text, text?.Length > room ? "" : lastLine }.Where(line => !string.IsNullOrWhiteSpace(line));
        return Copy(
            message.Json, without: ["blocks", "attachments", "text"], json => json.WriteString("text", string.Join('\n', lines)));
    }

    /// <summary>True for a message of a channel's history that was posted with this correlation key.</summary>
    public static bool HasCorrelationKey(JsonElement message, string correlationKey) =>
        message.ValueKind is JsonValueKind.Object
        && message.TryGetProperty(Metadata, out var metadata)
        && ResponseJson.TextOf(metadata, "event_type") == EventType
        && metadata.TryGetProperty("event_payload", out var payload)
        && ResponseJson.TextOf(payload, "delivery_id") == correlationKey;

    /// <summary>One JSON object with the members that are written.</summary>
    public static ReadOnlyMemory<byte> Write(Action<Utf8JsonWriter> writeMembers)
    {
        using var json = MessageJson.Take();
        json.Writer.WriteStartObject();
        writeMembers(json.Writer);
        json.Writer.WriteEndObject();
        return json.ToArray();
    }

    private static string LinkOf(LinkButton link) => Mrkdwn.Link(link.Url, link.Text);

    private static LinkButton? ButtonAt(JsonElement element) =>
        ResponseJson.TextOf(element, "type") == "button" && ResponseJson.TextOf(element, "url") is { Length: > 0 } url
            ? new LinkButton((element.TryGetProperty("text", out var text) ? ResponseJson.TextOf(text, "text") : null) ?? url, url)
            : null;

    private static LinkButton? LinkAt(JsonElement element) => ResponseJson.TextOf(element, "url") is { Length: > 0 } url
        ? new LinkButton(ResponseJson.TextOf(element, "text") ?? url, url)
        : null;

    private static ReadOnlyMemory<byte>? Copy(ReadOnlyMemory<byte> message, string[] without, Action<Utf8JsonWriter>? writeFirst = null)
    {
        try
        {
            using var document = JsonDocument.Parse(message);
            return Write(json =>
            {
                writeFirst?.Invoke(json);
                foreach (var property in document.RootElement.EnumerateObject())
                {
                    if (Array.Exists(without, name => property.NameEquals(name))) continue;
                    json.WritePropertyName(property.Name);
                    json.WriteRawValue(JsonMarshal.GetRawUtf8Value(property.Value), skipInputValidation: true);
                }
            });
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException)
        {
            // Not JSON, not an object, or a property name with a lone surrogate.
            return null;
        }
    }
}
