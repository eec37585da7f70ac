using DefectNotifier.Chat.Http;
using DefectNotifier.Delivery.Outcomes;
using DefectNotifier.Delivery.Sending;
using DefectNotifier.Rendering.Document;

namespace DefectNotifier.Chat.Teams.Sending;

/// <summary>
/// Posts to one Workflows webhook. Delivered means "accepted by Workflows": the card is posted to the channel afterwards. The reference is
/// the run id of the flow, where the response contains it. A card that is rejected was not posted; its text is then sent once in a plain
/// card, so that the channel still learns about the defect.
/// </summary>
internal sealed class TeamsSender(ChatHttp http, Uri address) : IMessageSender
{
    private readonly DetailScrubber _scrubber = new(address);

    public async Task<SendResult> SendAsync(ChatMessage message, string correlationKey, CancellationToken cancellationToken)
    {
        var response = await PostAsync(message.Json, cancellationToken);
        var result = TeamsResponses.Classify(response, _scrubber);
        if (!TeamsResponses.RejectsCard(response) || TeamsPlainCard.TryWrite(message) is not { } card) return result;
        var fallback = TeamsResponses.Classify(await PostAsync(card, cancellationToken), _scrubber);
        return FallbackResult.Combine(result, fallback, "the full card", "a plain card");
    }

    private Task<ChatHttpResponse> PostAsync(ReadOnlyMemory<byte> json, CancellationToken cancellationToken) => http.PostAsync(
        new ChatHttpRequest(address, json) { ResponseHeader = TeamsResponses.RunIdHeader, IgnoresSuccessBody = true }, cancellationToken);
}
