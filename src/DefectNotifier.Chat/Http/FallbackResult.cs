using DefectNotifier.Delivery.Outcomes;
using DefectNotifier.Outbox.Contract;

namespace DefectNotifier.Chat.Http;

/// <summary>
/// The result of a message that the chat rejected and that was then sent in a simpler form. A rejected message was not posted.
/// </summary>
internal static class FallbackResult
{
    /// <param name="rejection">The result of the full message.</param>
    /// <param name="fallback">The result of the simpler form.</param>
    /// <param name="note">What was sent instead and why, for the history.</param>
    public static SendResult Combine(SendResult rejection, SendResult fallback, string note) => fallback.Outcome switch
    {
        SendOutcome.Delivered => fallback with { Detail = $"{note} ({rejection.Detail})" },
        // The first rejection is more useful: it names what is wrong with the full message.
        SendOutcome.Rejected => rejection,
        _ => fallback,
    };
}
