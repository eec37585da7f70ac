using DefectNotifier.Chat.Http;
using DefectNotifier.Chat.Slack.Api;
using DefectNotifier.Delivery.Outcomes;
using DefectNotifier.Delivery.Sending;
using DefectNotifier.Outbox.Contract;
using DefectNotifier.Rendering.Document;

namespace DefectNotifier.Chat.Slack.Sending;

/// <summary>
/// Posts to one channel as a bot, replies to and updates its messages, and finds them by their correlation key where the bot may read the
/// channel. The reference of a message is <c>channel/ts</c>.
/// </summary>
internal sealed class SlackBotSender(ISlackApi api, string channel, DetailScrubber scrubber) : IThreadedSender, IMessageLookup
{
    private readonly SlackLookup _lookup = new(api, channel, scrubber);

    public string Place => channel;

    public Task<SendResult> SendAsync(ChatMessage message, string correlationKey, CancellationToken cancellationToken) =>
        SlackTextFallback.SendAsync(message, json => CallAsync(
            SlackMethod.Post, SlackPayload.ForPost(channel, json, correlationKey), special: null, cancellationToken));

    public Task<SendResult> ReplyAsync(
        ChatMessage message, string root, bool broadcast, string correlationKey, CancellationToken cancellationToken) =>
        SlackReference.Read(root) is var (_, ts)
            ? SlackTextFallback.SendAsync(message, json => CallAsync(
                SlackMethod.Post,
                SlackPayload.ForPost(channel, json, correlationKey, ts, broadcast),
                SlackErrorCodes.Reply,
                cancellationToken))
            : Task.FromResult(InvalidReference(SendReason.CannotThread));

    public Task<SendResult> UpdateAsync(ChatMessage message, string root, CancellationToken cancellationToken) =>
        SlackReference.Read(root) is var (place, ts)
            ? SlackTextFallback.SendAsync(message, json => CallAsync(
                SlackMethod.Update, SlackPayload.ForUpdate(place, ts, json), SlackErrorCodes.Update, cancellationToken))
            : Task.FromResult(InvalidReference(SendReason.MessageGone));

    public Task<LookupResult> FindAsync(
        string correlationKey, string? thread, DateTimeOffset since, Func<Task> acquire, CancellationToken cancellationToken) =>
        _lookup.FindAsync(correlationKey, SlackReference.Read(thread)?.Ts, since, acquire, cancellationToken);

    private async Task<SendResult> CallAsync(
        string method, ReadOnlyMemory<byte>? payload, ResponseTable? special, CancellationToken cancellationToken)
    {
        if (payload is not { } json)
            return new SendResult(SendOutcome.Rejected, SendReason.InvalidMessage) { Detail = "the message is not a JSON object" };

        var response = await api.CallAsync(method, json, cancellationToken);
        if (response is not { Failure: null, Ok: false, Error: SlackErrorCodes.NotInChannel } || !await TryJoinAsync(cancellationToken))
            return SlackApiResponses.Classify(response, scrubber, special);

        // Nothing was posted, so the call can be repeated.
        var result = SlackApiResponses.Classify(await api.CallAsync(method, json, cancellationToken), scrubber, special);
        return result with { Detail = scrubber.Join("joined the channel first", result.Detail) };
    }

    /// <summary>
    /// Joins the channel, which works where it is public and the token has the scope <c>channels:join</c>. Otherwise the first error is
    /// reported. https://docs.slack.dev/reference/methods/conversations.join
    /// </summary>
    private async Task<bool> TryJoinAsync(CancellationToken cancellationToken)
    {
        var arguments = SlackPayload.Write(json => json.WriteString("channel", channel));
        return await api.CallAsync(SlackMethod.Join, arguments, cancellationToken) is { Failure: null, Ok: true };
    }

    private static SendResult InvalidReference(SendReason reason) =>
        new(SendOutcome.NotSupported, reason) { Detail = "the stored reference is not that of a Slack message" };
}
