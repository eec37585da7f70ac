using System.Text;
using System.Text.Json;
using DefectNotifier.Chat.Http;
using DefectNotifier.Chat.Limits;
using DefectNotifier.Rendering;

namespace DefectNotifier.Chat.Teams;

/// <summary>
/// A message's words and its link in the smallest card there is, for a flow that refused the whole: no facts, no containers, no pictures, no actions but the
/// link's.
/// </summary>
internal static class TeamsPlainCard
{
    /// <summary>A longer address could be what made the card too large.</summary>
    private const int MaxUrl = 2_000;

    /// <summary>Null for a message whose words are not known.</summary>
    public static byte[]? TryWrite(ChatMessage message)
    {
        if (string.IsNullOrWhiteSpace(message.Text)) return null;
        // The second for words and links of nothing but letters that JSON spells with many bytes.
        var link = LinkOf(message.Json);
        return TryWrite(message.Text, TeamsLimits.PlainCardText, link) ?? TryWrite(message.Text, TeamsLimits.PlainCardText / 4, link: null);
    }

    private static byte[]? TryWrite(string text, int limit, MessageInline? link)
    {
        var words = PlainText.Cut(text, limit).Split('\n', 2);
        return TeamsEnvelope.TryWrite(PlainText.Cut(text, limit), [], card =>
        {
            card.RichText([new MessageInline(words[0])], RunStyle.Subtitle);
            if (words.Length > 1) card.RichText([new MessageInline(words[1])], RunStyle.Plain);
            if (link is not null) card.RichText([link], RunStyle.Plain);
            return true;
        });
    }

    /// <summary>The card's first button, else the first address that a text links to; null when it has neither.</summary>
    private static MessageInline? LinkOf(ReadOnlyMemory<byte> json)
    {
        using var document = ResponseJson.ParseObject(Encoding.UTF8.GetString(json.Span));
        if (document is null) return null;
        var links = LinksIn(document.RootElement).ToList();
        return links.Find(link => link.Text != link.Url) ?? links.FirstOrDefault();
    }

    private static IEnumerable<MessageInline> LinksIn(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Object => LinkAt(element) is { } link ? [link] : element.EnumerateObject().SelectMany(member => LinksIn(member.Value)),
        JsonValueKind.Array => element.EnumerateArray().SelectMany(LinksIn),
        _ => [],
    };

    private static MessageInline? LinkAt(JsonElement element) =>
        ResponseJson.TextOf(element, "type") == "Action.OpenUrl" && ResponseJson.TextOf(element, "url") is { Length: > 0 and <= MaxUrl } url
            ? new MessageInline(ResponseJson.TextOf(element, "title") ?? url) { Url = url }
            : null;
}
