using DefectNotifier.Chat.Http;
using DefectNotifier.Delivery.Outcomes;
using DefectNotifier.Delivery.Sending;
using DefectNotifier.Rendering;

namespace DefectNotifier.Chat.Slack;

/// <summary>Posts to one incoming webhook. Slack gives no reference to what was posted this way.</summary>
internal sealed class SlackWebhookSender(ChatHttp http, Uri address) : IMessageSender
{
    private readonly DetailScrubber _scrubber = new(address);

    public Task<SendResult> SendAsync(ChatMessage message, string correlationKey, CancellationToken cancellationToken) =>
        SlackTextFallback.SendAsync(message, json => PostAsync(json, cancellationToken));

    private async Task<SendResult> PostAsync(ReadOnlyMemory<byte> message, CancellationToken cancellationToken)
    {
        var outcome = await http.PostAsync(new ChatHttpRequest(address, message), cancellationToken);
        return outcome.IsReceived ? SlackWebhookResponses.Classify(outcome.Response, _scrubber) : outcome.Error;
    }
}
