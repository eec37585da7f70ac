using System.Text.Json;
using DefectNotifier.Chat.Http;
using DefectNotifier.Chat.Limits;
using DefectNotifier.Chat.Teams.Cards;
using DefectNotifier.Rendering.Document;
using DefectNotifier.Rendering.Values;

namespace DefectNotifier.Chat.Teams.Sending;

/// <summary>
/// A message's text and its links in a minimal card, for a full card that was rejected: no facts, containers or images, and no action
/// besides the links.
/// </summary>
internal static class TeamsPlainCard
{
    /// <summary>Null for a message without a plain text.</summary>
    public static byte[]? TryWrite(ChatMessage message)
    {
        if (string.IsNullOrWhiteSpace(message.Text)) return null;
        var links = MessageLinks.Read(message.Json, element => ActionAt(element, withTitle: true), element => ActionAt(element), LengthOf);
        // The further attempts are for texts and links that JSON escapes with many bytes per character.
        return TryWrite(message.Text, TeamsLimits.PlainCardText, links)
            ?? TryWrite(message.Text, TeamsLimits.PlainCardText / 4, [.. links.Take(1)])
            ?? TryWrite(message.Text, TeamsLimits.PlainCardText / 4, []);
    }

    private static byte[]? TryWrite(string text, int limit, IReadOnlyList<LinkButton> links)
    {
        var cut = PlainText.Cut(PlainText.WithoutButtons(text, links), limit);
        var lines = cut.Split('\n', 2);
        var runs = links
            .SelectMany(link => new[] { new MessageInline(" · "), new MessageInline(link.Text) { Url = link.Url } })
            .Skip(1)
            .ToList();
        return TeamsEnvelope.TryWrite(cut, [], card =>
        {
            card.RichText([new MessageInline(lines[0])], RunStyle.Subtitle);
            if (lines.Length > 1) card.RichText([new MessageInline(lines[1])], RunStyle.Plain);
            if (runs.Count > 0) card.RichText(runs, RunStyle.Plain);
            return true;
        });
    }

    private static int LengthOf(LinkButton link) => link.Text.Length + link.Url.Length;

    private static LinkButton? ActionAt(JsonElement element, bool withTitle = false)
    {
        if (ResponseJson.TextOf(element, "type") != "Action.OpenUrl" || ResponseJson.TextOf(element, "url") is not { Length: > 0 } url)
            return null;

        var title = ResponseJson.TextOf(element, "title");
        return withTitle && title is null ? null : new LinkButton(title ?? url, url);
    }
}
