using DefectNotifier.Chat.Http;
using DefectNotifier.Chat.Slack.Api;
using DefectNotifier.Chat.Slack.Sending;
using DefectNotifier.Delivery.Outcomes;
using DefectNotifier.Outbox.Contract;

namespace DefectNotifier.Tests.Slack;

/// <summary>
/// One row for each error code of Slack: its outcome and reason. A new code is added here and in <see cref="SlackErrorCodes"/>.
/// </summary>
public sealed class SlackErrorCodesTests
{
    private static readonly DetailScrubber Scrubber = new(new Uri("https://slack.com/api/"), "xoxb-1111-2222-SECRET");

    /// <summary>
    /// Every code that Slack documents for chat.postMessage, for related methods (updates, reactions) and for all methods.
    /// </summary>
    public static TheoryData<string, SendOutcome, SendReason> PostCodes()
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
            "missing_scope no_permission app_access_restricted team_access_not_granted enterprise_is_restricted accesslimited "
            + "access_denied ekm_access_denied metadata_must_be_sent_from_app as_user_not_supported send_on_behalf_not_allowed");
        Add(SendOutcome.Parked, SendReason.ChannelNotFound, "channel_not_found team_not_found user_not_in_channel not_in_channel");
        Add(SendOutcome.Parked, SendReason.ChannelArchived, "is_archived");
        Add(
            SendOutcome.Parked,
            SendReason.ChannelRestricted,
            "restricted_action restricted_action_read_only_channel restricted_action_thread_only_channel messages_tab_disabled "
            + "posting_to_channel_denied slack_connect_file_link_sharing_blocked slack_connect_canvas_sharing_blocked "
            + "slack_connect_lists_sharing_blocked slack_connect_of_tomorrow_blocked");
        Add(
            SendOutcome.Rejected,
            SendReason.InvalidMessage,
            "no_text invalid_blocks invalid_blocks_format invalid_attachments invalid_metadata_format invalid_metadata_schema "
            + "markdown_text_conflict bad_timestamp no_item_specified");
        Add(
            SendOutcome.Rejected,
            SendReason.MessageTooLarge,
            "msg_blocks_too_long msg_too_long too_many_attachments attachment_payload_limit_exceeded metadata_too_large "
            + "too_many_contact_cards");
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
            "draft_already_deleted draft_already_sent draft_has_conflict draft_not_found duplicate_channel_not_found "
            + "duplicate_message_not_found missing_file_data");
        return rows;

        void Add(SendOutcome outcome, SendReason reason, string codes)
        {
            foreach (var code in codes.Split(' '))
                rows.Add(code, outcome, reason);
        }
    }

    [Theory]
    [MemberData(nameof(PostCodes))]
    public void Classify_PostCode_HasItsOutcome(string code, SendOutcome outcome, SendReason reason)
    {
        // The code decides, whatever the status.
        foreach (var status in (int[])[200, 400, 403, 500, 503])
        {
            var result = SlackApiResponses.Classify(new SlackResponse { Error = code, Status = status }, Scrubber);

            Assert.Equal((outcome, reason), (result.Outcome, result.Reason));
            Assert.Null(result.MaxAttempts);
            Assert.StartsWith(code, result.Detail, StringComparison.Ordinal);
        }
    }

    public static TheoryData<string, SendReason> ReplyCodes() => Rows(
        (
            SendReason.CannotThread,
            "cannot_reply_to_message thread_not_found restricted_action_non_threadable_channel restricted_action_thread_locked "
            + "thread_locked message_not_found"),
        (SendReason.CannotBroadcast, "cant_broadcast_message no_dual_broadcast_content_update"));

    public static TheoryData<string, SendReason> UpdateCodes() => Rows(
        (SendReason.MessageGone, "message_not_found"),
        (SendReason.CannotChange, "cant_update_message edit_window_closed is_inactive block_mismatch posting_to_channel_denied"));

    /// <summary>Every documented code and an unknown one.</summary>
    public static TheoryData<string> AllCodes() => [.. PostCodes().Select(row => row.Data.Item1), "of_tomorrow"];

    [Theory]
    [MemberData(nameof(ReplyCodes))]
    public void ClassifyReply_ReplyCode_IsNotSupported(string code, SendReason reason) =>
        AssertNotSupported(SlackApiResponses.Classify(Response(code), Scrubber, SlackErrorCodes.Reply), code, reason);

    [Theory]
    [MemberData(nameof(UpdateCodes))]
    public void ClassifyUpdate_UpdateCode_IsNotSupported(string code, SendReason reason) =>
        AssertNotSupported(SlackApiResponses.Classify(Response(code), Scrubber, SlackErrorCodes.Update), code, reason);

    [Theory]
    [MemberData(nameof(AllCodes))]
    public void ClassifyReplyOrUpdate_AnyOtherCode_IsClassifiedAsForAPost(string code)
    {
        var post = SlackApiResponses.Classify(Response(code), Scrubber);

        if (!ReplyCodes().Any(row => row.Data.Item1 == code))
            Assert.Equal(post, SlackApiResponses.Classify(Response(code), Scrubber, SlackErrorCodes.Reply));

        if (!UpdateCodes().Any(row => row.Data.Item1 == code))
            Assert.Equal(post, SlackApiResponses.Classify(Response(code), Scrubber, SlackErrorCodes.Update));
    }

    [Fact]
    public void ClassifyReplyOrUpdate_EveryStatus_IsClassifiedAsForAPost()
    {
        for (var status = 100; status <= 599; status++)
        {
            var response = new SlackResponse { Status = status };
            var post = SlackApiResponses.Classify(response, Scrubber);

            Assert.Equal(post, SlackApiResponses.Classify(response, Scrubber, SlackErrorCodes.Reply));
            Assert.Equal(post, SlackApiResponses.Classify(response, Scrubber, SlackErrorCodes.Update));
        }
    }

    [Fact]
    public void ClassifyUpdate_NetworkError_IsReturnedUnchanged()
    {
        var lost = new SendResult(SendOutcome.Ambiguous, SendReason.ConnectionLost);

        Assert.Equal(
            lost,
            SlackApiResponses.Classify(
                new SlackResponse { Failure = lost, Error = "message_not_found" }, Scrubber, SlackErrorCodes.Update));
    }

    private static SlackResponse Response(string code) => new() { Error = code };

    private static void AssertNotSupported(SendResult result, string code, SendReason reason)
    {
        Assert.Equal((SendOutcome.NotSupported, reason), (result.Outcome, result.Reason));
        Assert.StartsWith(code, result.Detail, StringComparison.Ordinal);
    }

    private static TheoryData<string, SendReason> Rows(params (SendReason Reason, string Codes)[] rows)
    {
        var data = new TheoryData<string, SendReason>();
        foreach (var (reason, codes) in rows)
            foreach (var code in codes.Split(' ')) data.Add(code, reason);
        return data;
    }
}
