using DefectNotifier.Chat.Http;
using DefectNotifier.Chat.Slack.Sending;
using DefectNotifier.Delivery.Outcomes;
using DefectNotifier.Outbox.Contract;

namespace DefectNotifier.Tests.Slack;

public sealed class SlackWebhookResponsesTests
{
    private static readonly DetailScrubber Scrubber =
        new(new Uri("https://hooks.slack.com/services/T0AAAAAAA/" + "B0BBBBBBB/abcdefSECRETSECRETSECRET"));

    [Theory]
    [InlineData(400, "invalid_payload", SendOutcome.Rejected, SendReason.InvalidMessage)]
    [InlineData(400, "no_text", SendOutcome.Rejected, SendReason.InvalidMessage)]
    [InlineData(500, "missing_text_or_fallback_or_attachments", SendOutcome.Rejected, SendReason.InvalidMessage)]
    [InlineData(400, "invalid_attachments", SendOutcome.Rejected, SendReason.InvalidMessage)]
    [InlineData(400, "msg_too_long", SendOutcome.Rejected, SendReason.MessageTooLarge)]
    [InlineData(400, "msg_blocks_too_long", SendOutcome.Rejected, SendReason.MessageTooLarge)]
    [InlineData(400, "attachment_payload_limit_exceeded", SendOutcome.Rejected, SendReason.MessageTooLarge)]
    [InlineData(400, "too_many_attachments", SendOutcome.Rejected, SendReason.MessageTooLarge)]
    [InlineData(400, "invalid_blocks", SendOutcome.Rejected, SendReason.InvalidMessage)]
    [InlineData(400, "invalid_blocks_format", SendOutcome.Rejected, SendReason.InvalidMessage)]
    [InlineData(400, "missing_text_or_fallback_or_attachments", SendOutcome.Rejected, SendReason.InvalidMessage)]
    [InlineData(400, "user_not_found", SendOutcome.Parked, SendReason.ChannelNotFound)]
    [InlineData(404, "user_not_found", SendOutcome.Parked, SendReason.ChannelNotFound)]
    [InlineData(403, "action_prohibited", SendOutcome.Parked, SendReason.MissingPermission)]
    [InlineData(403, "invalid_token", SendOutcome.Parked, SendReason.BadCredentials)]
    [InlineData(403, "posting_to_general_channel_denied", SendOutcome.Parked, SendReason.ChannelRestricted)]
    [InlineData(404, "channel_not_found", SendOutcome.Parked, SendReason.ChannelNotFound)]
    [InlineData(404, "no_service", SendOutcome.Parked, SendReason.HookGone)]
    [InlineData(404, "no_service_id", SendOutcome.Parked, SendReason.HookGone)]
    [InlineData(404, "no_team", SendOutcome.Parked, SendReason.HookGone)]
    [InlineData(404, "team_disabled", SendOutcome.Parked, SendReason.HookGone)]
    [InlineData(404, "no_active_hooks", SendOutcome.Parked, SendReason.HookGone)]
    [InlineData(410, "channel_is_archived", SendOutcome.Parked, SendReason.ChannelArchived)]
    [InlineData(500, "rollup_error", SendOutcome.Ambiguous, SendReason.ServerError)]
    [InlineData(400, "no_service\n", SendOutcome.Parked, SendReason.HookGone)]
    [InlineData(500, "no_service", SendOutcome.Parked, SendReason.HookGone)]
    [InlineData(400, """{"ok":false,"error":"channel_not_found"}""", SendOutcome.Parked, SendReason.ChannelNotFound)]
    [InlineData(400, """{"ok":false,"error":"rate_limited"}""", SendOutcome.Wait, SendReason.RateLimited)]
    [InlineData(429, "no_text", SendOutcome.Wait, SendReason.RateLimited)]
    [InlineData(429, "rate_limited", SendOutcome.Wait, SendReason.RateLimited)]
    [InlineData(200, "ok", SendOutcome.Delivered, SendReason.Ok)]
    [InlineData(200, "<html>", SendOutcome.Ambiguous, SendReason.UnexpectedResponse)]
    [InlineData(301, "", SendOutcome.Parked, SendReason.BadAddress)]
    [InlineData(405, "", SendOutcome.Retry, SendReason.UnexpectedResponse)]
    [InlineData(403, "a_new_error", SendOutcome.Parked, SendReason.MissingPermission)]
    [InlineData(404, "a_new_error", SendOutcome.Parked, SendReason.HookGone)]
    [InlineData(410, """{"ok":false,"error":"new"}""", SendOutcome.Parked, SendReason.HookGone)]
    [InlineData(413, "a_new_error", SendOutcome.Rejected, SendReason.MessageTooLarge)]
    [InlineData(404, "not found", SendOutcome.Retry, SendReason.UnexpectedResponse)]
    [InlineData(404, """{"error":"no_service"}""", SendOutcome.Retry, SendReason.UnexpectedResponse)]
    [InlineData(502, "", SendOutcome.Ambiguous, SendReason.ServerError)]
    [InlineData(503, "", SendOutcome.Ambiguous, SendReason.ServerError)]
    public void Classify_DocumentedResponse_HasItsOutcome(int status, string body, SendOutcome outcome, SendReason reason)
    {
        var result = SlackWebhookResponses.Classify(new ChatHttpResponse(status) { Body = body }, Scrubber);

        Assert.Equal((outcome, reason), (result.Outcome, result.Reason));
    }

