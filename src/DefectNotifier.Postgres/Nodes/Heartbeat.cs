using DefectNotifier.Postgres.Database;
using DefectNotifier.Postgres.Leases;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace DefectNotifier.Postgres.Nodes;

/// <summary>
/// Keeps this node registered, on a connection and a loop of its own, so that a busy node does not look dead. When its lease ends it has
/// lost all claims, also while the database does not answer, and registers again with another id.
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
    private ITimer? _trust;
    private Task _loop = Task.CompletedTask;
    private long _skew;
    private long _lost;

    /// <summary>The lease now.</summary>
    public NodeLease Lease => _lease;

    /// <summary>How far this node's clock is ahead of the database's.</summary>
    public TimeSpan Skew => TimeSpan.FromMilliseconds(Interlocked.Read(ref _skew));

    private TimeSpan Pause => node.Lease / 4;

    /// <summary>Registers the node.</summary>
    public void Start()
    {
        _trust = time.CreateTimer(_ => EndTrust(), state: null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        // There is no lease yet that a slow database could cost, so the general limit applies.
        using (_statements = database.NewStatements()) Beat();
        _statements = null;
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
        if (_trust is not null) await _trust.DisposeAsync();
        _stop.Dispose();
    }

    private async Task RunAsync()
    {
        var works = true;
        while (true)
        {
            // After a failure sooner, so that one connection that died does not cost the lease.
            try
            {
                await Task.Delay(works ? Pause : Pause / 4, time, _stop.Token);
            }
            catch (OperationCanceledException)
            {
                return;
            }

            works = TryBeat();
        }
    }

    private bool TryBeat()
    {
        try
        {
            Beat();
            return true;
        }
        catch (Exception error)
        {
            _statements?.Dispose();
            _statements = null;
            if (!PostgresErrors.Instance.IsOfStore(error)) Log.Failed(logger, error);
            return false;
        }
    }

    private void Beat()
    {
        // A connection that died silently must not cost the lease.
        _statements ??= database.NewStatements(Pause);
        var sentAt = time.GetTimestamp();
        if (_lease.NodeId != 0 && TryRenew())
        {
            Renew(_lease, sentAt);
            return;
        }

        if (_lease.NodeId != 0) Lose(_lease);

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
            time.GetUtcNow(),
            node.Lease);
        _statements.Flush();
        _lease = lease;
        Renew(lease, sentAt);
        if (!TryRenew()) throw new NpgsqlException("The node could not be registered.");
    }

    private void Renew(NodeLease lease, long sentAt)
    {
        lease.Renew(sentAt);
        Interlocked.Exchange(ref _lost, 0);
        _trust?.Change(Later(lease.Left), Timeout.InfiniteTimeSpan);
    }

    // A heartbeat may be waiting for its answer meanwhile.
    private void EndTrust()
    {
        // The timer may be early, and a heartbeat may have succeeded just now.
        var lease = _lease;
        if (lease.Left is { Ticks: > 0 } left) _trust?.Change(Later(left), Timeout.InfiniteTimeSpan);
        else Lose(lease);
    }

    private void Lose(NodeLease lease)
    {
        if (Interlocked.Exchange(ref _lost, lease.NodeId) != lease.NodeId) Log.Expired(logger, node.Name);
        onLost();
    }

    private static TimeSpan Later(TimeSpan left) => TimeSpan.FromMilliseconds(Math.Max(1, Math.Ceiling(left.TotalMilliseconds)));

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
            "Node {Node} has lost its lease, so it sends nothing until it has registered again. Nodes that reach the database take its "
            + "destinations")]
        public static partial void Expired(ILogger logger, string node);

        [LoggerMessage(231, LogLevel.Error, "Unexpected error in the heartbeat")]
        public static partial void Failed(ILogger logger, Exception error);
    }
}
