using DefectNotifier.Outbox.Contract;

namespace DefectNotifier.Postgres.Leases;

/// <summary>Whether this node reaches the chat of a lane, from what came of the lane's sends since it was claimed.</summary>
internal sealed class Reachability(TimeProvider time)
{
    /// <summary>How long only connections must have failed.</summary>
    public static readonly TimeSpan MinOutage = TimeSpan.FromSeconds(60);

    private const long Never = long.MinValue;

    private long _failsSince = Never;
    private long _reachedAt = Never;
    private bool _isUnreachable;

    /// <summary>True when for <see cref="MinOutage"/>, at least, only connections failed.</summary>
    public bool IsUnreachable => Volatile.Read(ref _isUnreachable);

    /// <summary>True when the chat responded within <see cref="MinOutage"/>.</summary>
    public bool WasReached => Volatile.Read(ref _reachedAt) is var at and not Never && time.GetElapsedTime(at) < MinOutage;

    /// <summary>A send or a lookup has ended.</summary>
    public void Report(SendReason reason)
    {
        var now = time.GetTimestamp();
        if (reason != SendReason.ConnectFailed)
        {
            _failsSince = Never;
            Volatile.Write(ref _isUnreachable, false);
            Volatile.Write(ref _reachedAt, now);
            return;
        }

        if (_failsSince == Never) _failsSince = now;
        Volatile.Write(ref _isUnreachable, time.GetElapsedTime(_failsSince, now) >= MinOutage);
    }
}
