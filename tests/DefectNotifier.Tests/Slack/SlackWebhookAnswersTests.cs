using DefectNotifier.Chat.Http;
using DefectNotifier.Chat.Slack;
using DefectNotifier.Delivery;

namespace DefectNotifier.Tests.Slack;

public sealed class SlackWebhookAnswersTests
{
    private static readonly DetailScrubber Scrubber = new(new Uri("https://hooks.slack.com/services/T0AAAAAAA/" + "B0BBBBBBB/abcdefSECRETSECRETSECRET"));

    [Theory]
    [InlineData(400, "invalid_payload", Fate.Refused, SendReason.InvalidMessage)]
    [InlineData(400, "no_text", Fate.Refused, SendReason.InvalidMessage)]
    [InlineData(400, "too_many_attachments", Fate.Refused, SendReason.MessageTooLarge)]
    [InlineData(400, "invalid_blocks", Fate.Refused, SendReason.InvalidMessage)]
    [InlineData(400, "invalid_blocks_format", Fate.Refused, SendReason.InvalidMessage)]
    [InlineData(400, "missing_text_or_fallback_or_attachments", Fate.Refused, SendReason.InvalidMessage)]
    [InlineData(400, "user_not_found", Fate.Parked, SendReason.ChannelNotFound)]
    [InlineData(404, "user_not_found", Fate.Parked, SendReason.ChannelNotFound)]
    [InlineData(403, "action_prohibited", Fate.Parked, SendReason.MissingPermission)]
    [InlineData(403, "invalid_token", Fate.Parked, SendReason.BadCredentials)]
    [InlineData(403, "posting_to_general_channel_denied", Fate.Parked, SendReason.ChannelRestricted)]
    [InlineData(404, "channel_not_found", Fate.Parked, SendReason.ChannelNotFound)]
    [InlineData(404, "no_service", Fate.Parked, SendReason.HookGone)]
    [InlineData(404, "no_service_id", Fate.Parked, SendReason.HookGone)]
    [InlineData(404, "no_team", Fate.Parked, SendReason.HookGone)]
    [InlineData(404, "team_disabled", Fate.Parked, SendReason.HookGone)]
    [InlineData(404, "no_active_hooks", Fate.Parked, SendReason.HookGone)]
    [InlineData(410, "channel_is_archived", Fate.Parked, SendReason.ChannelArchived)]
    [InlineData(500, "rollup_error", Fate.Ambiguous, SendReason.ServerError)]
    [InlineData(400, "no_service\n", Fate.Parked, SendReason.HookGone)]
    [InlineData(500, "no_service", Fate.Parked, SendReason.HookGone)]
    [InlineData(400, """{"ok":false,"error":"channel_not_found"}""", Fate.Parked, SendReason.ChannelNotFound)]
    [InlineData(400, """{"ok":false,"error":"rate_limited"}""", Fate.Wait, SendReason.RateLimited)]
    [InlineData(429, "no_text", Fate.Wait, SendReason.RateLimited)]
    [InlineData(429, "rate_limited", Fate.Wait, SendReason.RateLimited)]
    [InlineData(200, "ok", Fate.Delivered, SendReason.Ok)]
    [InlineData(200, "<html>", Fate.Ambiguous, SendReason.UnexpectedAnswer)]
    [InlineData(301, "", Fate.Parked, SendReason.BadAddress)]
    [InlineData(405, "", Fate.Parked, SendReason.BadAddress)]
    [InlineData(502, "", Fate.Ambiguous, SendReason.ServerError)]
    [InlineData(503, "", Fate.Ambiguous, SendReason.ServerError)]
    public void Classify_DocumentedAnswer_HasItsFate(int status, string body, Fate fate, SendReason reason)
    {
        var result = SlackWebhookAnswers.Classify(new ChatHttpAnswer(status) { Body = body }, Scrubber);

        Assert.Equal((fate, reason), (result.Fate, result.Reason));
    }

    [Theory]
    [InlineData("ok")]
    [InlineData("ok\n")]
    public void Classify_200AndOk_IsDelivered(string body) =>
        Assert.Equal(SendResult.Delivered(), SlackWebhookAnswers.Classify(new ChatHttpAnswer(200) { Body = body }, Scrubber));

