using DefectNotifier.Chat.Http;
using DefectNotifier.Chat.Slack;
using DefectNotifier.Delivery.Outcomes;
using DefectNotifier.Outbox;

namespace DefectNotifier.Tests.Slack;

public sealed class SlackApiResponsesTests
{
    private static readonly DetailScrubber Scrubber = new(new Uri("https://slack.com/api/"), "xoxb-1111-2222-SECRET");

    /// <summary>Every code that Slack documents for chat.postMessage, for its neighbours (updating, reacting) and for all methods.</summary>
    public static TheoryData<string, SendOutcome, SendReason> DocumentedCodes()
    {
        var rows = new TheoryData<string, SendOutcome, SendReason>();
        Add(SendOutcome.Wait, SendReason.RateLimited, "ratelimited rate_limited");
        Add(SendOutcome.Retry, SendReason.ServiceUnavailable, "service_unavailable request_timeout update_failed streaming_state_conflict");
        Add(SendOutcome.Retry, SendReason.WorkspaceBusy, "external_channel_migrating");
        Add(SendOutcome.Wait, SendReason.WorkspaceBusy, "message_limit_exceeded team_added_to_org org_login_required");
        Add(SendOutcome.Ambiguous, SendReason.ServerError, "fatal_error internal_error");
        Add(
            SendOutcome.Parked,
            SendReason.BadCredentials,
            "not_authed invalid_auth token_revoked token_expired account_inactive not_allowed_token_type two_factor_setup_required is_bot");
        Add(
            SendOutcome.Parked,
            SendReason.MissingPermission,
            "missing_scope no_permission app_access_restricted team_access_not_granted enterprise_is_restricted accesslimited access_denied "
            + "ekm_access_denied metadata_must_be_sent_from_app as_user_not_supported send_on_behalf_not_allowed");
        Add(SendOutcome.Parked, SendReason.ChannelNotFound, "channel_not_found team_not_found user_not_in_channel not_in_channel");
        Add(SendOutcome.Parked, SendReason.ChannelArchived, "is_archived");
        Add(
            SendOutcome.Parked,
            SendReason.ChannelRestricted,
            "restricted_action restricted_action_read_only_channel restricted_action_thread_only_channel messages_tab_disabled "
            + "posting_to_channel_denied slack_connect_file_link_sharing_blocked slack_connect_canvas_sharing_blocked slack_connect_lists_sharing_blocked "
            + "slack_connect_of_tomorrow_blocked");
        Add(
            SendOutcome.Rejected,
            SendReason.InvalidMessage,
            "no_text invalid_blocks invalid_blocks_format invalid_attachments invalid_metadata_format invalid_metadata_schema "
            + "markdown_text_conflict bad_timestamp no_item_specified");
        Add(
            SendOutcome.Rejected,
            SendReason.MessageTooLarge,
            "msg_blocks_too_long msg_too_long too_many_attachments attachment_payload_limit_exceeded metadata_too_large too_many_contact_cards");
        Add(
            SendOutcome.Rejected,
            SendReason.InvalidMessage,
            "invalid_arguments invalid_arg_name invalid_array_arg invalid_json json_not_object invalid_charset invalid_form_data "
            + "invalid_post_type missing_post_type unknown_method method_deprecated deprecated_endpoint");
        Add(
            SendOutcome.Rejected,
            SendReason.InvalidMessage,
            "message_not_found cant_update_message edit_window_closed is_inactive block_mismatch cannot_reply_to_message thread_not_found "
            + "restricted_action_non_threadable_channel restricted_action_thread_locked too_many_emoji too_many_reactions thread_locked "
            + "not_reactable invalid_name cant_broadcast_message no_dual_broadcast_content_update already_reacted no_reaction");
        Add(
            SendOutcome.Rejected,
            SendReason.InvalidMessage,
            "draft_already_deleted draft_already_sent draft_has_conflict draft_not_found duplicate_channel_not_found duplicate_message_not_found "
            + "missing_file_data");
        return rows;

        void Add(SendOutcome outcome, SendReason reason, string codes)
        {
            foreach (var code in codes.Split(' '))
                rows.Add(code, outcome, reason);
        }
    }

