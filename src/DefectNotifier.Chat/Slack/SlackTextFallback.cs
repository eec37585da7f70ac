using DefectNotifier.Chat.Http;
using DefectNotifier.Delivery.Outcomes;
using DefectNotifier.Outbox;
using DefectNotifier.Rendering;

namespace DefectNotifier.Chat.Slack;

/// <summary>
/// When Slack refuses a message for its blocks (a picture that it can't fetch is enough), nothing was posted: the same words are sent once as plain text, so
/// that the channel still learns of the defect.
/// </summary>
internal static class SlackTextFallback
{
    /// <param name="message">The message with its blocks.</param>
    /// <param name="post">Posts one JSON object and classifies the answer.</param>
    public static async Task<SendResult> SendAsync(ChatMessage message, Func<ReadOnlyMemory<byte>, Task<SendResult>> post)
    {
        var whole = await post(message.Json);
        if (whole is not { Outcome: SendOutcome.Rejected, Reason: SendReason.InvalidMessage or SendReason.MessageTooLarge }) return whole;
        if (SlackPost.WithoutBlocks(message) is not { } text) return whole;
        return Verdicts.OfPlainer(whole, await post(text), "sent as plain text, because the blocks were refused");
    }
}
