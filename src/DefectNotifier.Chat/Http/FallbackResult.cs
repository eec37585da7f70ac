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
    /// <param name="full">The full message, for the detail.</param>
    /// <param name="simple">The simpler form, for the detail.</param>
    public static SendResult Combine(SendResult rejection, SendResult fallback, string full, string simple)
    {
        var rejected = $"{full} was rejected ({rejection.Detail})";
        var what = fallback.Outcome switch
        {
            SendOutcome.Delivered => $"sent as {simple} because {rejected}",
            SendOutcome.Rejected => $"{rejected}, and so was {simple}",
            _ => $"{rejected}, then {simple} was tried",
        };
        var response = fallback.Detail is { } detail ? $": {detail}" : "";
        // The first rejection is more useful: it is about the full message.
        return (fallback.Outcome == SendOutcome.Rejected ? rejection : fallback) with
        {
            Detail = what + response,
        };
    }
}
