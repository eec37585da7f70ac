using DefectNotifier.Outbox.Contract;
using DefectNotifier.Postgres.Database;
using DefectNotifier.Postgres.Leases;
using DefectNotifier.Postgres.News;
using DefectNotifier.Sql.Writing;
using Microsoft.Extensions.Logging;

namespace DefectNotifier.Postgres.Nodes;

/// <summary>
/// The claims that this node waits for and holds. A loop takes them and gives them up, about each second.
/// </summary>
internal sealed partial class PostgresClaims : IClaims, IAsyncDisposable
{
    private readonly WantedNames _names = new();
    private readonly ClaimWriter _writer;
    private readonly ClaimSharing _sharing;
    private readonly NewsExchange _news;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly TimeSpan _lease;
    private readonly TimeSpan _pause;
    private readonly Signal _changed = new();
    private readonly CancellationTokenSource _stop = new();
    private Task _loop = Task.CompletedTask;
    private long? _failsSince;
    private volatile string? _problem;

    public PostgresClaims(
        PostgresDatabase database,
        OutboxWriter writer,
        NodeIdentity node,
        NewsExchange news,
        TimeProvider time,
        ILogger logger)
    {
        _news = news;
        _time = time;
        _logger = logger;
        _lease = node.Lease;
        _pause = node.Lease / 10;
        _writer = new ClaimWriter(writer, time);
        Heartbeat = new Heartbeat(database, node, LoseAll, time, logger);
        _sharing = new ClaimSharing(database, _names, _writer, Heartbeat, news, time, logger);
    }

    public Heartbeat Heartbeat { get; }

    public Roster Roster => _problem is { } problem ? _sharing.Roster with { Problem = problem } : _sharing.Roster;

    /// <inheritdoc cref="ClaimSharing.HasOthers"/>
    public bool HasOthers => _sharing.HasOthers;

    public void Group(IReadOnlyDictionary<string, string> groups) => _names.Group(groups);

    public void Start()
    {
        Heartbeat.Start();
        _loop = Task.Run(RunAsync);
    }

    public async Task<Claim> ClaimAsync(string name, CancellationToken cancellationToken)
    {
        var wanted = _names.GetOrAdd(name);
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
            // It may have been granted at the same moment.
            if (waiting.TrySetCanceled(CancellationToken.None)) wanted.Free.Release();
            else await ReleaseAsync(await waiting.Task);
            throw;
        }
    }

    public async Task ReleaseAsync(Claim claim)
    {
        if (claim is not PostgresClaim held || _names.Find(claim.Name) is not { } wanted) return;
        if (Interlocked.CompareExchange(ref wanted.Held, value: null, held) != held) return;
        try
        {
            await _writer.ReleaseAsync(held.Name, held.Owner, held.Epoch);
            _news.ClaimsChanged();
        }
        catch (OutboxUnavailableException)
        {
            // It becomes free when the node's lease ends.
        }

        held.Lose();
        held.Dispose();
        wanted.Free.Release();
    }

    /// <exception cref="ClaimLostException">It was lost or given up, as far as this node knows.</exception>
    public void Verify(Claim claim)
    {
        if (_names.HeldOf(claim.Name) != claim || claim.Lost.IsCancellationRequested) throw new ClaimLostException(claim.Name);
    }

    /// <summary>Another node has freed or taken something: reads the roster now.</summary>
    public void Look() => _changed.Set();

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _loop;
        LoseAll();
        await Heartbeat.DisposeAsync();
        _news.ClaimsChanged();
        _sharing.Dispose();
        _stop.Dispose();
    }

    private void LoseAll()
    {
        foreach (var claim in _names.Held) claim.Lose();
    }

    private async Task RunAsync()
    {
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                await _sharing.RunOnceAsync();
                (_failsSince, _problem) = (null, null);
                await _changed.WaitAsync(_pause, _time, _stop.Token);
            }
            catch (OperationCanceledException) when (_stop.IsCancellationRequested)
            {
                return;
            }
            catch (Exception error)
            {
                _sharing.Disconnect();
                if (error is not OutboxUnavailableException && !PostgresErrors.Instance.IsOfStore(error)) Log.Failed(_logger, error);
                else FailsFor(PostgresErrors.Instance.Describe(error));
                await Task.Delay(_pause, _time, CancellationToken.None);
            }
        }
    }

    // Without a lease the database is down, which the check of the store reports.
    private void FailsFor(string reason)
    {
        _failsSince ??= _time.GetTimestamp();
        if (!Heartbeat.Lease.IsTrusted || _time.GetElapsedTime(_failsSince.Value) < _lease) return;
        if (_problem is null) Log.TakesNothing(_logger, reason);
        _problem = $"this node can't take or give up destinations: {reason}; run 'check --online'";
    }

    private static partial class Log
    {
        [LoggerMessage(232, LogLevel.Error, "Unexpected error while claiming lanes")]
        public static partial void Failed(ILogger logger, Exception error);

        [LoggerMessage(229, LogLevel.Error, "This node can't take or give up destinations: {Reason}. Run 'check --online'")]
        public static partial void TakesNothing(ILogger logger, string reason);
    }
}
