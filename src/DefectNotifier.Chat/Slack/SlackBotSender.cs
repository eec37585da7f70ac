using DefectNotifier.Chat.Http;
using DefectNotifier.Delivery;
using DefectNotifier.Rendering;

namespace DefectNotifier.Chat.Slack;

/// <summary>Posts to one channel as a bot, with <c>chat.postMessage</c>. The reference is <c>channel/ts</c>.</summary>
internal sealed class SlackBotSender(ISlackApi api, string channel, DetailScrubber scrubber) : IMessageSender
{
    public Task<SendResult> SendAsync(ChatMessage message, string stamp, CancellationToken cancellationToken) =>
        SlackTextFallback.SendAsync(message, json => PostAsync(json, cancellationToken));

    private async Task<SendResult> PostAsync(ReadOnlyMemory<byte> message, CancellationToken cancellationToken)
    {
        if (SlackPost.WithChannel(message, channel) is not { } json)
            return new SendResult(Fate.Refused, SendReason.InvalidMessage) { Detail = "the message is not one JSON object" };

        return SlackApiAnswers.Classify(await api.CallAsync("chat.postMessage", json, cancellationToken), scrubber);
    }
}
