using DefectNotifier.Delivery.Sending;

namespace DefectNotifier.Delivery.Lanes;

/// <summary>
/// The lanes of one destination, one after the other: when its settings change, the next lane starts after the present one has recorded its
/// last send. Guarded by its host's lock, except for the status.
/// </summary>
internal sealed class LaneSlot(
    Lane first, Destination destination, DeliveryOptions options, CancellationToken stopAsked, CancellationToken timeUp) : IDisposable
{
    private readonly List<CancellationTokenSource> _ends = [];
    private (Destination Destination, DeliveryOptions Options)? _wanted = (destination, options);
    private volatile Lane _lane = first;
    private int _changes;
    private bool _isStarted;

    /// <summary>Completes when no lane of the destination runs any more.</summary>
    public Task Running { get; private set; } = Task.CompletedTask;

    /// <summary>True when the destination was removed from the configuration.</summary>
    public bool IsEnding => _wanted is null;

    public LaneStatus Status
    {
        get
        {
            while (true)
            {
                var lane = _lane;
                var isChanging = Volatile.Read(ref _changes) > 0;
                var status = lane.Status;
                // The next lane has started meanwhile.
                if (lane != _lane) continue;
                // Between two lanes neither runs for a moment.
                var isBetween = status.State == LaneActivity.Stopped && (isChanging || Volatile.Read(ref _changes) > 0);
                return isBetween ? status with { State = LaneActivity.Running } : status;
            }
        }
    }

    public bool Resume() => _lane.Resume();

    /// <summary>True when the lane has these settings already.</summary>
    public bool Has(Destination wanted, DeliveryOptions wantedOptions) =>
        _wanted is { } now
        && now.Options == wantedOptions
        && now.Destination.Name == wanted.Name
        && now.Destination.SettingsDigest == wanted.SettingsDigest;

    public void Start()
    {
        _isStarted = true;
        if (!IsEnding) Continue(_lane);
    }

    /// <summary>Starts another lane when the present one has ended.</summary>
    public void Replace(Lane lane, Destination wanted, DeliveryOptions wantedOptions)
    {
        EndPresent();
        _wanted = (wanted, wantedOptions);
        if (_isStarted) Continue(lane);
        else _lane = lane;
    }

    /// <summary>The destination was removed: no further delivery is taken.</summary>
    public void End()
    {
        EndPresent();
        _wanted = null;
    }

    public void Dispose() => _ends.ForEach(end => end.Dispose());

    private void EndPresent()
    {
        if (_ends is [.., var present]) present.Cancel();
    }

    private void Continue(Lane lane)
    {
        var end = CancellationTokenSource.CreateLinkedTokenSource(stopAsked);
        _ends.Add(end);
        Interlocked.Increment(ref _changes);
        Running = ContinueAsync(Running, lane, end.Token);
    }

    private async Task ContinueAsync(Task before, Lane lane, CancellationToken end)
    {
        // Never on the caller's thread, which holds the host's lock.
        await Task.Yield();
        await before.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _lane = lane;
        var running = lane.RunAsync(end, timeUp);
        Interlocked.Decrement(ref _changes);
        await running;
    }
}
