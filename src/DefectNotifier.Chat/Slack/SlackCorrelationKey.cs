using System.Text.Json;
using DefectNotifier.Chat.Http;

namespace DefectNotifier.Chat.Slack;

/// <summary>
/// The stamp of a delivery as a message's metadata: readers don't see it, and <c>conversations.history</c> gives it back.
/// https://docs.slack.dev/messaging/message-metadata
/// </summary>
internal static class SlackCorrelationKey
{
    public const string Property = "metadata";

    private const string EventType = "defect_notifier_delivery";

    public static void Write(Utf8JsonWriter json, string correlationKey)
    {
        json.WriteStartObject(Property);
        json.WriteString("event_type", EventType);
        json.WriteStartObject("event_payload");
        json.WriteString("delivery_id", correlationKey);
        json.WriteEndObject();
        json.WriteEndObject();
    }

    public static bool IsOn(JsonElement message, string correlationKey) =>
        message.ValueKind is JsonValueKind.Object
        && message.TryGetProperty(Property, out var metadata)
        && ResponseJson.TextOf(metadata, "event_type") == EventType
        && metadata.TryGetProperty("event_payload", out var payload)
        && ResponseJson.TextOf(payload, "delivery_id") == correlationKey;
}
