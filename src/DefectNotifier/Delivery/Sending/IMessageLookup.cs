using DefectNotifier.Delivery.Outcomes;
using DefectNotifier.Outbox.Contract;

namespace DefectNotifier.Delivery.Sending;

/// <summary>A sender that can find out whether a message was posted although the response was lost.</summary>
public interface IMessageLookup
{
    /// <summary>
    /// Looks for the message with this correlation key. Every response and every network error is a <see cref="LookupResult"/>; throws only
    /// <see cref="OperationCanceledException"/>, when cancelled.
    /// </summary>
    /// <param name="correlationKey">What <see cref="IMessageSender.SendAsync"/> was given.</param>
    /// <param name="thread">The message in whose thread it would be; null: it would be in the channel.</param>
    /// <param name="since">When the first attempt started, by our clock.</param>
    /// <param name="acquire">Await this before each request: it waits for the rate limit on lookups.</param>
    /// <param name="cancellationToken">Ends the lookup.</param>
    Task<LookupResult> FindAsync(
        string correlationKey, string? thread, DateTimeOffset since, Func<Task> acquire, CancellationToken cancellationToken);
}

/// <summary>The result of one lookup.</summary>
/// <param name="Status">How it ended.</param>
public sealed record LookupResult(LookupStatus Status)
{
    /// <summary>The platform's reference to the message that was found, opaque; null otherwise.</summary>
    public string? Reference { get; init; }

    /// <summary>What the destination responded; never a URL, a token or a message.</summary>
    public string? Detail { get; init; }

    /// <summary>
    /// When the lookup failed: <see cref="SendOutcome.Wait"/> or <see cref="SendOutcome.Retry"/>. When it is impossible: only the 429 that
    /// ended it. Null otherwise.
    /// </summary>
    public SendResult? Error { get; init; }
}

/// <summary>How a lookup ended.</summary>
public enum LookupStatus
{
    /// <summary>The message was posted.</summary>
    Found,

    /// <summary>The message was not posted.</summary>
    NotFound,

    /// <summary>It is not possible to find out: the app may not read the channel, or too much was posted since.</summary>
    Impossible,

    /// <summary>Not now: the chat failed or asked to wait.</summary>
    Failed,
}
