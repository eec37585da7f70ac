using DefectNotifier.Chat.Http;
using DefectNotifier.Delivery;
using DefectNotifier.Rendering;

namespace DefectNotifier.Chat.Slack;

/// <summary>
/// Posts to one channel as a bot, replies to what it posted and changes it, and finds there what it posted, where the bot may read. The reference is
/// <c>channel/ts</c>.
/// </summary>
internal sealed class SlackBotSender(ISlackApi api, string channel, DetailScrubber scrubber) : IConversationSender, IMessageLookup
{
    private const string PostMethod = "chat.postMessage";

    private readonly SlackLookup _lookup = new(api, channel, scrubber);
    private readonly SlackJoin _join = new(api, channel);

    public string Place => channel;

    public Task<SendResult> SendAsync(ChatMessage message, string stamp, CancellationToken cancellationToken) =>
        SlackTextFallback.SendAsync(
            message, json => CallAsync(PostMethod, SlackPost.To(channel, json, stamp), SlackApiAnswers.Classify, cancellationToken));

    public Task<SendResult> ReplyAsync(ChatMessage message, string root, bool broadcast, string stamp, CancellationToken cancellationToken) =>
        SlackReference.Read(root) is var (_, ts)
            ? SlackTextFallback.SendAsync(
                message, json => CallAsync(PostMethod, SlackPost.To(channel, json, stamp, ts, broadcast), SlackConversationAnswers.ClassifyReply, cancellationToken))
            : Task.FromResult(Unreadable(SendReason.CannotThread));

    public Task<SendResult> UpdateAsync(ChatMessage message, string root, CancellationToken cancellationToken) =>
        SlackReference.Read(root) is var (place, ts)
            ? SlackTextFallback.SendAsync(
                message, json => CallAsync(SlackMethod.Update, SlackPost.Over(place, ts, json), SlackConversationAnswers.ClassifyUpdate, cancellationToken))
            : Task.FromResult(Unreadable(SendReason.MessageGone));

    public Task<LookupResult> FindAsync(string stamp, string? thread, DateTimeOffset since, Func<Task> takeTurn, CancellationToken cancellationToken) =>
        _lookup.FindAsync(stamp, SlackReference.Read(thread)?.Ts, since, takeTurn, cancellationToken);

    private async Task<SendResult> CallAsync(
        string method, ReadOnlyMemory<byte>? json, Func<SlackAnswer, DetailScrubber, SendResult> classify, CancellationToken cancellationToken)
    {
        if (json is not { } body) return new SendResult(Fate.Refused, SendReason.InvalidMessage) { Detail = "the message is not one JSON object" };
        var answer = await api.CallAsync(method, body, cancellationToken);
        // Nothing was posted, so once more does no harm.
        if (answer is { Fault: null, Ok: false, Error: SlackJoin.Needed } && await _join.TryAsync(cancellationToken)) answer = await api.CallAsync(method, body, cancellationToken);
        return classify(answer, scrubber);
    }

    private static SendResult Unreadable(SendReason reason) => new(Fate.Detour, reason) { Detail = "the message is not known by a reference of Slack's" };
}
