using DefectNotifier.Delivery;

namespace DefectNotifier.Chat.Http;

/// <summary>Turns a row of a table into the result of a send.</summary>
internal static class Verdicts
{
    public static SendResult Of(AnswerRow row, TimeSpan? asked, string? detail) =>
        new(row.Fate, row.Reason) { Detail = detail, RetryAfter = WaitOf(row.Fate, asked, row.AtLeast) };

    public static SendResult Of(StatusRow row, TimeSpan? asked, string? detail) =>
        new(row.Fate, row.Reason) { Detail = detail, RetryAfter = WaitOf(row.Fate, asked, atLeast: null), MaxAttempts = row.MaxAttempts };

    // What is refused or parked is not sent again by the clock, so a wait would mean nothing there.
    private static TimeSpan? WaitOf(Fate fate, TimeSpan? asked, TimeSpan? atLeast) => fate switch
    {
        Fate.Wait => RetryAfter.Clamp(RetryAfter.Longer(asked, atLeast) ?? RetryAfter.Default),
        Fate.Retry or Fate.Ambiguous when asked is { } wait => RetryAfter.Clamp(wait),
        _ => null,
    };
}
