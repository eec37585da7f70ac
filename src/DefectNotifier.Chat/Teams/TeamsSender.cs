using DefectNotifier.Chat.Http;
using DefectNotifier.Delivery.Outcomes;
using DefectNotifier.Delivery.Sending;
using DefectNotifier.Rendering;

namespace DefectNotifier.Chat.Teams;

/// <summary>
/// Posts to one Workflows webhook. Delivered means "accepted by Workflows": the card is posted afterwards. The reference is the flow's run id, where
/// the answer tells it. A card that the flow refuses as such was not posted: its words are sent once in a plain one, so that the channel still learns of the
/// defect.
/// </summary>
internal sealed class TeamsSender(ChatHttp http, Uri address) : IMessageSender
{
    private readonly DetailScrubber _scrubber = new(address);

    public async Task<SendResult> SendAsync(ChatMessage message, string correlationKey, CancellationToken cancellationToken)
    {
        var outcome = await PostAsync(message.Json, cancellationToken);
        var whole = Classify(outcome);
        if (!outcome.IsReceived || !TeamsResponses.RefusesTheCard(outcome.Response) || TeamsPlainCard.TryWrite(message) is not { } card) return whole;
        return Verdicts.OfPlainer(whole, Classify(await PostAsync(card, cancellationToken)), "sent as a plain card, because the card was refused");
    }

    private Task<ChatHttpOutcome> PostAsync(ReadOnlyMemory<byte> json, CancellationToken cancellationToken) => http.PostAsync(
        new ChatHttpRequest(address, json) { ResponseHeader = TeamsResponses.RunIdHeader, IgnoresSuccessBody = true }, cancellationToken);

    private SendResult Classify(ChatHttpOutcome outcome) => outcome.IsReceived ? TeamsResponses.Classify(outcome.Response, _scrubber) : outcome.Error;
}