    [Theory]
    [InlineData("ok")]
    [InlineData("ok\n")]
    public void Classify_200AndOk_IsDelivered(string body) =>
        Assert.Equal(SendResult.Delivered(), SlackWebhookResponses.Classify(new ChatHttpResponse(200) { Body = body }, Scrubber));

    [Theory]
    [InlineData("")]
    [InlineData("OK")]
    [InlineData("okay")]
    [InlineData("<html>ok</html>")]
    [InlineData("""{"ok":true}""")]
    [InlineData("no_text")]
    public void Classify_200AndAnythingElse_IsAmbiguous(string body)
    {
        var result = SlackWebhookResponses.Classify(new ChatHttpResponse(200) { Body = body, ContentType = "text/html" }, Scrubber);

        Assert.Equal(new SendResult(SendOutcome.Ambiguous, SendReason.UnexpectedResponse) { Detail = "HTTP 200; text/html" }, result);
    }

    [Fact]
    public void Classify_200WithIncompleteBody_IsAmbiguous()
    {
        var result = SlackWebhookResponses.Classify(new ChatHttpResponse(200) { Body = "ok", IsComplete = false }, Scrubber);

        Assert.Equal((SendOutcome.Ambiguous, SendReason.ConnectionLost), (result.Outcome, result.Reason));
    }

    [Theory]
    [InlineData("")]
    [InlineData("<html>something else</html>")]
    [InlineData("{")]
    [InlineData("ok")]
    public void Classify_StatusWithoutAKnownCode_HasItsOutcome(string body)
    {
        for (var status = 100; status <= 599; status++)
        {
            var result = SlackWebhookResponses.Classify(new ChatHttpResponse(status) { Body = body }, Scrubber);

            (SendOutcome, SendReason) expected = status switch
            {
                200 when body == "ok" => (SendOutcome.Delivered, SendReason.Ok),
                >= 200 and <= 299 => (SendOutcome.Ambiguous, SendReason.UnexpectedResponse),
                >= 300 and <= 399 => (SendOutcome.Parked, SendReason.BadAddress),
                413 => (SendOutcome.Retry, SendReason.MessageTooLarge),
                429 => (SendOutcome.Wait, SendReason.RateLimited),
                >= 400 and <= 499 => (SendOutcome.Retry, SendReason.UnexpectedResponse),
                >= 500 => (SendOutcome.Ambiguous, SendReason.ServerError),
                _ => (SendOutcome.Ambiguous, SendReason.UnexpectedResponse),
            };
            Assert.Equal((status, expected), (status, (result.Outcome, result.Reason)));
        }
    }

    [Fact]
    public void Classify_UnknownCode_IsTriedThreeTimes()
    {
        var result = SlackWebhookResponses.Classify(new ChatHttpResponse(418) { Body = "a_teapot" }, Scrubber);

        Assert.Equal(new SendResult(SendOutcome.Retry, SendReason.UnknownError) { MaxAttempts = 3, Detail = "a_teapot; HTTP 418" }, result);
    }

    [Theory]
    [InlineData(null, "", 30)]
    [InlineData(7, "", 7)]
    [InlineData(null, """{"retry_after":4,"ok":false,"error":"rate_limited"}""", 4)]
    [InlineData(2, """{"retry_after":4}""", 4)]
    [InlineData(9, """{"retry_after":4}""", 9)]
    [InlineData(0, "", 1)]
    [InlineData(90_000, "", 3600)]
    public void Classify_429_WaitsAsRequested(int? header, string body, int expected)
    {
        var response = new ChatHttpResponse(429) { Body = body, RetryAfter = header is { } seconds ? TimeSpan.FromSeconds(seconds) : null };

        Assert.Equal(TimeSpan.FromSeconds(expected), SlackWebhookResponses.Classify(response, Scrubber).RetryAfter);
    }

    [Fact]
    public void Classify_PageOfAnotherServer_IsNotQuoted()
    {
        var result = SlackWebhookResponses.Classify(new ChatHttpResponse(502) { Body = "<html>the message or anything</html>" }, Scrubber);

        Assert.Equal("HTTP 502", result.Detail);
    }
}
