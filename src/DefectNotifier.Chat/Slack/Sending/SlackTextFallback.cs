using DefectNotifier.Chat.Http;
using DefectNotifier.Delivery.Outcomes;
using DefectNotifier.Outbox.Contract;
using DefectNotifier.Rendering.Document;

namespace DefectNotifier.Chat.Slack.Sending;

/// <summary>
/// When a message is rejected for its blocks (an image that Slack cannot load is enough) or its size, nothing was posted. The same text is
/// then sent once without blocks, so that the channel still learns about the defect.
/// </summary>
internal static class SlackTextFallback
{
    /// <param name="message">The message with its blocks.</param>
    /// <param name="post">Posts one JSON object and classifies the response.</param>
    public static async Task<SendResult> SendAsync(ChatMessage message, Func<ReadOnlyMemory<byte>, Task<SendResult>> post)
    {
        var result = await post(message.Json);
        // A 413 of a proxy is not final, but the text may be small enough.
        var isRejected = result is
        { Outcome: SendOutcome.Rejected or SendOutcome.Retry, Reason: SendReason.InvalidMessage or SendReason.MessageTooLarge };
        if (!isRejected || SlackPayload.TextOnly(message) is not { } text) return result;
        return FallbackResult.Combine(result, await post(text), "the full message", "plain text");
    }
}
