using DefectNotifier.Chat.Http;
using DefectNotifier.Outbox.Contract;

namespace DefectNotifier.Chat.Slack.Sending;

/// <summary>
/// What each Slack error code means for a delivery. To add a code, add it to a row here and to <c>SlackErrorCodesTests</c>. The Web API
/// codes are from https://docs.slack.dev/reference/methods/chat.postMessage and related methods, the webhook codes from
/// https://docs.slack.dev/messaging/sending-messages-using-incoming-webhooks and from observed responses.
/// </summary>
internal static class SlackErrorCodes
{
    /// <summary>The bot is not a member of the channel; it may be able to join.</summary>
    public const string NotInChannel = "not_in_channel";

    /// <summary>A message with an unknown error code is tried this many times, then it becomes a dead letter.</summary>
    public const int UnknownCodeAttempts = 3;

    /// <summary>
    /// Codes of <c>chat.postMessage</c> and, where <see cref="Reply"/> and <see cref="Update"/> have no row, of replies and updates. An
    /// error code means that nothing was posted, except where Slack says otherwise.
    /// </summary>
    public static readonly ResponseTable Post = new(
        StringComparer.Ordinal,

        // Wait as long as Slack asks.
        new(SendOutcome.Wait, SendReason.RateLimited, "ratelimited", "rate_limited"),

        // The plan's quota is used up, or the workspace is being migrated: this takes a while.
        new(SendOutcome.Wait, SendReason.WorkspaceBusy, "message_limit_exceeded", "team_added_to_org", "org_login_required")
        {
            MinWait = TimeSpan.FromMinutes(10),
        },

        // Temporary: retry.
        new(
            SendOutcome.Retry,
            SendReason.ServiceUnavailable,
            "service_unavailable", "request_timeout", "update_failed", "streaming_state_conflict"),
        new(SendOutcome.Retry, SendReason.WorkspaceBusy, "external_channel_migrating"),

        // Slack's documentation: "Some aspect of the operation may have succeeded."
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
            "missing_scope", "no_permission", "app_access_restricted", "team_access_not_granted", "enterprise_is_restricted",
            "accesslimited",
            "access_denied", "ekm_access_denied", "metadata_must_be_sent_from_app", "as_user_not_supported", "send_on_behalf_not_allowed"),

