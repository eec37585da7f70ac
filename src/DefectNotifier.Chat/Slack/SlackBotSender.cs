using DefectNotifier.Chat.Http;
using DefectNotifier.Delivery;
using DefectNotifier.Rendering;

namespace DefectNotifier.Chat.Slack;

/// <summary>
/// Posts to one channel as a bot, with <c>chat.postMessage</c>, and finds there what it posted, where the bot may read. The reference is
/// <c>channel/ts</c>.
/// </summary>
internal sealed class SlackBotSender(ISlackApi api, string channel, DetailScrubber scrubber) : IMessageSender, IMessageLookup
{
    private readonly SlackLookup _lookup = new(api, channel, scrubber);

    public Task<SendResult> SendAsync(ChatMessage message, string stamp, CancellationToken cancellationToken) =>
        SlackTextFallback.SendAsync(message, json => PostAsync(json, stamp, cancellationToken));

    public Task<LookupResult> FindAsync(string stamp, DateTimeOffset since, Func<Task> takeTurn, CancellationToken cancellationToken) =>
        _lookup.FindAsync(stamp, since, takeTurn, cancellationToken);

    private async Task<SendResult> PostAsync(ReadOnlyMemory<byte> message, string stamp, CancellationToken cancellationToken)
    {
        if (SlackPost.To(channel, message, stamp) is not { } json)
            return new SendResult(Fate.Refused, SendReason.InvalidMessage) { Detail = "the message is not one JSON object" };

        return SlackApiAnswers.Classify(await api.CallAsync("chat.postMessage", json, cancellationToken), scrubber);
    }
}
