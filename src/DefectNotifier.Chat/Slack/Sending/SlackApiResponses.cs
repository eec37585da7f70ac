using DefectNotifier.Chat.Http;
using DefectNotifier.Chat.Slack.Api;
using DefectNotifier.Delivery.Outcomes;

namespace DefectNotifier.Chat.Slack.Sending;

/// <summary>
/// Classifies responses of Slack's Web API: by the error code first (<see cref="SlackErrorCodes"/>), then by the HTTP status. Slack's own
/// responses are JSON with <c>ok</c>.
/// </summary>
internal static class SlackApiResponses
{
    private const int MaxCodeLength = 64;

    /// <summary>The length of all of Slack's own messages in a detail; they share it equally.</summary>
    private const int MaxDetailsLength = 240;

    /// <summary>The detail contains the code, the advice and Slack's own messages, scrubbed.</summary>
    /// <param name="response">The response.</param>
    /// <param name="scrubber">Removes secrets.</param>
    /// <param name="special">The codes that mean something else for a reply or an update; null for a post.</param>
    public static SendResult Classify(SlackResponse response, DetailScrubber scrubber, ResponseTable? special = null)
    {
        if (response.Failure is { } failure)
            return failure;

        if (response is { Ok: true, Status: 200 })
            return SendResult.Delivered(SlackReference.Of(response.Channel, response.Ts));

        if (SlackErrorCodes.Find(response.Error, special) is { } row)
            return row.ToResult(response.RetryAfter, scrubber.Join(DetailsOf(response, row.Advice, scrubber)));

        var statuses = response.Error is { Length: > 0 } ? SlackErrorCodes.UnknownCode : SlackErrorCodes.Statuses;
        return statuses.Find(response.Status)
            .ToResult(response.RetryAfter, scrubber.Join(DetailsOf(response, $"HTTP {response.Status}", scrubber)));
    }

    private static IEnumerable<string?> DetailsOf(SlackResponse response, string? note, DetailScrubber scrubber) =>
        [
            scrubber.Clean(response.Error, MaxCodeLength),
            note,
            .. response.Details.Select(detail => SlackDetails.Clean(detail, scrubber, MaxDetailsLength / response.Details.Count)),
        ];
}
