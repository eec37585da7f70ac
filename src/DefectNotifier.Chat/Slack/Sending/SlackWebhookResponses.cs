using DefectNotifier.Chat.Http;
using DefectNotifier.Delivery.Outcomes;

namespace DefectNotifier.Chat.Slack.Sending;

/// <summary>
/// Classifies responses of an incoming webhook. Success is exactly status 200 with the body <c>ok</c>; otherwise the error code decides
/// (<see cref="SlackErrorCodes.Webhook"/>), then the HTTP status.
/// </summary>
internal static class SlackWebhookResponses
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
        var code = json is null ? CodeOf(body) : ResponseJson.TextOf(json.RootElement, "error");
        var wait = json is null ? response.RetryAfter : RetryAfter.Longer(response.RetryAfter, RetryAfter.Parse(json.RootElement));
        var detail = scrubber.Join(scrubber.Clean(code, MaxCodeLength), $"HTTP {response.Status}");

        // For a 429 the code does not matter.
        return response.Status != 429 && SlackErrorCodes.Webhook.Find(code) is { } row
            ? row.ToResult(wait, detail)
            : SlackErrorCodes.WebhookStatuses.Find(response.Status).ToResult(wait, detail);
    }

    private static SendResult ClassifySuccess(ChatHttpResponse response, string body, DetailScrubber scrubber)
    {
        if (!response.IsComplete)
            return TransportErrors.ResponseIncomplete;

        if (body == "ok")
            return SendResult.Delivered();

        // Another server's page, for example of a proxy. Only its content type is safe to report.
        var detail = scrubber.Join("HTTP 200", scrubber.Clean(response.ContentType, MaxCodeLength));
        return SlackErrorCodes.WebhookStatuses.Find(response.Status).ToResult(response.RetryAfter, detail);
    }

    // Slack's codes are one word in lower case; any other text is another server's page.
    private static string? CodeOf(string body) =>
        body.Length is > 0 and <= MaxCodeLength && body.All(letter => char.IsAsciiLetterLower(letter) || letter == '_') ? body : null;
}
