using DefectNotifier.Chat.Http;
using DefectNotifier.Delivery.Outcomes;
using DefectNotifier.Outbox;

namespace DefectNotifier.Chat.Slack;

/// <summary>
/// What the responses to a reply and to a change of a message mean where they are not those to a plain post: they say that it can't be done in this way, so that another one
/// is taken. The codes are those of https://docs.slack.dev/reference/methods/chat.update and chat.postMessage.
/// </summary>
internal static class SlackThreadResponses
{
    private static readonly ResponseTable OfReply = new(
        StringComparer.Ordinal,
        new(
            SendOutcome.NotSupported,
            SendReason.CannotThread,
            "cannot_reply_to_message", "thread_not_found", "restricted_action_non_threadable_channel", "restricted_action_thread_locked", "thread_locked",
            "message_not_found"),
        new(SendOutcome.NotSupported, SendReason.CannotBroadcast, "cant_broadcast_message", "no_dual_broadcast_content_update"));

    private static readonly ResponseTable OfUpdate = new(
        StringComparer.Ordinal,
        new(SendOutcome.NotSupported, SendReason.MessageGone, "message_not_found"),
        new(
            SendOutcome.NotSupported,
            SendReason.CannotChange,
            "cant_update_message", "edit_window_closed", "is_inactive", "block_mismatch", "posting_to_channel_denied"));

    public static SendResult ClassifyReply(SlackResponse response, DetailScrubber scrubber) => Classify(OfReply, response, scrubber);

    public static SendResult ClassifyUpdate(SlackResponse response, DetailScrubber scrubber) => Classify(OfUpdate, response, scrubber);

    private static SendResult Classify(ResponseTable table, SlackResponse response, DetailScrubber scrubber)
    {
        var heard = SlackApiResponses.Classify(response, scrubber);
        return response is { Failure: null, Ok: false } && table.Find(response.Error) is { } row ? Verdicts.Of(row, response.RetryAfter, heard.Detail) : heard;
    }
}
