using DefectNotifier.Chat.Http;
using DefectNotifier.Delivery;

namespace DefectNotifier.Chat.Slack;

/// <summary>
/// What the answers to a reply and to a change of a message mean where they are not those to a plain post: they say that it can't be done in this way, so that another one
/// is taken. The codes are those of https://docs.slack.dev/reference/methods/chat.update and chat.postMessage.
/// </summary>
internal static class SlackConversationAnswers
{
    private static readonly AnswerTable OfReply = new(
        StringComparer.Ordinal,
        new(
            Fate.Detour,
            SendReason.CannotThread,
            "cannot_reply_to_message", "thread_not_found", "restricted_action_non_threadable_channel", "restricted_action_thread_locked", "thread_locked",
            "message_not_found"),
        new(Fate.Detour, SendReason.CannotBroadcast, "cant_broadcast_message", "no_dual_broadcast_content_update"));

    private static readonly AnswerTable OfUpdate = new(
        StringComparer.Ordinal,
        new(Fate.Detour, SendReason.MessageGone, "message_not_found"),
        new(
            Fate.Detour,
            SendReason.CannotChange,
            "cant_update_message", "edit_window_closed", "is_inactive", "block_mismatch", "posting_to_channel_denied"));

    public static SendResult ClassifyReply(SlackAnswer answer, DetailScrubber scrubber) => Classify(OfReply, answer, scrubber);

    public static SendResult ClassifyUpdate(SlackAnswer answer, DetailScrubber scrubber) => Classify(OfUpdate, answer, scrubber);

    private static SendResult Classify(AnswerTable table, SlackAnswer answer, DetailScrubber scrubber)
    {
        var heard = SlackApiAnswers.Classify(answer, scrubber);
        return answer is { Fault: null, Ok: false } && table.Find(answer.Error) is { } row ? Verdicts.Of(row, answer.RetryAfter, heard.Detail) : heard;
    }
}
