using DefectNotifier.Postgres.Database;
using DefectNotifier.Postgres.Leases;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace DefectNotifier.Postgres.Nodes;

/// <summary>
/// Keeps this node registered, on a connection and a loop of its own, so that a busy node does not look dead. When its lease ends it
/// registers again with another id, and has lost all claims.
/// </summary>
internal sealed partial class Heartbeat(
    PostgresDatabase database, NodeIdentity node, Action onLost, TimeProvider time, ILogger logger) : IAsyncDisposable
{
    /// <summary>Nodes whose clock differs from the database's by more claim nothing: a lookup in a chat compares their times.</summary>
    public static readonly TimeSpan MaxSkew = TimeSpan.FromSeconds(30);

    private readonly CancellationTokenSource _stop = new();
    private readonly DateTimeOffset _startedAt = time.GetUtcNow();
    private volatile NodeLease _lease = new(0, node.Lease, time);
    private PostgresStatements? _statements;
    private Task _loop = Task.CompletedTask;
    private long _skew;

    /// <summary>The lease now.</summary>
    public NodeLease Lease => _lease;

    /// <summary>How far this node's clock is ahead of the database's.</summary>
    public TimeSpan Skew => TimeSpan.FromMilliseconds(Interlocked.Read(ref _skew));

    private TimeSpan Pause => node.Lease / 4;

    /// <summary>Registers the node.</summary>
    public void Start()
    {
        Beat();
        _loop = Task.Factory.StartNew(RunAsync, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default).Unwrap();
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _loop;
        try
        {
            _statements ??= database.NewStatements();
            _statements.Run(ClaimSql.Leave, _lease.NodeId);
            _statements.Flush();
        }
        catch (Exception error) when (PostgresErrors.Instance.IsOfStore(error))
        {
            // Its lease ends by itself.
        }

        _statements?.Dispose();
        _stop.Dispose();
    }

    private async Task RunAsync()
    {
        while (true)
        {
            // While nothing succeeds, more often.
            var pause = _lease.IsTrusted ? Pause : Pause / 4;
            var left = _lease.Left;
            if (left > TimeSpan.Zero && left < pause) pause = left;
            try
            {
                await Task.Delay(pause, time, _stop.Token);
            }
            catch (OperationCanceledException)
            {
                return;
            }

            TryBeat();
            if (!_lease.IsTrusted) onLost();
        }
    }

    private void TryBeat()
    {
        try
        {
            Beat();
        }
        catch (Exception error)
        {
            _statements?.Dispose();
            _statements = null;
            if (!PostgresErrors.Instance.IsOfStore(error)) Log.Failed(logger, error);
        }
    }

    private void Beat()
    {
        _statements ??= database.NewStatements();
        var sentAt = time.GetTimestamp();
        if (_lease.NodeId != 0 && TryRenew())
        {
            _lease.Renew(sentAt);
            return;
        }

        if (_lease.NodeId != 0)
        {
            Log.Expired(logger, node.Name);
            onLost();
        }

        sentAt = time.GetTimestamp();
        var lease = new NodeLease(Random.Shared.NextInt64(1, long.MaxValue), node.Lease, time);
        _statements.Run(ClaimSql.Forget);
        _statements.Run(
            ClaimSql.Register,
            lease.NodeId,
            node.Name,
            node.Version,
            node.Configuration(),
            _startedAt,
            node.Lease);
        _statements.Flush();
        lease.Renew(sentAt);
        _lease = lease;
        if (!TryRenew()) throw new NpgsqlException("The node could not be registered.");
    }

    private bool TryRenew()
    {
        using var row = _statements!.Query(ClaimSql.Beat, node.Configuration(), time.GetUtcNow(), node.Lease, _lease.NodeId);
        if (!row.Read()) return false;
        Interlocked.Exchange(ref _skew, row.GetInt64(0));
        return true;
    }

    private static partial class Log
    {
        [LoggerMessage(230, LogLevel.Warning,
            "The lease of node {Node} has ended; its lanes go on elsewhere, or here after it is registered again")]
        public static partial void Expired(ILogger logger, string node);

        [LoggerMessage(231, LogLevel.Error, "Unexpected error in the heartbeat")]
        public static partial void Failed(ILogger logger, Exception error);
    }
}
