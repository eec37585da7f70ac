using DefectNotifier.Chat.Http;
using DefectNotifier.Delivery;

namespace DefectNotifier.Chat.Slack;

/// <summary>
/// What the answers of a Slack incoming webhook mean: success is exactly 200 and <c>ok</c>; else the body's word first, the status second. The words
/// are those of https://docs.slack.dev/messaging/sending-messages-using-incoming-webhooks and of answers seen in the field.
/// </summary>
internal static class SlackWebhookAnswers
{
    private const int MaxCodeLength = 64;

    private static readonly AnswerTable Codes = new(
        StringComparer.Ordinal,
        new(
            Fate.Refused,
            SendReason.InvalidMessage,
            "invalid_payload", "no_text", "invalid_blocks", "invalid_blocks_format", "missing_text_or_fallback_or_attachments"),
        new(Fate.Refused, SendReason.MessageTooLarge, "too_many_attachments"),
        new(Fate.Parked, SendReason.ChannelNotFound, "user_not_found", "channel_not_found"),
        new(Fate.Parked, SendReason.MissingPermission, "action_prohibited"),
        new(Fate.Parked, SendReason.BadCredentials, "invalid_token"),
        new(Fate.Parked, SendReason.ChannelRestricted, "posting_to_general_channel_denied"),
        new(Fate.Parked, SendReason.HookGone, "no_service", "no_service_id", "no_team", "team_disabled", "no_active_hooks"),
        new(Fate.Parked, SendReason.ChannelArchived, "channel_is_archived"),
        new(Fate.Wait, SendReason.RateLimited, "ratelimited", "rate_limited"),
        new(Fate.Ambiguous, SendReason.ServerError, "rollup_error"));

    private static readonly StatusTable Statuses = new(
        new StatusRow(200, 299, Fate.Ambiguous, SendReason.UnexpectedAnswer),
        new StatusRow(300, 399, Fate.Parked, SendReason.BadAddress),
        // Without a word of Slack's it is somebody's between us: no reason to give a message up at once.
        new StatusRow(401, Fate.Parked, SendReason.BadCredentials),
        new StatusRow(403, Fate.Parked, SendReason.MissingPermission),
        new StatusRow(404, Fate.Parked, SendReason.HookGone),
        new StatusRow(405, Fate.Parked, SendReason.BadAddress),
        new StatusRow(408, Fate.Retry, SendReason.ServiceUnavailable),
        new StatusRow(410, Fate.Parked, SendReason.HookGone),
        new StatusRow(413, Fate.Refused, SendReason.MessageTooLarge),
        new StatusRow(429, Fate.Wait, SendReason.RateLimited),
        new StatusRow(400, 499, Fate.Retry, SendReason.UnknownError) { MaxAttempts = SlackApiAnswers.UnknownCodeAttempts },
        new StatusRow(500, 599, Fate.Ambiguous, SendReason.ServerError));

    /// <summary>The detail holds Slack's word or the status, never the rest of the body.</summary>
    public static SendResult Classify(ChatHttpAnswer answer, DetailScrubber scrubber)
    {
        var body = answer.Body.Trim();
        if (answer.Status == 200)
            return ClassifySuccess(answer, body, scrubber);

        using var json = AnswerJson.ParseObject(body);
        var code = json is null ? WordOf(body) : AnswerJson.TextOf(json.RootElement, "error");
        var asked = json is null ? answer.RetryAfter : RetryAfter.Longer(answer.RetryAfter, RetryAfter.Parse(json.RootElement));
        var detail = scrubber.Join(scrubber.Clean(code, MaxCodeLength), $"HTTP {answer.Status}");

        // A 429 is one whatever it says.
        return answer.Status != 429 && Codes.Find(code) is { } row
            ? Verdicts.Of(row, asked, detail)
            : Verdicts.Of(Statuses.Find(answer.Status), asked, detail);
    }

    private static SendResult ClassifySuccess(ChatHttpAnswer answer, string body, DetailScrubber scrubber)
    {
        if (!answer.IsComplete)
            return TransportFaults.AnswerCut;

        if (body == "ok")
            return SendResult.Delivered();

        // A page of somebody between us and Slack; its kind is all that is safe to tell of it.
        var detail = scrubber.Join("HTTP 200", scrubber.Clean(answer.ContentType, MaxCodeLength));
        return Verdicts.Of(Statuses.Find(answer.Status), answer.RetryAfter, detail);
    }

    // A body that is not one word of Slack's kind is a page of somebody else, and no code.
    private static string? WordOf(string body) =>
        body.Length is > 0 and <= MaxCodeLength && body.All(letter => char.IsAsciiLetterLower(letter) || letter == '_') ? body : null;
}
