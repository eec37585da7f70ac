using DefectNotifier.Delivery.Outcomes;
using DefectNotifier.Outbox.Contract;

namespace DefectNotifier.Chat.Http;

/// <summary>
/// The result of a message that the chat rejected and that was then sent in a simpler form. A rejected message was not posted.
/// </summary>
internal static class FallbackResult
{
    /// <summary>The history has one attempt for both requests, so its detail always names both.</summary>
    /// <param name="rejection">The result of the full message.</param>
    /// <param name="fallback">The result of the simpler form.</param>
    /// <param name="note">What was sent instead and why.</param>
    public static SendResult Combine(SendResult rejection, SendResult fallback, string note)
    {
        var response = fallback.Detail is { } detail ? $": {detail}" : "";
        // The first rejection is more useful: it is about the full message.
        return (fallback.Outcome == SendOutcome.Rejected ? rejection : fallback) with
        {
            Detail = $"{note} ({rejection.Detail}){response}",
        };
    }
}
