using System.Text.Json;
using DefectNotifier.Chat.Http;

namespace DefectNotifier.Chat.Slack;

/// <summary>What Slack says besides an error's code: the scopes needed, and which part of a message it refuses and why.</summary>
internal static class SlackDetails
{
    /// <summary>
    /// The general complaint comes first ("failed to match all allowed schemas"), the telling ones after it; more of them would not fit a detail.
    /// </summary>
    private const int MaxMessages = 3;

    private const int FewestWords = 10;

    private const string Severity = "[ERROR] ";

    private const string PointerStart = "[json-pointer:";

    public static IEnumerable<string> Of(JsonElement root)
    {
        foreach (var name in (string[])["needed", "provided"])
        {
            if (ResponseJson.TextOf(root, name) is { Length: > 0 } scopes)
                yield return $"{name} {scopes}";
        }

        // Slack tells most complaints twice: bare in errors, with their severity in response_metadata.messages.
        var messages = TextsOf(root, "errors").Concat(root.TryGetProperty("response_metadata", out var metadata) ? TextsOf(metadata, "messages") : []);
        foreach (var message in messages.Select(Bare).Distinct(StringComparer.Ordinal).Take(MaxMessages))
            yield return message;
    }

    /// <summary>A complaint of at most so many characters, its JSON pointer kept where it fits: it comes last and says most.</summary>
    public static string? Clean(string detail, DetailScrubber scrubber, int maxLength)
    {
        var whole = scrubber.Clean(detail, int.MaxValue)!;
        var start = whole.LastIndexOf(PointerStart, StringComparison.Ordinal);
        if (whole.Length <= maxLength || start < 0 || whole.Length - start > maxLength - FewestWords)
            return scrubber.Clean(detail, maxLength);

        return $"{scrubber.Clean(whole[..start], maxLength - (whole.Length - start) - 1)} {whole[start..]}";
    }

    private static IEnumerable<string> TextsOf(JsonElement owner, string name) =>
        owner.ValueKind is JsonValueKind.Object && owner.TryGetProperty(name, out var list) && list.ValueKind is JsonValueKind.Array
            ? list.EnumerateArray().Select(ResponseJson.TextOf).OfType<string>().Where(text => text.Length > 0)
            : [];

    private static string Bare(string message) => message.StartsWith(Severity, StringComparison.Ordinal) ? message[Severity.Length..] : message;
}
