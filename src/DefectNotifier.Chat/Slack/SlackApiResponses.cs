using DefectNotifier.Chat.Http;
using DefectNotifier.Delivery.Outcomes;
using DefectNotifier.Outbox;

namespace DefectNotifier.Chat.Slack;

/// <summary>
/// What the answers of Slack's Web API mean to a plain <c>chat.postMessage</c>: the error code first, the HTTP status second. The codes are those
/// of https://docs.slack.dev/reference/methods/chat.postMessage and its neighbours; <c>ok: false</c> means that nothing was posted, except where
/// Slack says otherwise.
/// </summary>
internal static class SlackApiResponses
{
    /// <summary>A code that we don't know gets two more tries, then the message is dead.</summary>
    public const int UnknownCodeAttempts = 3;

    private const int MaxCodeLength = 64;

    /// <summary>What all of Slack's further words may take of a detail, in equal shares.</summary>
    private const int MaxDetailsLength = 240;

    private static readonly ResponseTable Codes = new(
        StringComparer.Ordinal,

        // Wait as long as Slack asks.
        new(SendOutcome.Wait, SendReason.RateLimited, "ratelimited", "rate_limited"),

        // Over the plan's quota, or the workspace is being moved: no use for a long while.
        new(SendOutcome.Wait, SendReason.WorkspaceBusy, "message_limit_exceeded", "team_added_to_org", "org_login_required")
        {
            AtLeast = TimeSpan.FromMinutes(10),
        },

        // A bad moment: try again shortly.
        new(SendOutcome.Retry, SendReason.ServiceUnavailable, "service_unavailable", "request_timeout", "update_failed", "streaming_state_conflict"),
        new(SendOutcome.Retry, SendReason.WorkspaceBusy, "external_channel_migrating"),

        // "Some aspect of the operation may have succeeded."
        new(SendOutcome.Ambiguous, SendReason.ServerError, "fatal_error", "internal_error"),

        // The token.
        new(
            SendOutcome.Parked,
            SendReason.BadCredentials,
            "not_authed", "invalid_auth", "token_revoked", "token_expired", "account_inactive", "not_allowed_token_type", "is_bot",
            "two_factor_setup_required"),
        new(
            SendOutcome.Parked,
            SendReason.MissingPermission,
            "missing_scope", "no_permission", "app_access_restricted", "team_access_not_granted", "enterprise_is_restricted", "accesslimited",
            "access_denied", "ekm_access_denied", "metadata_must_be_sent_from_app", "as_user_not_supported", "send_on_behalf_not_allowed"),

        // The channel.
        new(SendOutcome.Parked, SendReason.ChannelNotFound, "channel_not_found")
        {
            Advice = "no such channel, or a private one that the bot was not invited to",
        },
        new(SendOutcome.Parked, SendReason.ChannelNotFound, "not_in_channel", "user_not_in_channel") { Advice = "invite the bot to the channel" },
        new(SendOutcome.Parked, SendReason.ChannelNotFound, "team_not_found"),
        new(SendOutcome.Parked, SendReason.ChannelArchived, "is_archived"),
        new(
            SendOutcome.Parked,
            SendReason.ChannelRestricted,
            "restricted_action", "restricted_action_read_only_channel", "restricted_action_thread_only_channel", "messages_tab_disabled",
            "posting_to_channel_denied"),

        // The message.
        new(
            SendOutcome.Rejected,
            SendReason.InvalidMessage,
            "no_text", "invalid_blocks", "invalid_blocks_format", "invalid_attachments", "invalid_metadata_format", "invalid_metadata_schema",
            "markdown_text_conflict", "bad_timestamp", "no_item_specified"),
        new(
            SendOutcome.Rejected,
            SendReason.MessageTooLarge,
            "msg_blocks_too_long", "msg_too_long", "too_many_attachments", "attachment_payload_limit_exceeded", "metadata_too_large",
            "too_many_contact_cards"),

        // The request, which is ours to mend: no other time will be better for this message.
        new(
            SendOutcome.Rejected,
            SendReason.InvalidMessage,
            "invalid_arguments", "invalid_arg_name", "invalid_array_arg", "invalid_json", "json_not_object", "invalid_charset", "invalid_form_data",
            "invalid_post_type", "missing_post_type", "unknown_method", "method_deprecated", "deprecated_endpoint"),

        // A thread or broadcast that the message asks for and can't have.
        new(
            SendOutcome.Rejected,
            SendReason.InvalidMessage,
            "cannot_reply_to_message", "thread_not_found", "restricted_action_non_threadable_channel", "restricted_action_thread_locked",
            "thread_locked", "cant_broadcast_message", "no_dual_broadcast_content_update"),

        // Words of updating and reacting. A plain post should never hear them; if it does, nothing was posted and nothing will be.
        new(
            SendOutcome.Rejected,
            SendReason.InvalidMessage,
            "message_not_found", "cant_update_message", "edit_window_closed", "is_inactive", "block_mismatch", "too_many_emoji", "too_many_reactions",
            "not_reactable", "invalid_name", "already_reacted", "no_reaction"),

        // Words of arguments that we don't send (drafts, files, client_msg_id).
        new(
            SendOutcome.Rejected,
            SendReason.InvalidMessage,
            "draft_already_deleted", "draft_already_sent", "draft_has_conflict", "draft_not_found", "duplicate_channel_not_found",
            "duplicate_message_not_found", "missing_file_data"));

