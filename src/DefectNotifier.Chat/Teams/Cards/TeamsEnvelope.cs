using System.Text.Json;
using DefectNotifier.Chat.Limits;
using DefectNotifier.Rendering.Values;

namespace DefectNotifier.Chat.Teams.Cards;

/// <summary>
/// The message format of the Workflows trigger "When a Teams webhook request is received", with one Adaptive Card
/// (learn.microsoft.com/en-us/microsoftteams/platform/webhooks-and-connectors/how-to/connectors-using).
/// </summary>
internal static class TeamsEnvelope
{
    /// <summary>The oldest version that has all elements except tables.</summary>
    public const string Version = "1.2";

    /// <summary>The oldest version that has tables.</summary>
    public const string TableVersion = "1.5";

    /// <summary>Null when the message exceeds one of the limits.</summary>
    /// <param name="text">The message as plain text, of any length, for clients that cannot show the card.</param>
    /// <param name="mentions">The mentions in the body, where each is written as <c>&lt;at&gt;</c>.</param>
    /// <param name="tryWriteBody">Writes the elements of the body; false: they exceed the limits.</param>
    /// <param name="version">The version of the card; older clients show only the text.</param>
    public static byte[]? TryWrite(
        string text, IReadOnlyList<Mention> mentions, Func<TeamsCardWriter, bool> tryWriteBody, string version = Version)
    {
        using var message = MessageJson.Take();
        var json = message.Writer;
        json.WriteStartObject();
        json.WriteString("type"u8, "message");
        // What a notification shows, where a flow passes it on.
        json.WriteString("summary"u8, Graphemes.Cut(text.Replace('\n', ' '), TeamsLimits.Summary));
        json.WriteStartArray("attachments"u8);
        json.WriteStartObject();
        json.WriteString("contentType"u8, "application/vnd.microsoft.card.adaptive");
        // Must be present and null: without it some flows respond with 400 TriggerInputSchemaMismatch.
        json.WriteNull("contentUrl"u8);
        json.WritePropertyName("content"u8);
        json.WriteStartObject();
        json.WriteString("$schema"u8, "http://adaptivecards.io/schemas/adaptive-card.json");
        json.WriteString("type"u8, "AdaptiveCard");
        json.WriteString("version"u8, version);
        json.WriteStartObject("msteams"u8);
        json.WriteString("width"u8, "Full");
        WriteEntities(json, mentions);
        json.WriteEndObject();
        json.WriteString("fallbackText"u8, TeamsText.EscapeMarkdown(Graphemes.Cut(text, TeamsLimits.FallbackText)));
        json.WriteStartArray("body"u8);
        if (!tryWriteBody(new TeamsCardWriter(json))) return null;
        json.WriteEndArray();
        json.WriteEndObject();
        json.WriteEndObject();
        json.WriteEndArray();
        json.WriteEndObject();
        var written = message.ToArray();
        return IsWithinLimits(written) ? written : null;
    }

    public static bool IsWithinLimits(ReadOnlySpan<byte> message) =>
        message.Length <= TeamsLimits.Request && StoredSize(message) <= TeamsLimits.Stored;

    /// <summary>
    /// learn.microsoft.com/en-us/microsoftteams/platform/task-modules-and-cards/cards/cards-format#mention-support-within-adaptive-cards
    /// </summary>
    private static void WriteEntities(Utf8JsonWriter json, IReadOnlyList<Mention> mentions)
    {
        var known = mentions.Where(mention => mention.Teams is not null).ToList();
        if (known.Count == 0) return;
        json.WriteStartArray("entities"u8);
        foreach (var mention in known)
        {
            json.WriteStartObject();
            json.WriteString("type"u8, "mention");
            json.WriteString("text"u8, TeamsText.AtOf(mention));
            json.WriteStartObject("mentioned"u8);
            json.WriteString("id"u8, mention.Teams);
            json.WriteString("name"u8, mention.Name);
            json.WriteEndObject();
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static int StoredSize(ReadOnlySpan<byte> json) => json.Length + json.Count((byte)'"') + json.Count((byte)'\\');
}
