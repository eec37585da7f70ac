using DefectNotifier.Outbox.Contract;

namespace DefectNotifier.Delivery.Outcomes;

/// <summary>The classified result of one send.</summary>
/// <param name="Outcome">The outcome.</param>
/// <param name="Reason">Why.</param>
public sealed record SendResult(SendOutcome Outcome, SendReason Reason)
{
    /// <summary>What the destination responded (an error code, a JSON pointer); never a URL, a token or the message.</summary>
    public string? Detail { get; init; }

    /// <summary>How long the destination asks us to wait; null when it did not say.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>The platform's reference to the posted message, opaque; null when it gives none.</summary>
    public string? Reference { get; init; }

    /// <summary>
    /// For <see cref="SendOutcome.Retry"/>: give up after this many consecutive results with this reason; null: only the maximum age ends
    /// it.
    /// </summary>
    public int? MaxAttempts { get; init; }

    public static SendResult Delivered(string? reference = null, string? detail = null) =>
        new(SendOutcome.Delivered, SendReason.Ok) { Reference = reference, Detail = detail };
}
