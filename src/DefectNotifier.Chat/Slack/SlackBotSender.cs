using DefectNotifier.Chat.Http;
using DefectNotifier.Delivery.Outcomes;
using DefectNotifier.Delivery.Sending;
using DefectNotifier.Outbox;
using DefectNotifier.Rendering;

namespace DefectNotifier.Chat.Slack;

/// <summary>
/// Posts to one channel as a bot, replies to what it posted and changes it, and finds there what it posted, where the bot may read. The reference is
/// <c>channel/ts</c>.
/// </summary>
internal sealed class SlackBotSender(ISlackApi api, string channel, DetailScrubber scrubber) : IThreadedSender, IMessageLookup
{
    private const string PostMethod = "chat.postMessage";

    private readonly SlackLookup _lookup = new(api, channel, scrubber);
    private readonly SlackJoin _join = new(api, channel);

    public string Place => channel;

    public Task<SendResult> SendAsync(ChatMessage message, string correlationKey, CancellationToken cancellationToken) =>
        SlackTextFallback.SendAsync(
            message, json => CallAsync(PostMethod, SlackPost.To(channel, json, correlationKey), SlackApiResponses.Classify, cancellationToken));

    public Task<SendResult> ReplyAsync(ChatMessage message, string root, bool broadcast, string correlationKey, CancellationToken cancellationToken) =>
        SlackReference.Read(root) is var (_, ts)
            ? SlackTextFallback.SendAsync(
                message, json => CallAsync(PostMethod, SlackPost.To(channel, json, correlationKey, ts, broadcast), SlackThreadResponses.ClassifyReply, cancellationToken))
            : Task.FromResult(Unreadable(SendReason.CannotThread));

    public Task<SendResult> UpdateAsync(ChatMessage message, string root, CancellationToken cancellationToken) =>
        SlackReference.Read(root) is var (place, ts)
            ? SlackTextFallback.SendAsync(
                message, json => CallAsync(SlackMethod.Update, SlackPost.Over(place, ts, json), SlackThreadResponses.ClassifyUpdate, cancellationToken))
            : Task.FromResult(Unreadable(SendReason.MessageGone));

    public Task<LookupResult> FindAsync(string correlationKey, string? thread, DateTimeOffset since, Func<Task> acquire, CancellationToken cancellationToken) =>
        _lookup.FindAsync(correlationKey, SlackReference.Read(thread)?.Ts, since, acquire, cancellationToken);

    private async Task<SendResult> CallAsync(
        string method, ReadOnlyMemory<byte>? json, Func<SlackResponse, DetailScrubber, SendResult> classify, CancellationToken cancellationToken)
    {
        if (json is not { } body) return new SendResult(SendOutcome.Rejected, SendReason.InvalidMessage) { Detail = "the message is not one JSON object" };
        var response = await api.CallAsync(method, body, cancellationToken);
        // Nothing was posted, so once more does no harm.
        if (response is { Failure: null, Ok: false, Error: SlackJoin.Needed } && await _join.TryAsync(cancellationToken)) response = await api.CallAsync(method, body, cancellationToken);
        return classify(response, scrubber);
    }

    private static SendResult Unreadable(SendReason reason) => new(SendOutcome.NotSupported, reason) { Detail = "the message is not known by a reference of Slack's" };
}
