using System.Collections.Concurrent;
using DefectNotifier.Outbox.Contract;
using DefectNotifier.Outbox.Rules;
using DefectNotifier.Postgres.Database;
using DefectNotifier.Postgres.Leases;
using DefectNotifier.Postgres.News;
using DefectNotifier.Postgres.Writing;
using DefectNotifier.Sql.Writing;
using Microsoft.Extensions.Logging;

namespace DefectNotifier.Postgres.Nodes;

/// <summary>
/// The claims of this node. About each second it reads the nodes and what they hold, and takes and gives up what <see cref="Sharing"/>
/// decides.
/// </summary>
internal sealed partial class PostgresClaims : IClaims, IAsyncDisposable
{
    private readonly PostgresDatabase _database;
    private readonly OutboxWriter _writer;
    private readonly NewsExchange _news;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly TimeSpan _pause;
    private readonly ConcurrentDictionary<string, WantedName> _names = new(StringComparer.OrdinalIgnoreCase);
    private readonly Signal _changed = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly SharingView _view;
    private readonly NodeProblems _problems;
    private readonly BeatWatch _beats;
    private readonly UnreachableGroups _unreachable;
    private volatile NodeRoster _roster = NodeRoster.Empty;
    private volatile IReadOnlyDictionary<string, string> _groups = new Dictionary<string, string>();
    private PostgresStatements? _statements;
    private Task _loop = Task.CompletedTask;

    public PostgresClaims(
        PostgresDatabase database,
        OutboxWriter writer,
        NodeIdentity node,
        NewsExchange news,
        TimeProvider time,
        ILogger logger)
    {
        _database = database;
        _writer = writer;
        _news = news;
        _time = time;
        _logger = logger;
        _pause = node.Lease / 10;
        _view = new SharingView(time);
        _problems = new NodeProblems(time);
        _beats = new BeatWatch(time);
        _unreachable = new UnreachableGroups(time);
        Heartbeat = new Heartbeat(database, node, LoseAll, time, logger);
    }

    public Heartbeat Heartbeat { get; }

    public Roster Roster => _roster.Roster;

    public void Group(IReadOnlyDictionary<string, string> groups) => _groups = groups;

    public void Start()
    {
        Heartbeat.Start();
        _loop = Task.Run(RunAsync);
    }

