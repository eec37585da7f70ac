using DefectNotifier.Chat.Http;
using DefectNotifier.Delivery.Outcomes;
using DefectNotifier.Delivery.Sending;
using DefectNotifier.Outbox;

namespace DefectNotifier.Chat.Slack;

/// <summary>What the answers of <c>conversations.history</c> mean to a look for a message, where they are not a page.</summary>
internal static class SlackLookupResponses
{
    /// <summary>A success without Slack's messages in it.</summary>
    public static readonly LookupResult Unreadable = Failed(new SendResult(SendOutcome.Retry, SendReason.LookupFailed) { Detail = "a response without messages" });

    /// <summary>Null for a success, which has yet to be read.</summary>
    public static LookupResult? ErrorOf(SlackResponse response, bool isFirst, DetailScrubber scrubber)
    {
        var heard = SlackApiResponses.Classify(response, scrubber);

        // It will be as long the next time.
        if (response is { IsCut: true, Ok: false, Status: 200, Error: null })
            return Impossible("the channel's messages are longer than is read");

        return heard switch
        {
            { Outcome: SendOutcome.Delivered } => null,

            // Apps that may ask once a minute would never get to the second page, and the lane would wait for good.
            { Reason: SendReason.RateLimited } when !isFirst => Impossible(heard.Detail) with { Error = heard },
            { Outcome: SendOutcome.Wait } or { Reason: SendReason.ConnectFailed } => Failed(heard),

            // Token, channel, address, arguments: what is wrong with them the send will meet too, and say. A word that we don't know is no passing trouble
            // either: reading may be refused in more ways than posting (method_not_supported_for_channel_type).
            { Outcome: SendOutcome.Parked or SendOutcome.Rejected } => Impossible(heard.Detail),
            { Reason: SendReason.UnknownError } when response.Error is { Length: > 0 } => Impossible(heard.Detail),
            _ => Failed(new SendResult(SendOutcome.Retry, SendReason.LookupFailed) { Detail = heard.Detail, RetryAfter = heard.RetryAfter }),
        };
    }

    private static LookupResult Impossible(string? detail) => new(LookupStatus.Impossible) { Detail = detail };

    private static LookupResult Failed(SendResult error) => new(LookupStatus.Failed) { Detail = error.Detail, Error = error };
}
