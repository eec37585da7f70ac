using System.Collections.Concurrent;
using DefectNotifier.Outbox.Contract;
using DefectNotifier.Outbox.Rules;
using DefectNotifier.Postgres.Database;
using DefectNotifier.Postgres.Writing;
using DefectNotifier.Sql.Writing;
using Microsoft.Extensions.Logging;

namespace DefectNotifier.Postgres.Claims;

/// <summary>The claims of this node: takes what is wanted and free, and knows what it holds.</summary>
internal sealed partial class PostgresClaims : IClaims, IAsyncDisposable
{
    private readonly OutboxWriter _writer;
    private readonly Heartbeat _heartbeat;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly TimeSpan _pause;
    private readonly ConcurrentDictionary<string, Wanted> _names = new(StringComparer.OrdinalIgnoreCase);
    private readonly Signal _changed = new();
    private readonly CancellationTokenSource _stop = new();
    private Task _loop = Task.CompletedTask;

    public PostgresClaims(
        PostgresDatabase database, OutboxWriter writer, PostgresOutboxOptions options, TimeProvider time, ILogger logger)
    {
        _writer = writer;
        _time = time;
        _logger = logger;
        _pause = options.Lease / 10;
        _heartbeat = new Heartbeat(database, options, LoseAll, time, logger);
    }

    public Heartbeat Heartbeat => _heartbeat;

    public void Start()
    {
        _heartbeat.Start();
        _loop = Task.Run(RunAsync);
    }

    public async Task<Claim> ClaimAsync(string name, CancellationToken cancellationToken)
    {
        var wanted = _names.GetOrAdd(name, _ => new Wanted());
        await wanted.Free.WaitAsync(cancellationToken);
        var waiting = new TaskCompletionSource<PostgresClaim>(TaskCreationOptions.RunContinuationsAsynchronously);
        (wanted.Name, wanted.Waiting) = (name, waiting);
        _changed.Set();
        try
        {
            return await waiting.Task.WaitAsync(cancellationToken);
        }
        catch
        {
            wanted.Waiting = null;
            // It may have been granted at the same moment.
            if (!waiting.TrySetCanceled(CancellationToken.None) && waiting.Task.IsCompletedSuccessfully) await ReleaseAsync(waiting.Task.Result);
            else wanted.Free.Release();
            throw;
        }
    }

    public async Task ReleaseAsync(Claim claim)
    {
        if (claim is not PostgresClaim held || !_names.TryGetValue(claim.Name, out var wanted)) return;
        if (Interlocked.CompareExchange(ref wanted.Held, value: null, held) != held) return;
        try
        {
            await _writer.WriteAsync(rows =>
            {
                ((PostgresTransaction)rows).Statements.Run(ClaimSql.Release, held.Name, held.Owner, held.Epoch);
                return true;
            });
        }
        catch (OutboxUnavailableException)
        {
            // It becomes free when the node's lease ends.
        }

        held.Lose();
        wanted.Free.Release();
    }

    /// <exception cref="ClaimLostException">It was lost or given up, as far as this node knows.</exception>
    public void Verify(Claim claim)
    {
        if (!_names.TryGetValue(claim.Name, out var wanted) || Volatile.Read(ref wanted.Held) != claim || claim.Lost.IsCancellationRequested)
            throw new ClaimLostException(claim.Name);
    }

    /// <summary>True when a living node has claimed the name.</summary>
    public static bool IsClaimed(IOutboxTransaction rows, string name)
    {
        using var row = ((PostgresTransaction)rows).Statements.Query(ClaimSql.IsClaimed, name);
        return row.Read();
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _loop;
        LoseAll();
        await _heartbeat.DisposeAsync();
        _stop.Dispose();
    }

    private void LoseAll()
    {
        foreach (var wanted in _names.Values) Volatile.Read(ref wanted.Held)?.Lose();
    }

    private async Task RunAsync()
    {
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                await TakeWantedAsync();
                await _changed.WaitAsync(_pause, _time, _stop.Token);
            }
            catch (OperationCanceledException)
            {
                return;
            }
            catch (Exception error)
            {
                if (error is not OutboxUnavailableException) Log.Failed(_logger, error);
                await Task.Delay(_pause, _time, CancellationToken.None);
            }
        }
    }

    private async Task TakeWantedAsync()
    {
        foreach (var wanted in _names.Values)
        {
            if (wanted.Waiting is not { } waiting || waiting.Task.IsCompleted) continue;
            if (await TryTakeAsync(wanted.Name) is not { } claim) continue;
            Volatile.Write(ref wanted.Held, claim);
            if (!waiting.TrySetResult(claim)) await ReleaseAsync(claim);
        }
    }

    private async Task<PostgresClaim?> TryTakeAsync(string name)
    {
        var lease = _heartbeat.Lease;
        if (!lease.IsTrusted || _heartbeat.Skew.Duration() > Heartbeat.MaxSkew) return null;
        return await _writer.WriteAsync(rows => Take(rows, name, lease));
    }

    private PostgresClaim? Take(IOutboxTransaction rows, string name, NodeLease lease)
    {
        long epoch;
        using (var row = ((PostgresTransaction)rows).Statements.Query(ClaimSql.Take, name, lease.NodeId))
        {
            if (!row.Read()) return null;
            epoch = row.GetInt64(0);
        }

        var lane = name.StartsWith(Claim.DutyPrefix)
            ? new TakenLane(new LaneState(name), Interrupted: 0)
            : AttemptRules.TakeLane(rows, name, _time.GetUtcNow());
        return new PostgresClaim(lane.State, epoch, lane.Interrupted, lease);
    }

    private sealed class Wanted
    {
        /// <summary>The claim that this node holds; null: none.</summary>
        public PostgresClaim? Held;

        /// <summary>Taken by the one that waits for the claim or holds it.</summary>
        public SemaphoreSlim Free { get; } = new(1, 1);

        /// <summary>As the one that waits wrote it.</summary>
        public string Name { get; set; } = "";

        public volatile TaskCompletionSource<PostgresClaim>? Waiting;
    }

    private static partial class Log
    {
        [LoggerMessage(222, LogLevel.Error, "Unexpected error while claiming lanes")]
        public static partial void Failed(ILogger logger, Exception error);
    }
}