        // The channel.
        new(SendOutcome.Parked, SendReason.ChannelNotFound, "channel_not_found")
        {
            Advice = "the channel does not exist, or it is private and the bot was not invited",
        },
        new(SendOutcome.Parked, SendReason.ChannelNotFound, NotInChannel, "user_not_in_channel")
        {
            Advice = "invite the bot to the channel",
        },
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
            "no_text", "invalid_blocks", "invalid_blocks_format", "invalid_attachments", "invalid_metadata_format",
            "invalid_metadata_schema",
            "markdown_text_conflict", "bad_timestamp", "no_item_specified"),
        new(
            SendOutcome.Rejected,
            SendReason.MessageTooLarge,
            "msg_blocks_too_long", "msg_too_long", "too_many_attachments", "attachment_payload_limit_exceeded", "metadata_too_large",
            "too_many_contact_cards"),

        // The request, which is our bug: retrying the message does not help.
        new(
            SendOutcome.Rejected,
            SendReason.InvalidMessage,
            "invalid_arguments", "invalid_arg_name", "invalid_array_arg", "invalid_json", "json_not_object", "invalid_charset",
            "invalid_form_data",
            "invalid_post_type", "missing_post_type", "unknown_method", "method_deprecated", "deprecated_endpoint"),

        // Threads and broadcasts, when the template's own JSON sets thread_ts or reply_broadcast.
        new(
            SendOutcome.Rejected,
            SendReason.InvalidMessage,
            "cannot_reply_to_message", "thread_not_found", "restricted_action_non_threadable_channel", "restricted_action_thread_locked",
            "thread_locked", "cant_broadcast_message", "no_dual_broadcast_content_update"),

        // Updates and reactions. Not expected for a post.
        new(
            SendOutcome.Rejected,
            SendReason.InvalidMessage,
            "message_not_found", "cant_update_message", "edit_window_closed", "is_inactive", "block_mismatch", "too_many_emoji",
            "too_many_reactions",
            "not_reactable", "invalid_name", "already_reacted", "no_reaction"),

        // Arguments that we do not send (drafts, files, client_msg_id).
        new(
            SendOutcome.Rejected,
            SendReason.InvalidMessage,
            "draft_already_deleted", "draft_already_sent", "draft_has_conflict", "draft_not_found", "duplicate_channel_not_found",
            "duplicate_message_not_found", "missing_file_data"));

    /// <summary>Codes that have a different meaning for a reply in a thread: the delivery continues in another way.</summary>
    public static readonly ResponseTable Reply = new(
        StringComparer.Ordinal,
        new(
            SendOutcome.NotSupported,
            SendReason.CannotThread,
            "cannot_reply_to_message", "thread_not_found", "restricted_action_non_threadable_channel", "restricted_action_thread_locked",
            "thread_locked", "message_not_found"),
        new(SendOutcome.NotSupported, SendReason.CannotBroadcast, "cant_broadcast_message", "no_dual_broadcast_content_update"));

    /// <summary>
    /// Codes that have a different meaning for an update of a message: the delivery continues in another way.
    /// https://docs.slack.dev/reference/methods/chat.update
    /// </summary>
    public static readonly ResponseTable Update = new(
        StringComparer.Ordinal,
        new(SendOutcome.NotSupported, SendReason.MessageGone, "message_not_found"),
        new(
            SendOutcome.NotSupported,
            SendReason.CannotChange,
            "cant_update_message", "edit_window_closed", "is_inactive", "block_mismatch", "posting_to_channel_denied"));

    /// <summary>
    /// Further codes, of an incoming webhook. Slack documents no full list: webhooks respond with codes of the Web API too, so both share
    /// all codes.
    /// </summary>
    public static readonly ResponseTable Webhook = new(
        StringComparer.Ordinal,
        new(SendOutcome.Rejected, SendReason.InvalidMessage, "invalid_payload", "missing_text_or_fallback_or_attachments"),
        new(SendOutcome.Parked, SendReason.ChannelNotFound, "user_not_found", "channel_not_found"),
        new(SendOutcome.Parked, SendReason.MissingPermission, "action_prohibited"),
        new(SendOutcome.Parked, SendReason.BadCredentials, "invalid_token"),
        new(SendOutcome.Parked, SendReason.ChannelRestricted, "posting_to_general_channel_denied"),
        new(SendOutcome.Parked, SendReason.HookGone, "no_service", "no_service_id", "no_team", "team_disabled", "no_active_hooks"),
        new(SendOutcome.Parked, SendReason.ChannelArchived, "channel_is_archived"),
        new(SendOutcome.Ambiguous, SendReason.ServerError, "rollup_error"));

    /// <summary>HTTP statuses of responses that are not Slack's.</summary>
    public static readonly StatusTable Statuses = new();

    /// <summary>HTTP statuses of Slack's responses with an unknown code.</summary>
    public static readonly StatusTable UnknownCode = new(StatusTable.UnknownCode(UnknownCodeAttempts));

    // slack_connect_file_link_sharing_blocked and others of this form; Slack keeps adding more.
    private static readonly ResponseRow SlackConnectBlocked = new(SendOutcome.Parked, SendReason.ChannelRestricted);

    /// <summary>The row for a code; null for null and for an unknown code.</summary>
    /// <param name="code">The code.</param>
    /// <param name="special">The table that comes first: <see cref="Reply"/>, <see cref="Update"/>, <see cref="Webhook"/> or null.</param>
    public static ResponseRow? Find(string? code, ResponseTable? special) =>
        special?.Find(code) ?? Post.Find(code) ?? Webhook.Find(code) ?? (IsSlackConnectBlock(code) ? SlackConnectBlocked : null);

    private static bool IsSlackConnectBlock(string? code) =>
        code is not null
        && code.StartsWith("slack_connect_", StringComparison.Ordinal)
        && code.EndsWith("_blocked", StringComparison.Ordinal);
}
