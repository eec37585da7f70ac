using System.Text;
using System.Text.Json;
using DefectNotifier.Chat.Http;
using DefectNotifier.Chat.Limits;
using DefectNotifier.Chat.Teams.Cards;
using DefectNotifier.Rendering.Document;
using DefectNotifier.Rendering.Values;

namespace DefectNotifier.Chat.Teams.Sending;

/// <summary>
/// A message's text and its link in a minimal card, for a flow that rejected the full card: no facts, containers or images, and no action
/// besides the link.
/// </summary>
internal static class TeamsPlainCard
{
    /// <summary>A longer URL could be what made the full card too large.</summary>
    private const int MaxUrl = 2_000;

    /// <summary>Null for a message without a plain text.</summary>
    public static byte[]? TryWrite(ChatMessage message)
    {
        if (string.IsNullOrWhiteSpace(message.Text)) return null;
        // The second attempt is for texts and links that JSON escapes with many bytes per character.
        var link = LinkOf(message.Json);
        return TryWrite(message.Text, TeamsLimits.PlainCardText, link) ?? TryWrite(message.Text, TeamsLimits.PlainCardText / 4, link: null);
    }

    private static byte[]? TryWrite(string text, int limit, MessageInline? link)
    {
        var cut = PlainText.Cut(text, limit);
        var lines = cut.Split('\n', 2);
        return TeamsEnvelope.TryWrite(cut, [], card =>
        {
            card.RichText([new MessageInline(lines[0])], RunStyle.Subtitle);
            if (lines.Length > 1) card.RichText([new MessageInline(lines[1])], RunStyle.Plain);
            if (link is not null) card.RichText([link], RunStyle.Plain);
            return true;
        });
    }

    /// <summary>The card's first button, otherwise the first URL that a text links to; null when it has neither.</summary>
    private static MessageInline? LinkOf(ReadOnlyMemory<byte> json)
    {
        using var document = ResponseJson.ParseObject(Encoding.UTF8.GetString(json.Span));
        if (document is null) return null;
        var links = LinksIn(document.RootElement).ToList();
        return links.Find(link => link.Text != link.Url) ?? links.FirstOrDefault();
    }

    private static IEnumerable<MessageInline> LinksIn(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Object => LinkAt(element) is { } link
            ? [link]
            : element.EnumerateObject().SelectMany(member => LinksIn(member.Value)),
        JsonValueKind.Array => element.EnumerateArray().SelectMany(LinksIn),
        _ => [],
    };

    private static MessageInline? LinkAt(JsonElement element) =>
        ResponseJson.TextOf(element, "type") == "Action.OpenUrl" && ResponseJson.TextOf(element, "url") is { Length: > 0 and <= MaxUrl } url
            ? new MessageInline(ResponseJson.TextOf(element, "title") ?? url) { Url = url }
            : null;
}