    // slack_connect_file_link_sharing_blocked and its family, which grows.
    private static readonly ResponseRow SlackConnectBlocked = new(SendOutcome.Parked, SendReason.ChannelRestricted);

    private static readonly StatusTable Statuses = new(
        new StatusRow(200, 299, SendOutcome.Ambiguous, SendReason.UnexpectedResponse),
        new StatusRow(300, 399, SendOutcome.Parked, SendReason.BadAddress),
        new StatusRow(401, SendOutcome.Parked, SendReason.BadCredentials),
        new StatusRow(403, SendOutcome.Parked, SendReason.MissingPermission),
        new StatusRow(404, 405, SendOutcome.Parked, SendReason.BadAddress),
        new StatusRow(408, SendOutcome.Retry, SendReason.ServiceUnavailable),
        new StatusRow(410, SendOutcome.Parked, SendReason.BadAddress),
        new StatusRow(413, SendOutcome.Rejected, SendReason.MessageTooLarge),
        new StatusRow(429, SendOutcome.Wait, SendReason.RateLimited),
        new StatusRow(400, 499, SendOutcome.Retry, SendReason.UnknownError) { MaxAttempts = UnknownCodeAttempts },
        new StatusRow(500, 599, SendOutcome.Ambiguous, SendReason.ServerError));

    /// <summary>The detail holds the code, the advice and Slack's own words, scrubbed.</summary>
    public static SendResult Classify(SlackResponse response, DetailScrubber scrubber)
    {
        if (response.Failure is { } error)
            return error;

        if (response is { Ok: true, Status: 200 })
            return SendResult.Delivered(SlackReference.Of(response.Channel, response.Ts));

        var row = Codes.Find(response.Error)
            ?? (IsSlackConnectBlock(response.Error) ? SlackConnectBlocked : null);
        if (row is not null)
            return Verdicts.Of(row, response.RetryAfter, scrubber.Join(Parts(response, row.Advice, scrubber)));

        // A 200 or 4xx with a code says no in a word that is new to us; any other status knows better than such a word.
        var status = Statuses.Find(response is { Error.Length: > 0, Status: >= 200 and <= 299 } ? 400 : response.Status);
        return Verdicts.Of(status, response.RetryAfter, scrubber.Join(Parts(response, $"HTTP {response.Status}", scrubber)));
    }

    private static bool IsSlackConnectBlock(string? code) =>
        code is not null && code.StartsWith("slack_connect_", StringComparison.Ordinal) && code.EndsWith("_blocked", StringComparison.Ordinal);

    private static IEnumerable<string?> Parts(SlackResponse response, string? remark, DetailScrubber scrubber) =>
        [
            scrubber.Clean(response.Error, MaxCodeLength),
            remark,
            .. response.Details.Select(detail => SlackDetails.Clean(detail, scrubber, MaxDetailsLength / response.Details.Count)),
        ];
}
