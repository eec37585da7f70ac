using DefectNotifier.Delivery.Outcomes;
using DefectNotifier.Outbox;

namespace DefectNotifier.Chat.Http;

/// <summary>Turns a row of a table into the result of a send.</summary>
internal static class Verdicts
{
    public static SendResult Of(ResponseRow row, TimeSpan? asked, string? detail) =>
        new(row.Outcome, row.Reason) { Detail = detail, RetryAfter = WaitOf(row.Outcome, asked, row.AtLeast) };

    public static SendResult Of(StatusRow row, TimeSpan? asked, string? detail) =>
        new(row.Outcome, row.Reason) { Detail = detail, RetryAfter = WaitOf(row.Outcome, asked, atLeast: null), MaxAttempts = row.MaxAttempts };

    /// <summary>A message that was refused whole, and so not posted, and was then sent in a plainer form.</summary>
    /// <param name="whole">The refusal.</param>
    /// <param name="plainer">What came of the plainer form.</param>
    /// <param name="told">How the plainer form was sent and why, for the history.</param>
    public static SendResult OfPlainer(SendResult whole, SendResult plainer, string told) => plainer.Outcome switch
    {
        SendOutcome.Delivered => plainer with { Detail = $"{told} ({whole.Detail})" },
        // The first refusal says more: it names what is wrong with the message.
        SendOutcome.Rejected => whole,
        _ => plainer,
    };

    // What is refused or parked is not sent again by the clock, so a wait would mean nothing there.
    private static TimeSpan? WaitOf(SendOutcome outcome, TimeSpan? asked, TimeSpan? atLeast) => outcome switch
    {
        SendOutcome.Wait => RetryAfter.Clamp(RetryAfter.Longer(asked, atLeast) ?? RetryAfter.Default),
        SendOutcome.Retry or SendOutcome.Ambiguous when asked is { } wait => RetryAfter.Clamp(wait),
        _ => null,
    };
}