    [Theory]
    [InlineData("")]
    [InlineData("OK")]
    [InlineData("okay")]
    [InlineData("<html>ok</html>")]
    [InlineData("""{"ok":true}""")]
    [InlineData("no_text")]
    public void Classify_200AndAnythingElse_IsAmbiguous(string body)
    {
        var result = SlackWebhookAnswers.Classify(new ChatHttpAnswer(200) { Body = body, ContentType = "text/html" }, Scrubber);

        Assert.Equal(new SendResult(Fate.Ambiguous, SendReason.UnexpectedAnswer) { Detail = "HTTP 200; text/html" }, result);
    }

    [Fact]
    public void Classify_200CutInsideTheBody_IsAmbiguous()
    {
        var result = SlackWebhookAnswers.Classify(new ChatHttpAnswer(200) { Body = "ok", IsComplete = false }, Scrubber);

        Assert.Equal((Fate.Ambiguous, SendReason.ConnectionLost), (result.Fate, result.Reason));
    }

    [Theory]
    [InlineData("")]
    [InlineData("<html>something else</html>")]
    [InlineData("{")]
    [InlineData("ok")]
    public void Classify_EveryStatusWithoutAKnownWord_FollowsTheRule(string body)
    {
        for (var status = 100; status <= 599; status++)
        {
            var result = SlackWebhookAnswers.Classify(new ChatHttpAnswer(status) { Body = body }, Scrubber);

            (Fate, SendReason) expected = status switch
            {
                200 when body == "ok" => (Fate.Delivered, SendReason.Ok),
                >= 200 and <= 299 => (Fate.Ambiguous, SendReason.UnexpectedAnswer),
                >= 300 and <= 399 or 405 => (Fate.Parked, SendReason.BadAddress),
                401 => (Fate.Parked, SendReason.BadCredentials),
                403 => (Fate.Parked, SendReason.MissingPermission),
                404 or 410 => (Fate.Parked, SendReason.HookGone),
                408 => (Fate.Retry, SendReason.ServiceUnavailable),
                413 => (Fate.Refused, SendReason.MessageTooLarge),
                429 => (Fate.Wait, SendReason.RateLimited),
                >= 400 and <= 499 => (Fate.Retry, SendReason.UnknownError),
                >= 500 => (Fate.Ambiguous, SendReason.ServerError),
                _ => (Fate.Ambiguous, SendReason.UnexpectedAnswer),
            };
            Assert.Equal((status, expected), (status, (result.Fate, result.Reason)));
        }
    }

    [Fact]
    public void Classify_UnknownFourHundred_IsTriedThreeTimes()
    {
        var result = SlackWebhookAnswers.Classify(new ChatHttpAnswer(418) { Body = "teapot" }, Scrubber);

        Assert.Equal(new SendResult(Fate.Retry, SendReason.UnknownError) { MaxAttempts = 3, Detail = "teapot; HTTP 418" }, result);
    }

    [Theory]
    [InlineData(null, "", 30)]
    [InlineData(7, "", 7)]
    [InlineData(null, """{"retry_after":4,"ok":false,"error":"rate_limited"}""", 4)]
    [InlineData(2, """{"retry_after":4}""", 4)]
    [InlineData(9, """{"retry_after":4}""", 9)]
    [InlineData(0, "", 1)]
    [InlineData(90_000, "", 3600)]
    public void Classify_429_WaitsAsLongAsAsked(int? header, string body, int expected)
    {
        var answer = new ChatHttpAnswer(429) { Body = body, RetryAfter = header is { } seconds ? TimeSpan.FromSeconds(seconds) : null };

        Assert.Equal(TimeSpan.FromSeconds(expected), SlackWebhookAnswers.Classify(answer, Scrubber).RetryAfter);
    }

    [Fact]
    public void Classify_PageOfSomebodyElse_IsNotQuoted()
    {
        var result = SlackWebhookAnswers.Classify(new ChatHttpAnswer(502) { Body = "<html>the message or anything</html>" }, Scrubber);

        Assert.Equal("HTTP 502", result.Detail);
    }
}
