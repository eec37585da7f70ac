using DefectNotifier.Chat.Http;
using DefectNotifier.Delivery.Outcomes;
using DefectNotifier.Delivery.Sending;
using DefectNotifier.Rendering.Document;

namespace DefectNotifier.Chat.Slack.Sending;

/// <summary>Posts to one incoming webhook. Slack returns no reference to messages that are posted this way.</summary>
internal sealed class SlackWebhookSender(ChatHttp http, Uri address) : IMessageSender
{
    private readonly DetailScrubber _scrubber = new(address);

    public Task<SendResult> SendAsync(ChatMessage message, string correlationKey, CancellationToken cancellationToken) =>
        SlackTextFallback.SendAsync(message, async json =>
            SlackWebhookResponses.Classify(await http.PostAsync(new ChatHttpRequest(address, json), cancellationToken), _scrubber));
}
