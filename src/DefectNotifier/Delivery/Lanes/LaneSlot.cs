using DefectNotifier.Delivery.Sending;
using DefectNotifier.Outbox.Contract;
using Microsoft.Extensions.Logging;

namespace DefectNotifier.Delivery.Lanes;

/// <summary>
/// Keeps the lane of one destination running: it waits for the claim, runs the lane until the lane is stopped or the claim is lost,
/// releases the claim, and starts again. When the settings change, the next lane starts after the present one has recorded its last send.
/// </summary>
/// <param name="lane">The first lane.</param>
/// <param name="settings">What it was created from.</param>
/// <param name="claims">Grants the claim.</param>
/// <param name="time">The clock.</param>
/// <param name="logger">The log.</param>
/// <param name="stopAsked">The service stops: no further delivery is taken.</param>
/// <param name="timeUp">Cancels the send in progress.</param>
internal sealed partial class LaneSlot(
    Lane lane,
    LaneSettings settings,
    IClaims claims,
    TimeProvider time,
    ILogger logger,
    CancellationToken stopAsked,
    CancellationToken timeUp) : IDisposable
{
    /// <summary>Longer than nodes need to claim a free lane.</summary>
    private static readonly TimeSpan MaxClaimWait = TimeSpan.FromSeconds(30);

    private readonly Lock _lock = new();
    private LaneSettings? _settings = settings;
    private Lane _next = lane;
    private CancellationTokenSource? _end;
    private bool _isStarted;

    // Written under the lock, or by the loop; read by anyone who asks for the status. A lane that was replaced is shown until it has ended.
    private volatile Lane _shown = lane;
    private volatile LaneWait? _claimWait;
    private volatile bool _isRunning;
    private long _unclaimedSince = time.GetTimestamp();

    /// <summary>Completes when no lane of the destination runs any more.</summary>
    public Task Running { get; private set; } = Task.CompletedTask;

    /// <summary>True when the destination was removed from the configuration.</summary>
    public bool IsEnding
    {
        get
        {
            lock (_lock) return _settings is null;
        }
    }

    public LaneState State => _shown.State;

    public LaneStatus Status
    {
        get
        {
            var status = _shown.Status;
            if (status.State != LaneActivity.Stopped || !_isRunning || stopAsked.IsCancellationRequested) return status;
            var roster = claims.Roster;
            if (roster.OtherHolderOf(status.Destination) is { } holder)
                return status with { State = LaneActivity.Running, Node = holder.Name };
            // The lane waits for its claim, or the next one has not started yet.
            if (_claimWait is { } wait) return status with { State = LaneActivity.Waiting, Reason = wait.Reason, Until = wait.Until };
            if (roster.IsOutdated) return status with { State = LaneActivity.Waiting, Reason = SendReason.StoreUnavailable };
            // No node works on it.
            var isLeft = roster.Nodes.Count > 0 && time.GetElapsedTime(Volatile.Read(ref _unclaimedSince)) >= MaxClaimWait;
            return status with { State = isLeft ? LaneActivity.Waiting : LaneActivity.Running };
        }
    }

    /// <inheritdoc cref="Lane.Step"/>
    public long? Step => _shown.Step;

    /// <summary>True when the lane has these settings already.</summary>
    public bool Has(LaneSettings wanted)
    {
        lock (_lock) return _settings?.IsSameAs(wanted) == true;
    }

    /// <summary>The service is up: lanes may run.</summary>
    public void Start()
    {
        lock (_lock)
        {
            _isStarted = true;
            RunIfWanted();
        }
    }

    /// <summary>Replaces the lane; also after <see cref="End"/>.</summary>
    public void Replace(Lane next, LaneSettings wanted)
    {
        lock (_lock)
        {
            _settings = wanted;
            _next = next;
            if (!_isRunning) _shown = next;
            _end?.Cancel();
            RunIfWanted();
        }
    }

    /// <summary>The destination was removed: no further delivery is taken.</summary>
    public void End()
    {
        lock (_lock)
        {
            _settings = null;
            _end?.Cancel();
        }
    }

    public void Dispose() => _end?.Dispose();

    private void RunIfWanted()
    {
        if (!_isStarted || _isRunning || _settings is null) return;
        _isRunning = true;
        Running = Task.Run(RunAsync, CancellationToken.None);
    }

    private async Task RunAsync()
    {
        try
        {
            while (TakeNext() is var (next, end)) await RunOneAsync(next, end);
            if (IsEnding) _shown.Dismiss();
        }
        // Only a logger that throws leads here. The status must then say that the lane is stopped.
        catch
        {
            lock (_lock) _isRunning = false;
            throw;
        }
    }

    // Null when no other lane is to be run.
    private (Lane Lane, CancellationToken End)? TakeNext()
    {
        lock (_lock)
        {
            _end?.Dispose();
            _end = null;
            _isRunning = _settings is not null && !stopAsked.IsCancellationRequested;
            if (!_isRunning) return null;
            _end = CancellationTokenSource.CreateLinkedTokenSource(stopAsked);
            _shown = _next;
            return (_next, _end.Token);
        }
    }

    private async Task RunOneAsync(Lane next, CancellationToken end)
    {
        try
        {
            Volatile.Write(ref _unclaimedSince, time.GetTimestamp());
            var claim = await claims.ClaimAsync(next.DestinationName, end);
            _claimWait = null;
            var wasStopped = await RunClaimedAsync(next, claim, end);
            // A lane that ends by itself is not sure of its claim.
            if (!wasStopped) await PauseAsync(end);
            else if (!end.IsCancellationRequested) next.Dismiss();
        }
        catch (OperationCanceledException) when (end.IsCancellationRequested)
        {
            // Stopped while it waited for the claim.
        }
        // The boundary of the loop. What was not recorded is still pending.
        catch (Exception error)
        {
            next.ClaimFails(error);
            var reason = error is OutboxUnavailableException ? SendReason.StoreUnavailable : SendReason.InternalError;
            _claimWait = new LaneWait(time.GetUtcNow() + Lane.ErrorPause, reason);
            await PauseAsync(end);
        }
    }

    // True when the lane was stopped or the claim was lost; false when the lane ended by itself.
    private async Task<bool> RunClaimedAsync(Lane next, Claim claim, CancellationToken end)
    {
        try
        {
            if (claim.Interrupted > 0) Log.Interrupted(logger, claim.Name, claim.Interrupted);
            using var stop = CancellationTokenSource.CreateLinkedTokenSource(end, claim.Lost, claim.HandOver);
            using var cut = CancellationTokenSource.CreateLinkedTokenSource(timeUp, claim.Lost);
            await next.RunAsync(claim, stop.Token, cut.Token);
            return stop.IsCancellationRequested;
        }
        finally
        {
            Volatile.Write(ref _unclaimedSince, time.GetTimestamp());
            await claims.ReleaseAsync(claim);
        }
    }

    private async Task PauseAsync(CancellationToken end) =>
        await Task.Delay(Lane.ErrorPause, time, end).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);

    private static partial class Log
    {
        [LoggerMessage(453, LogLevel.Warning,
            "Attempts to send to {Destination} that were interrupted: {Count}. Their messages may have been posted; they are looked up, or "
            + "sent again with a note")]
        public static partial void Interrupted(ILogger logger, string destination, int count);
    }
}

/// <summary>What a lane is created from.</summary>
/// <param name="Destination">The destination.</param>
/// <param name="Options">The options, without those that lanes do not use.</param>
internal sealed record LaneSettings(Destination Destination, DeliveryOptions Options)
{
    public bool IsSameAs(LaneSettings other) => Options == other.Options
        && Destination.Name == other.Destination.Name
        && Destination.SettingsDigest == other.Destination.SettingsDigest;
}
