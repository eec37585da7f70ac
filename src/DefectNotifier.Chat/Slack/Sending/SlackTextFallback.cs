using DefectNotifier.Chat.Http;
using DefectNotifier.Delivery.Outcomes;
using DefectNotifier.Outbox.Contract;
using DefectNotifier.Rendering.Document;

namespace DefectNotifier.Chat.Slack.Sending;

/// <summary>
/// When Slack rejects a message for its blocks (an image that it cannot load is enough), nothing was posted. The same text is then sent
/// once without blocks, so that the channel still learns about the defect.
/// </summary>
internal static class SlackTextFallback
{
    /// <param name="message">The message with its blocks.</param>
    /// <param name="post">Posts one JSON object and classifies the response.</param>
    public static async Task<SendResult> SendAsync(ChatMessage message, Func<ReadOnlyMemory<byte>, Task<SendResult>> post)
    {
        var result = await post(message.Json);
        if (result is not { Outcome: SendOutcome.Rejected, Reason: SendReason.InvalidMessage or SendReason.MessageTooLarge }) return result;
        if (SlackPayload.WithoutBlocks(message) is not { } text) return result;
        return FallbackResult.Combine(result, await post(text), "sent as plain text because Slack rejected the blocks");
    }
}