    [Theory]
    [MemberData(nameof(DocumentedCodes))]
    public void Classify_DocumentedCode_HasItsOutcome(string code, SendOutcome outcome, SendReason reason)
    {
        // The code counts, not the status that it comes with.
        foreach (var status in (int[])[200, 400, 403, 500, 503])
        {
            var result = SlackApiResponses.Classify(new SlackResponse { Error = code, Status = status }, Scrubber);

            Assert.Equal((outcome, reason), (result.Outcome, result.Reason));
            Assert.Null(result.MaxAttempts);
            Assert.StartsWith(code, result.Detail, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Classify_Ok_IsDeliveredWithChannelAndTs()
    {
        var result = SlackApiResponses.Classify(new SlackResponse { Ok = true, Channel = "C0123456789", Ts = "1503435956.000247" }, Scrubber);

        Assert.Equal(SendResult.Delivered("C0123456789/1503435956.000247"), result);
    }

    [Theory]
    [InlineData(null, "1.2")]
    [InlineData("C1", null)]
    [InlineData("xoxb-1111-2222-SECRET", "1.2")]
    [InlineData("C1", "xoxb-1111-2222-SECRET")]
    public void Classify_OkWithOddReference_IsDeliveredWithoutOne(string? channel, string? ts) =>
        Assert.Equal(SendResult.Delivered(), SlackApiResponses.Classify(new SlackResponse { Ok = true, Channel = channel, Ts = ts }, Scrubber));

    [Fact]
    public void Classify_EveryStatusWithoutACode_FollowsTheRule()
    {
        for (var status = 100; status <= 599; status++)
        {
            var result = SlackApiResponses.Classify(new SlackResponse { Status = status }, Scrubber);

            (SendOutcome, SendReason) expected = status switch
            {
                >= 200 and <= 299 => (SendOutcome.Ambiguous, SendReason.UnexpectedResponse),
                >= 300 and <= 399 or 404 or 405 or 410 => (SendOutcome.Parked, SendReason.BadAddress),
                401 => (SendOutcome.Parked, SendReason.BadCredentials),
                403 => (SendOutcome.Parked, SendReason.MissingPermission),
                408 => (SendOutcome.Retry, SendReason.ServiceUnavailable),
                413 => (SendOutcome.Rejected, SendReason.MessageTooLarge),
                429 => (SendOutcome.Wait, SendReason.RateLimited),
                >= 400 and <= 499 => (SendOutcome.Retry, SendReason.UnknownError),
                >= 500 => (SendOutcome.Ambiguous, SendReason.ServerError),
                _ => (SendOutcome.Ambiguous, SendReason.UnexpectedResponse),
            };
            Assert.Equal((status, expected), (status, (result.Outcome, result.Reason)));
            Assert.Equal(result.Reason is SendReason.UnknownError ? 3 : null, result.MaxAttempts);
            Assert.Equal($"HTTP {status}", result.Detail);
        }
    }

    [Fact]
    public void Classify_EveryStatusWithOk_IsDeliveredOnlyWith200()
    {
        for (var status = 100; status <= 599; status++)
            Assert.Equal(status == 200, SlackApiResponses.Classify(new SlackResponse { Ok = true, Status = status }, Scrubber).Outcome is SendOutcome.Delivered);
    }

    [Theory]
    [InlineData(200)]
    [InlineData(400)]
    [InlineData(422)]
    public void Classify_UnknownCode_IsTriedThreeTimes(int status)
    {
        var result = SlackApiResponses.Classify(new SlackResponse { Error = "new_in_2027", Status = status }, Scrubber);

        Assert.Equal(new SendResult(SendOutcome.Retry, SendReason.UnknownError) { MaxAttempts = 3, Detail = $"new_in_2027; HTTP {status}" }, result);
    }

    [Theory]
    [InlineData(429, SendOutcome.Wait)]
    [InlineData(500, SendOutcome.Ambiguous)]
    [InlineData(302, SendOutcome.Parked)]
    public void Classify_UnknownCodeWithATellingStatus_FollowsTheStatus(int status, SendOutcome outcome) =>
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
    public void Classify_RetryAfter_IsObeyedWhereItMeansSomething(string? code, int status, int? asked, int? expected)
    {
        var response = new SlackResponse { Error = code, Status = status, RetryAfter = asked is { } seconds ? TimeSpan.FromSeconds(seconds) : null };

        Assert.Equal(
            expected is { } wait ? TimeSpan.FromSeconds(wait) : null,
            SlackApiResponses.Classify(response, Scrubber).RetryAfter);
    }

    [Fact]
    public void Classify_Error_IsHandedOn()
    {
        var error = new SendResult(SendOutcome.Retry, SendReason.ConnectFailed);

        Assert.Same(error, SlackApiResponses.Classify(new SlackResponse { Failure = error }, Scrubber));
    }

    [Fact]
    public void Classify_NotInChannel_SaysWhatToDo() =>
        Assert.Equal(
            "not_in_channel; invite the bot to the channel",
            SlackApiResponses.Classify(new SlackResponse { Error = "not_in_channel" }, Scrubber).Detail);

    [Fact]
    public void Classify_LongDetails_AreCut()
    {
        var response = new SlackResponse { Error = "invalid_blocks", Details = [new string('a', 500), new string('b', 500) + " [json-pointer:/blocks/0]"] };

        var detail = SlackApiResponses.Classify(response, Scrubber).Detail!;

        // Each gets its share, and keeps its pointer.
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
