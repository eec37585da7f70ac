namespace DefectNotifier.Outbox.Contract;

/// <summary>
/// Receives what was committed, after the commit and from any thread; must not block. A hint that wakes whoever waits: the work itself is
/// always read from the store.
/// </summary>
public interface IOutboxNews
{
    /// <summary>The number of pending deliveries of a destination has changed.</summary>
    /// <param name="destination">The destination.</param>
    /// <param name="change">
    /// How many more are pending now; negative: so many ended. 0: deliveries may have been added, so look.
    /// </param>
    void PendingChanged(string destination, int change);

    /// <summary>A request to Qase's API was added, or may have been.</summary>
    void RequestAdded();

    /// <summary>An operator resumed a parked destination.</summary>
    void Resumed(string destination);
}
