using System.Text.Json;
using DefectNotifier.Chat.Http;

namespace DefectNotifier.Chat.Slack.Api;

/// <summary>What Slack reports besides the error code: required scopes, and which part of a message is invalid and why.</summary>
internal static class SlackDetails
{
    /// <summary>
    /// The first message is general ("failed to match all allowed schemas"), the next ones are specific; more do not fit a detail.
    /// </summary>
    private const int MaxMessages = 3;

    private const int MinTextLength = 10;

    private const string Severity = "[ERROR] ";

    private const string PointerStart = "[json-pointer:";

    public static IEnumerable<string> Of(JsonElement root)
    {
        foreach (var name in (string[])["needed", "provided"])
        {
            if (ResponseJson.TextOf(root, name) is { Length: > 0 } scopes)
                yield return $"{name} {scopes}";
        }

        // Slack repeats most messages: without severity in "errors", with it in "response_metadata.messages".
        var metadata = root.TryGetProperty("response_metadata", out var found) ? found : default;
        var messages = TextsOf(root, "errors").Concat(TextsOf(metadata, "messages"));
        foreach (var message in messages.Select(WithoutSeverity).Distinct(StringComparer.Ordinal).Take(MaxMessages))
            yield return message;
    }

    /// <summary>Scrubs and shortens a message. Its JSON pointer at the end is the most useful part and is kept where it fits.</summary>
    public static string? Clean(string detail, DetailScrubber scrubber, int maxLength)
    {
        var whole = scrubber.Clean(detail, int.MaxValue)!;
        var start = whole.LastIndexOf(PointerStart, StringComparison.Ordinal);
        if (whole.Length <= maxLength || start < 0 || whole.Length - start > maxLength - MinTextLength)
            return scrubber.Clean(detail, maxLength);

        return $"{scrubber.Clean(whole[..start], maxLength - (whole.Length - start) - 1)} {whole[start..]}";
    }

    private static IEnumerable<string> TextsOf(JsonElement owner, string name) =>
        owner.ValueKind is JsonValueKind.Object && owner.TryGetProperty(name, out var list) && list.ValueKind is JsonValueKind.Array
            ? list.EnumerateArray().Select(ResponseJson.TextOf).OfType<string>().Where(text => text.Length > 0)
            : [];

    private static string WithoutSeverity(string message) =>
        message.StartsWith(Severity, StringComparison.Ordinal) ? message[Severity.Length..] : message;
}