    public async Task<Claim> ClaimAsync(string name, CancellationToken cancellationToken)
    {
        var wanted = _names.GetOrAdd(name, _ => new WantedName());
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
        if (claim is not PostgresClaim held || !_names.TryGetValue(claim.Name, out var wanted)) return;
        if (Interlocked.CompareExchange(ref wanted.Held, value: null, held) != held) return;
        try
        {
            await _writer.WriteAsync(rows => Run(rows, ClaimSql.Release, held.Name, held.Owner, held.Epoch));
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
        var held = _names.TryGetValue(claim.Name, out var wanted) ? Volatile.Read(ref wanted.Held) : null;
        if (held != claim || claim.Lost.IsCancellationRequested) throw new ClaimLostException(claim.Name);
    }

    /// <summary>True when a living node has claimed the name.</summary>
    public static bool IsClaimed(IOutboxTransaction rows, string name)
    {
        using var row = ((PostgresTransaction)rows).Statements.Query(ClaimSql.IsClaimed, name);
        return row.Read();
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
        _statements?.Dispose();
        _stop.Dispose();
    }

    internal static bool Run(IOutboxTransaction rows, string sql, params ReadOnlySpan<object?> values)
    {
        ((PostgresTransaction)rows).Statements.Run(sql, values);
        return true;
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
                await ShareAsync();
                await _changed.WaitAsync(_pause, _time, _stop.Token);
            }
            catch (OperationCanceledException) when (_stop.IsCancellationRequested)
            {
                return;
            }
            catch (Exception error)
            {
                _statements?.Dispose();
                _statements = null;
                if (error is not OutboxUnavailableException && !PostgresErrors.Instance.IsOfStore(error)) Log.Failed(_logger, error);
                await Task.Delay(_pause, _time, CancellationToken.None);
            }
        }
    }

    private async Task ShareAsync()
    {
        var lease = Heartbeat.Lease;
        _statements ??= _database.NewStatements();
        var read = RosterReader.Read(_statements, lease.NodeId);
        var problem = _problems.Find(read.Roster, Heartbeat.Skew, _news.IsDeaf);
        _roster = read with { Roster = read.Roster with { Problem = problem } };
        TellResumes();
        if (!lease.IsTrusted || !_roster.Lives(lease.NodeId)) return;
        await EndStalledAsync(lease);
        await FreeStraysAsync(lease);
        if (_roster.Takers.Contains(lease.NodeId)) await TakeShareAsync(lease);
        // The times that this node records are wrong for the node that goes on after it. When no other one can go on, lanes continue.
        else if (_roster.Takers.Count > 0) HandOver(_names.Values);
    }

    private async Task TakeShareAsync(NodeLease lease)
    {
        var groups = _view.GroupsOf(_roster, _names.Values, _groups, lease.NodeId, _unreachable.Avoids);
        var decision = Sharing.Decide(_roster.Takers, lease.NodeId, groups, _view.StableFor);
        foreach (var wanted in WaitingIn(decision.Take)) await TakeAsync(wanted, lease);
        if (_roster.Takers.Count > 1) GiveUpUnreachable();
        if (decision.GiveUp is { } group) GiveUp(group);
        foreach (var split in _view.Split) GiveUp(split);
    }

    private void GiveUpUnreachable()
    {
        var held = _names.Values.Select(one => Volatile.Read(ref one.Held)).OfType<PostgresClaim>();
        foreach (var group in _unreachable.GiveUp(held.Select(claim => (GroupOf(claim.Name), claim.Chat))))
        {
            Log.Unreachable(_logger, string.Join(", ", NamesIn(group).Select(one => one.Name)), Reachability.MinOutage.TotalSeconds);
            GiveUp(group);
        }
    }

    private void GiveUp(string group)
    {
        _view.GaveUp(group);
        HandOver(NamesIn(group));
    }

    private static void HandOver(IEnumerable<WantedName> names)
    {
        foreach (var wanted in names) Volatile.Read(ref wanted.Held)?.AskToHandOver();
    }

    private IEnumerable<WantedName> NamesIn(string group) => _names.Values.Where(one => GroupOf(one.Name) == group);

    // Its lanes become free, and it can't renew its lease when it goes on.
    private async Task EndStalledAsync(NodeLease lease)
    {
        foreach (var node in _beats.FindStalled(_roster.Living).Where(node => node.Id != lease.NodeId))
        {
            await _writer.WriteAsync(rows => Run(rows, ClaimSql.End, node.Id, node.Beat));
            Log.Stalled(_logger, node.Name);
        }
    }

    // A commit that was reported as failed may have taken a name, or one that was to free it has failed: in the database this node holds
    // it, but no lane or duty here does.
    private async Task FreeStraysAsync(NodeLease lease)
    {
        foreach (var stray in _roster.Names.Where(name => name.Owner == lease.NodeId && !IsHeld(name.Name)))
            await _writer.WriteAsync(rows => Run(rows, ClaimSql.Release, stray.Name, stray.Owner, stray.Epoch));
    }

    private bool IsHeld(string name) => _names.TryGetValue(name, out var wanted) && Volatile.Read(ref wanted.Held) is not null;

    private List<WantedName> WaitingIn(IReadOnlyList<string> groups) =>
        [.. _names.Values.Where(one => one.IsWaiting && groups.Contains(GroupOf(one.Name)))];

    private string[] LanesWith(string name) =>
        [.. _groups.Where(one => one.Value == GroupOf(name)).Select(one => one.Key).Append(name)];

    private string GroupOf(string name) => _groups.GetValueOrDefault(name, name);

    private void TellResumes()
    {
        foreach (var held in _roster.Names)
        {
            if (!_names.TryGetValue(held.Name, out var wanted)) continue;
            if (wanted.Resumes is { } known && known < held.Resumes) _news.Resumed(held.Name);
            wanted.Resumes = held.Resumes;
        }
    }

    private async Task TakeAsync(WantedName wanted, NodeLease lease)
    {
        if (wanted.Waiting is not { Task.IsCompleted: false } waiting) return;
        if (await _writer.WriteAsync(rows => Take(rows, wanted.Name, lease)) is not { } claim) return;
        Volatile.Write(ref wanted.Held, claim);
        // The claims of an ended lease were marked as lost before this one was added.
        if (!lease.IsTrusted) claim.Lose();
        if (!waiting.TrySetResult(claim)) await FreeAsync(wanted, claim);
    }

    // The one that waited has gone, and has freed the name already.
    private async Task FreeAsync(WantedName wanted, PostgresClaim claim)
    {
        if (Interlocked.CompareExchange(ref wanted.Held, value: null, claim) != claim) return;
        await _writer.WriteAsync(rows => Run(rows, ClaimSql.Release, claim.Name, claim.Owner, claim.Epoch));
        claim.Dispose();
    }

    private PostgresClaim? Take(IOutboxTransaction rows, string name, NodeLease lease)
    {
        long epoch;
        using (var row = ((PostgresTransaction)rows).Statements.Query(ClaimSql.Take, name, lease.NodeId, LanesWith(name)))
        {
            if (!row.Read()) return null;
            epoch = row.GetInt64(0);
        }

        var lane = name.StartsWith(Claim.DutyPrefix)
            ? new TakenLane(new LaneState(name), Interrupted: 0)
            : AttemptRules.TakeLane(rows, name, _time.GetUtcNow());
        return new PostgresClaim(lane.State, epoch, lane.Interrupted, lease, _time);
    }

    private static partial class Log
    {
        [LoggerMessage(232, LogLevel.Error, "Unexpected error while claiming lanes")]
        public static partial void Failed(ILogger logger, Exception error);

        [LoggerMessage(237, LogLevel.Warning,
            "Node {Node} has not renewed its lease for twice its length, but the lease has not ended: the database's clock was set back. "
            + "Its destinations go on elsewhere")]
        public static partial void Stalled(ILogger logger, string node);

        [LoggerMessage(238, LogLevel.Warning,
            "This node has not been able to connect to {Destinations} for {Seconds} s, so another node tries. Check the network, the proxy "
            + "and the name resolution of this machine")]
        public static partial void Unreachable(ILogger logger, string destinations, double seconds);
    }
}
