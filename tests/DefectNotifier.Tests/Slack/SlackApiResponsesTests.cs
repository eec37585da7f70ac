using DefectNotifier.Chat.Http;
using DefectNotifier.Chat.Slack.Api;
using DefectNotifier.Chat.Slack.Sending;
using DefectNotifier.Delivery.Outcomes;
using DefectNotifier.Outbox.Contract;

namespace DefectNotifier.Tests.Slack;

public sealed class SlackApiResponsesTests
{
    private static readonly DetailScrubber Scrubber = new(new Uri("https://slack.com/api/"), "xoxb-1111-2222-SECRET");

    [Fact]
    public void Classify_Ok_IsDeliveredWithChannelAndTs()
    {
        var result = SlackApiResponses.Classify(
            new SlackResponse { Ok = true, Channel = "C0123456789", Ts = "1503435956.000247" }, Scrubber);

        Assert.Equal(SendResult.Delivered("C0123456789/1503435956.000247"), result);
    }

    [Theory]
    [InlineData(null, "1.2")]
    [InlineData("C1", null)]
    [InlineData("xoxb-1111-2222-SECRET", "1.2")]
    [InlineData("C1", "xoxb-1111-2222-SECRET")]
    public void Classify_OkWithInvalidReference_IsDeliveredWithoutReference(string? channel, string? ts) =>
        Assert.Equal(
            SendResult.Delivered(), SlackApiResponses.Classify(new SlackResponse { Ok = true, Channel = channel, Ts = ts }, Scrubber));

    [Fact]
    public void Classify_StatusWithoutACode_HasItsOutcome()
    {
        for (var status = 100; status <= 599; status++)
        {
            var result = SlackApiResponses.Classify(new SlackResponse { Status = status }, Scrubber);

            (SendOutcome, SendReason) expected = status switch
            {
                >= 200 and <= 299 => (SendOutcome.Ambiguous, SendReason.UnexpectedResponse),
                >= 300 and <= 399 => (SendOutcome.Parked, SendReason.BadAddress),
                413 => (SendOutcome.Retry, SendReason.MessageTooLarge),
                429 => (SendOutcome.Wait, SendReason.RateLimited),
                >= 400 and <= 499 => (SendOutcome.Retry, SendReason.UnexpectedResponse),
                >= 500 => (SendOutcome.Ambiguous, SendReason.ServerError),
                _ => (SendOutcome.Ambiguous, SendReason.UnexpectedResponse),
            };
            Assert.Equal((status, expected), (status, (result.Outcome, result.Reason)));
            Assert.Null(result.MaxAttempts);
            Assert.Equal($"HTTP {status}", result.Detail);
        }
    }

    [Fact]
    public void Classify_Ok_IsDeliveredOnlyWithStatus200()
    {
        for (var status = 100; status <= 599; status++)
            Assert.Equal(
                status == 200,
                SlackApiResponses.Classify(new SlackResponse { Ok = true, Status = status }, Scrubber).Outcome is SendOutcome.Delivered);
    }

    [Theory]
    [InlineData(200)]
    [InlineData(400)]
    [InlineData(422)]
    public void Classify_UnknownCode_IsTriedThreeTimes(int status)
    {
        var result = SlackApiResponses.Classify(new SlackResponse { Error = "new_in_2027", Status = status }, Scrubber);

        Assert.Equal(
            new SendResult(SendOutcome.Retry, SendReason.UnknownError) { MaxAttempts = 3, Detail = $"new_in_2027; HTTP {status}" }, result);
    }

    [Theory]
    [InlineData(429, SendOutcome.Wait)]
    [InlineData(500, SendOutcome.Ambiguous)]
    [InlineData(302, SendOutcome.Parked)]
    [InlineData(401, SendOutcome.Parked)]
    [InlineData(403, SendOutcome.Parked)]
    public void Classify_UnknownCodeWithAKnownStatus_FollowsTheStatus(int status, SendOutcome outcome) =>
        Assert.Equal(outcome, SlackApiResponses.Classify(new SlackResponse { Error = "new_in_2027", Status = status }, Scrubber).Outcome);

    [Theory]
    [InlineData("ratelimited", 200, null, 30)]
    [InlineData("ratelimited", 429, 7, 7)]
    [InlineData(null, 429, null, 30)]
    [InlineData(null, 429, 0, 1)]
    [InlineData(null, 429, 100_000, 3600)]
    [InlineData("message_limit_exceeded", 200, null, 600)]
    [InlineData("message_limit_exceeded", 200, 5, 600)]
    [InlineData("message_limit_exceeded", 200, 1200, 1200)]
    [InlineData(null, 503, 12, 12)]
    [InlineData(null, 503, null, null)]
    [InlineData("internal_error", 200, 12, 12)]
    [InlineData("channel_not_found", 200, 12, null)]
    [InlineData("invalid_blocks", 200, 12, null)]
    public void Classify_RetryAfter_IsUsedForRetriedOutcomes(string? code, int status, int? requested, int? expected)
    {
        TimeSpan? retryAfter = requested is { } seconds ? TimeSpan.FromSeconds(seconds) : null;
        var response = new SlackResponse { Error = code, Status = status, RetryAfter = retryAfter };

        Assert.Equal(
            expected is { } wait ? TimeSpan.FromSeconds(wait) : null,
            SlackApiResponses.Classify(response, Scrubber).RetryAfter);
    }

    [Fact]
    public void Classify_Failure_IsReturnedUnchanged()
    {
        var error = new SendResult(SendOutcome.Retry, SendReason.ConnectFailed);

        Assert.Same(error, SlackApiResponses.Classify(new SlackResponse { Failure = error }, Scrubber));
    }

    [Fact]
    public void Classify_NotInChannel_HasAdvice() =>
        Assert.Equal(
            "not_in_channel; invite the bot to the channel",
            SlackApiResponses.Classify(new SlackResponse { Error = "not_in_channel" }, Scrubber).Detail);

    [Fact]
    public void Classify_LongDetails_AreCut()
    {
        var response = new SlackResponse
        {
            Error = "invalid_blocks",
            Details = [new string('a', 500), new string('b', 500) + " [json-pointer:/blocks/0]"],
        };

        var detail = SlackApiResponses.Classify(response, Scrubber).Detail!;

        // Both get the same length, and the pointer is kept.
        Assert.Equal($"invalid_blocks; {new string('a', 119)}…; {new string('b', 94)}… [json-pointer:/blocks/0]", detail);
    }

    [Fact]
    public void Classify_EchoedToken_IsScrubbed()
    {
        var response = new SlackResponse
        {
            Error = "xoxb-1111-2222-SECRET",
            Details = ["token xoxb-1111-2222-SECRET is bad", new string('.', 190) + "xoxb-1111-2222-SECRET"],
        };

        var detail = SlackApiResponses.Classify(response, Scrubber).Detail!;

        Assert.DoesNotContain("xoxb", detail, StringComparison.Ordinal);
        Assert.Contains("token [secret] is bad", detail, StringComparison.Ordinal);
    }
}
