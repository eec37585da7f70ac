namespace DefectNotifier.Delivery;

/// <summary>A sender that can find out whether a message was posted although its answer was lost.</summary>
public interface IMessageLookup
{
    /// <summary>
    /// Looks for the message with this stamp. Every answer and every error of the network is a <see cref="LookupResult"/>; throws only
    /// <see cref="OperationCanceledException"/>, when asked to.
    /// </summary>
    /// <param name="correlationKey">What <see cref="IMessageSender.SendAsync"/> was given.</param>
    /// <param name="thread">The message in whose thread it would stand; null: it would stand in the channel.</param>
    /// <param name="since">When the first attempt began, by our clock.</param>
    /// <param name="acquire">To be awaited before each request: waits until the chat's limit on searches allows one more.</param>
    /// <param name="cancellationToken">Ends the search.</param>
    Task<LookupResult> FindAsync(string correlationKey, string? thread, DateTimeOffset since, Func<Task> acquire, CancellationToken cancellationToken);
}
