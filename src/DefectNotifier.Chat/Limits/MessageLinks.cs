using System.Text;
using System.Text.Json;
using DefectNotifier.Chat.Http;
using DefectNotifier.Rendering.Document;

namespace DefectNotifier.Chat.Limits;

/// <summary>
/// The links of a message, for its plain text. They are read from the platform's JSON, because a stored message has nothing else.
/// </summary>
internal static class MessageLinks
{
    /// <summary>For all links of one message. A longer URL may be the reason why the message was too large.</summary>
    public const int MaxLength = 2_000;

    /// <summary>The message's buttons; without any, its first link. Links beyond <see cref="MaxLength"/> are left out.</summary>
    /// <param name="json">The message.</param>
    /// <param name="buttonAt">Reads an element as a button; null: it is none.</param>
    /// <param name="linkAt">Reads an element as a link in a text; null: it is none.</param>
    /// <param name="lengthOf">The length of a link as the platform writes it.</param>
    public static IReadOnlyList<LinkButton> Read(
        ReadOnlyMemory<byte> json,
        Func<JsonElement, LinkButton?> buttonAt,
        Func<JsonElement, LinkButton?> linkAt,
        Func<LinkButton, int> lengthOf)
    {
        using var document = ResponseJson.ParseObject(Encoding.UTF8.GetString(json.Span));
        if (document is null) return [];
        var elements = ElementsIn(document.RootElement).ToList();
        var found = elements.Select(buttonAt).OfType<LinkButton>().ToList();
        if (found.Count == 0) found = [.. elements.Select(linkAt).OfType<LinkButton>().Take(1)];
        var room = MaxLength;
        return [.. found.TakeWhile(link => (room -= lengthOf(link)) >= 0)];
    }

    private static IEnumerable<JsonElement> ElementsIn(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Object => element.EnumerateObject().SelectMany(member => ElementsIn(member.Value)).Prepend(element),
        JsonValueKind.Array => element.EnumerateArray().SelectMany(ElementsIn),
        _ => [],
    };
}
