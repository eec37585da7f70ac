using DefectNotifier.Chat.Http;
using DefectNotifier.Delivery.Outcomes;
using DefectNotifier.Outbox;

namespace DefectNotifier.Chat.Slack;

/// <summary>
/// What the responses of a Slack incoming webhook mean: success is exactly 200 and <c>ok</c>; else the body's word first, the status second. The words
/// are those of https://docs.slack.dev/messaging/sending-messages-using-incoming-webhooks and of responses seen in the field.
/// </summary>
internal static class SlackWebhookResponses
{
    private const int MaxCodeLength = 64;

    private static readonly ResponseTable Codes = new(
        StringComparer.Ordinal,
        new(
            SendOutcome.Rejected,
            SendReason.InvalidMessage,
            "invalid_payload", "no_text", "invalid_blocks", "invalid_blocks_format", "missing_text_or_fallback_or_attachments"),
        new(SendOutcome.Rejected, SendReason.MessageTooLarge, "too_many_attachments"),
        new(SendOutcome.Parked, SendReason.ChannelNotFound, "user_not_found", "channel_not_found"),
        new(SendOutcome.Parked, SendReason.MissingPermission, "action_prohibited"),
        new(SendOutcome.Parked, SendReason.BadCredentials, "invalid_token"),
        new(SendOutcome.Parked, SendReason.ChannelRestricted, "posting_to_general_channel_denied"),
        new(SendOutcome.Parked, SendReason.HookGone, "no_service", "no_service_id", "no_team", "team_disabled", "no_active_hooks"),
        new(SendOutcome.Parked, SendReason.ChannelArchived, "channel_is_archived"),
        new(SendOutcome.Wait, SendReason.RateLimited, "ratelimited", "rate_limited"),
        new(SendOutcome.Ambiguous, SendReason.ServerError, "rollup_error"));

    private static readonly StatusTable Statuses = new(
        new StatusRow(200, 299, SendOutcome.Ambiguous, SendReason.UnexpectedResponse),
        new StatusRow(300, 399, SendOutcome.Parked, SendReason.BadAddress),
        // Without a word of Slack's it is somebody's between us: no reason to give a message up at once.
        new StatusRow(401, SendOutcome.Parked, SendReason.BadCredentials),
        new StatusRow(403, SendOutcome.Parked, SendReason.MissingPermission),
        new StatusRow(404, SendOutcome.Parked, SendReason.HookGone),
        new StatusRow(405, SendOutcome.Parked, SendReason.BadAddress),
        new StatusRow(408, SendOutcome.Retry, SendReason.ServiceUnavailable),
        new StatusRow(410, SendOutcome.Parked, SendReason.HookGone),
        new StatusRow(413, SendOutcome.Rejected, SendReason.MessageTooLarge),
        new StatusRow(429, SendOutcome.Wait, SendReason.RateLimited),
        new StatusRow(400, 499, SendOutcome.Retry, SendReason.UnknownError) { MaxAttempts = SlackApiResponses.UnknownCodeAttempts },
        new StatusRow(500, 599, SendOutcome.Ambiguous, SendReason.ServerError));

    /// <summary>The detail holds Slack's word or the status, never the rest of the body.</summary>
    public static SendResult Classify(ChatHttpResponse response, DetailScrubber scrubber)
    {
        var body = response.Body.Trim();
        if (response.Status == 200)
            return ClassifySuccess(response, body, scrubber);

        using var json = ResponseJson.ParseObject(body);
        var code = json is null ? WordOf(body) : ResponseJson.TextOf(json.RootElement, "error");
        var asked = json is null ? response.RetryAfter : RetryAfter.Longer(response.RetryAfter, RetryAfter.Parse(json.RootElement));
        var detail = scrubber.Join(scrubber.Clean(code, MaxCodeLength), $"HTTP {response.Status}");

        // A 429 is one whatever it says.
        return response.Status != 429 && Codes.Find(code) is { } row
            ? Verdicts.Of(row, asked, detail)
            : Verdicts.Of(Statuses.Find(response.Status), asked, detail);
    }

    private static SendResult ClassifySuccess(ChatHttpResponse response, string body, DetailScrubber scrubber)
    {
        if (!response.IsComplete)
            return TransportErrors.ResponseCut;

        if (body == "ok")
            return SendResult.Delivered();

        // A page of somebody between us and Slack; its kind is all that is safe to tell of it.
        var detail = scrubber.Join("HTTP 200", scrubber.Clean(response.ContentType, MaxCodeLength));
        return Verdicts.Of(Statuses.Find(response.Status), response.RetryAfter, detail);
    }

    // A body that is not one word of Slack's kind is a page of somebody else, and no code.
    private static string? WordOf(string body) =>
        body.Length is > 0 and <= MaxCodeLength && body.All(letter => char.IsAsciiLetterLower(letter) || letter == '_') ? body : null;
}
