using DefectNotifier.Chat.Http;
using DefectNotifier.Delivery;
using DefectNotifier.Rendering;

namespace DefectNotifier.Chat.Teams;

/// <summary>
/// Posts to one Workflows webhook. Delivered means "accepted by Workflows": the card is posted afterwards. The reference is the flow's run id, where
/// the answer tells it.
/// </summary>
internal sealed class TeamsSender(ChatHttp http, Uri address) : IMessageSender
{
    private readonly DetailScrubber _scrubber = new(address);

    public async Task<SendResult> SendAsync(ChatMessage message, string stamp, CancellationToken cancellationToken)
    {
        var request = new ChatHttpRequest(address, message.Json) { AnswerHeader = TeamsAnswers.RunIdHeader, IgnoresSuccessBody = true };
        var outcome = await http.PostAsync(request, cancellationToken);
        return outcome.IsHeard ? TeamsAnswers.Classify(outcome.Answer, _scrubber) : outcome.Fault;
    }
}
