using System.Text.Json;
using DefectNotifier.Chat.Http;

namespace DefectNotifier.Chat.Slack;

/// <summary>One page of <c>conversations.history</c>, as far as the search for one message goes.</summary>
internal sealed record SlackHistoryPage
{
    /// <summary>True when the message with the stamp is on the page.</summary>
    public bool HasMessage { get; private init; }

    /// <summary>That message's timestamp; null when it is not there or odd.</summary>
    public string? Ts { get; private init; }

    /// <summary>Where the next page starts; null: there is none.</summary>
    public string? NextCursor { get; private init; }

    /// <summary>Slack says that there are more messages than these.</summary>
    public bool HasMore { get; private init; }

    /// <summary>
    /// Null for whatever is not a whole page of Slack's: what was read wrongly would pass for "not posted", and the message would be sent twice.
    /// </summary>
    /// <param name="json">The answer.</param>
    /// <param name="correlationKey">The stamp that is looked for.</param>
    public static SlackHistoryPage? TryRead(string? json, string correlationKey)
    {
        using var document = json is null ? null : ResponseJson.ParseObject(json);
        if (document is null || !document.RootElement.TryGetProperty("messages", out var messages) || !IsListOfObjects(messages))
            return null;

        var found = messages.EnumerateArray().FirstOrDefault(message => SlackCorrelationKey.IsOn(message, correlationKey));
        return TryReadCursor(document.RootElement, out var cursor)
            ? new SlackHistoryPage
            {
                HasMessage = found.ValueKind is JsonValueKind.Object,
                Ts = ResponseJson.TextOf(found, "ts"),
                NextCursor = cursor,
                HasMore = document.RootElement.TryGetProperty("has_more", out var more) && more.ValueKind is JsonValueKind.True,
            }
            : null;
    }

    private static bool IsListOfObjects(JsonElement messages) =>
        messages.ValueKind is JsonValueKind.Array && messages.EnumerateArray().All(message => message.ValueKind is JsonValueKind.Object);

    /// <summary>The last page has no metadata, or an empty cursor in it. False for a cursor that is no text.</summary>
    private static bool TryReadCursor(JsonElement root, out string? cursor)
    {
        cursor = null;
        if (!root.TryGetProperty("response_metadata", out var metadata) || metadata.ValueKind is JsonValueKind.Null) return true;
        if (metadata.ValueKind is not JsonValueKind.Object) return false;
        if (!metadata.TryGetProperty("next_cursor", out var value) || value.ValueKind is JsonValueKind.Null) return true;
        var text = ResponseJson.TextOf(value);
        cursor = text is { Length: > 0 } ? text : null;
        return text is not null;
    }
}
