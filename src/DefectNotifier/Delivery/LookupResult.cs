namespace DefectNotifier.Delivery;

/// <summary>One look for a message.</summary>
/// <param name="Status">How it ended.</param>
public sealed record LookupResult(LookupStatus Status)
{
    /// <summary>The platform's reference to the message that was found, opaque; null otherwise.</summary>
    public string? Reference { get; init; }

    /// <summary>What the destination answered; never a URL, a token or a message.</summary>
    public string? Detail { get; init; }

    /// <summary>When it failed: what to make of it, <see cref="SendOutcome.Wait"/> or <see cref="SendOutcome.Retry"/>. When it is impossible: only the 429 that ended it. Null otherwise.</summary>
    public SendResult? Error { get; init; }
}
