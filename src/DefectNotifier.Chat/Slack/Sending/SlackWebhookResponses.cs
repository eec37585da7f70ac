using System.Text.Json;
using System.Text.RegularExpressions;
using DefectNotifier.Chat.Http;
using DefectNotifier.Delivery.Outcomes;

namespace DefectNotifier.Chat.Slack.Sending;

/// <summary>
/// Classifies responses of an incoming webhook. Success is exactly status 200 with the body <c>ok</c>; otherwise the error code decides
/// (<see cref="SlackErrorCodes.Webhook"/>), then the HTTP status. An error of Slack is a body of one code, or JSON with <c>ok</c> and
/// <c>error</c>.
/// </summary>
internal static partial class SlackWebhookResponses
{
    private const int MaxCodeLength = 64;

    /// <summary>The detail contains the error code and the status, never the rest of the body.</summary>
    public static SendResult Classify(ChatHttpResponse response, DetailScrubber scrubber)
    {
        if (response.Failure is { } failure)
            return failure;

        var body = response.Body.Trim();
        if (response.Status == 200)
            return ClassifySuccess(response, body, scrubber);

        using var json = ResponseJson.ParseObject(body);
        var code = json is null ? CodeOf(response, body) : CodeOf(json.RootElement);
        var wait = json is null ? response.RetryAfter : RetryAfter.Longer(response.RetryAfter, RetryAfter.Parse(json.RootElement));
        var detail = scrubber.Join(scrubber.Clean(code, MaxCodeLength), $"HTTP {response.Status}");

        // For a 429 the code does not matter.
        if (response.Status != 429 && SlackErrorCodes.Find(code, SlackErrorCodes.Webhook) is { } row) return row.ToResult(wait, detail);
        var statuses = code is null ? SlackErrorCodes.Statuses : SlackErrorCodes.UnknownCode;
        return statuses.Find(response.Status).ToResult(wait, detail);
    }

    private static SendResult ClassifySuccess(ChatHttpResponse response, string body, DetailScrubber scrubber)
    {
        if (!response.IsComplete)
            return TransportErrors.ResponseIncomplete;

        if (body == "ok")
            return SendResult.Delivered();

        // Another server's page, for example of a proxy. Only its content type is safe to report.
        var detail = scrubber.Join("HTTP 200", scrubber.Clean(response.ContentType, MaxCodeLength));
        return SlackErrorCodes.Statuses.Find(response.Status).ToResult(response.RetryAfter, detail);
    }

    // Other services write errors as JSON too, but without "ok".
    private static string? CodeOf(JsonElement json)
    {
        var isSlacks = json.TryGetProperty("ok", out var ok) && ok.ValueKind is JsonValueKind.False;
        return isSlacks && ResponseJson.TextOf(json, "error") is { Length: > 0 } code ? code : null;
    }

    // Slack's codes are lower-case words with an underscore between them; any other text ("forbidden") is another server's.
    private static string? CodeOf(ChatHttpResponse response, string body)
    {
        if (!response.IsComplete || body.Length > MaxCodeLength) return null;
        return CodeFormat().IsMatch(body) || SlackErrorCodes.Find(body, SlackErrorCodes.Webhook) is not null ? body : null;
    }

    [GeneratedRegex("^[a-z]+(_[a-z]+)+$", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1_000)]
    private static partial Regex CodeFormat();
}
