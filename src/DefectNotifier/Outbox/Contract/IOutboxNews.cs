namespace DefectNotifier.Outbox.Contract;

/// <summary>
/// Called by the store after each commit, from any thread; must not block. Only wakes what waits: the work to do is always read from the
/// store.
/// </summary>
public interface IOutboxNews
{
    /// <summary>The number of pending deliveries of a destination has changed.</summary>
    /// <param name="destination">The destination.</param>
    /// <param name="change">
    /// How many more are pending now; negative: that many ended. 0: it is not known whether any were added; the lane must read.
    /// </param>
    void PendingChanged(string destination, int change);

    /// <summary>Pending deliveries of a destination were found, which another node may have added.</summary>
    /// <param name="destination">The destination.</param>
    /// <param name="waiting">How many there are; null: not counted.</param>
    void PendingFound(string destination, long? waiting);

    /// <summary>A request to Qase's API was added, or may have been.</summary>
    void RequestAdded();

    /// <summary>A silence was added or ended: every lane must read when its deferred deliveries are due.</summary>
    void DeferralsChanged();

    /// <summary>An operator resumed a parked destination.</summary>
    void Resumed(string destination);

    /// <summary>Anything but a trial write was committed, or may have been; for readers that follow all changes.</summary>
    void Changed();
}
