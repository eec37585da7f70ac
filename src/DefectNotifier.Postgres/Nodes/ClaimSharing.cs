using DefectNotifier.Outbox.Contract;
using DefectNotifier.Postgres.Database;
using DefectNotifier.Postgres.Leases;
using DefectNotifier.Postgres.News;
using Microsoft.Extensions.Logging;

namespace DefectNotifier.Postgres.Nodes;

/// <summary>Reads the nodes and what they hold, and takes and gives up what <see cref="Sharing"/> decides. Used by one loop.</summary>
internal sealed partial class ClaimSharing(
    PostgresDatabase database,
    WantedNames names,
    ClaimWriter writer,
    Heartbeat heartbeat,
    NewsExchange news,
    TimeProvider time,
    ILogger logger) : IDisposable
{
    private readonly SharingView _view = new(time);
    private readonly NodeProblems _problems = new(time);
    private readonly BeatWatch _beats = new(time);
    private readonly UnreachableGroups _unreachable = new(time);
    private volatile NodeRoster _roster = NodeRoster.Empty;
    private PostgresStatements? _statements;

    /// <summary>The nodes, as they were read last. A lease that could have ended since then has ended here.</summary>
    public Roster Roster
    {
        get
        {
            var read = _roster;
            return read.Roster.After(time.GetElapsedTime(read.ReadAt));
        }
    }

    /// <summary>True when there were several nodes at the last read.</summary>
    public bool HasOthers => _roster.Living.Count > 1;

    public async Task RunOnceAsync()
    {
        var lease = heartbeat.Lease;
        Read(lease);
        TellResumes();
        if (!lease.IsTrusted || !_roster.Lives(lease.NodeId)) return;
        await EndStalledAsync(lease);
        await FreeStraysAsync(lease);
        if (_roster.Takers.Contains(lease.NodeId)) await TakeShareAsync(lease);
        // This node's clock is wrong, and the next holder would rely on the times that it records. Without another node that can take them
        // it keeps its lanes.
        else if (_roster.Takers.Count > 0) HandOver(names.All);
    }

    /// <summary>Closes the connection; the next run opens one.</summary>
    public void Disconnect()
    {
        _statements?.Dispose();
        _statements = null;
    }

    public void Dispose() => Disconnect();

    private void Read(NodeLease lease)
    {
        var readAt = time.GetTimestamp();
        _statements ??= database.NewStatements();
        var read = RosterReader.Read(_statements, lease.NodeId);
        LogDead(read);
        var problem = _problems.Find(read.Roster, heartbeat.Skew, news.IsDeaf);
        _roster = read with { Roster = read.Roster with { Problem = problem }, ReadAt = readAt };
    }

    // A node that was stopped has deleted its row before its lease could end: no warning.
    private void LogDead(NodeRoster now)
    {
        var known = Roster;
        // This node could not read the database either, so the others may be running.
        if (known.IsOutdated) return;
        foreach (var (node, status) in _roster.Living.Zip(known.Nodes))
        {
            if (status.IsThis || status.IsKnown || now.Lives(node.Id)) continue;
            if (now.NamesOf(node.Id) is { Count: > 0 } left) Log.Ended(logger, node.Name, string.Join(", ", left));
        }
    }

    private void TellResumes()
    {
        foreach (var held in _roster.Names)
        {
            if (names.Find(held.Name) is not { } wanted) continue;
            if (wanted.Resumes is { } known && known < held.Resumes) news.Resumed(held.Name);
            wanted.Resumes = held.Resumes;
        }
    }

    // Its lanes become free, and it can't renew its lease when it goes on.
    private async Task EndStalledAsync(NodeLease lease)
    {
        foreach (var node in _beats.FindStalled(_roster.Living).Where(node => node.Id != lease.NodeId))
        {
            await writer.EndAsync(node);
            Log.Stalled(logger, node.Name);
        }
    }

    // A commit that was reported as failed may have taken a name, or one that was to free it has failed: in the database this node holds
    // it, but no lane or duty here does.
    private async Task FreeStraysAsync(NodeLease lease)
    {
        foreach (var stray in _roster.Names.Where(name => name.Owner == lease.NodeId && names.HeldOf(name.Name) is null))
            await writer.ReleaseAsync(stray.Name, stray.Owner, stray.Epoch);
    }

    private async Task TakeShareAsync(NodeLease lease)
    {
        var groups = _view.GroupsOf(_roster, names, lease.NodeId, _unreachable.Avoids);
        var decision = Sharing.Decide(_roster.Takers, lease.NodeId, groups, _view.StableFor);
        foreach (var wanted in names.WaitingIn(decision.Take).Where(one => _roster.IsFree(one.Name)))
            await TakeAsync(wanted, names.LanesWith(wanted.Name), lease);
        foreach (var wanted in _view.Left) await TakeAsync(wanted, [wanted.Name], lease);
        if (_roster.Takers.Count > 1) GiveUpUnreachable();
        if (decision.GiveUp is { } group) GiveUp(group);
        foreach (var split in _view.Split) GiveUp(split);
    }

    private async Task TakeAsync(WantedName wanted, string[] group, NodeLease lease)
    {
        if (wanted.Waiting is not { Task.IsCompleted: false } waiting) return;
        if (await writer.TakeAsync(wanted.Name, group, lease) is not { } claim) return;
        Volatile.Write(ref wanted.Held, claim);
        // The claims of an ended lease were marked as lost before this one was added.
        if (!lease.IsTrusted) claim.Lose();
        if (!waiting.TrySetResult(claim)) await FreeAsync(wanted, claim);
    }

    // The caller has cancelled: it has released the semaphore, but not the name.
    private async Task FreeAsync(WantedName wanted, PostgresClaim claim)
    {
        if (Interlocked.CompareExchange(ref wanted.Held, value: null, claim) != claim) return;
        await writer.ReleaseAsync(claim.Name, claim.Owner, claim.Epoch);
        claim.Dispose();
    }

    private void GiveUpUnreachable()
    {
        foreach (var group in _unreachable.GiveUp(names.Held.Select(claim => (names.GroupOf(claim.Name), claim.Chat))))
        {
            Log.Unreachable(logger, string.Join(", ", names.In(group).Select(one => one.Name)), Reachability.MinOutage.TotalSeconds);
            GiveUp(group);
        }
    }

    private void GiveUp(string group)
    {
        _view.GaveUp(group);
        HandOver(names.In(group));
    }

    private static void HandOver(IEnumerable<WantedName> given)
    {
        foreach (var wanted in given) Volatile.Read(ref wanted.Held)?.AskToHandOver();
    }

    private static partial class Log
    {
        [LoggerMessage(237, LogLevel.Warning,
            "Node {Node} has not renewed its lease for twice its length, but the lease has not expired, because the database's clock was "
            + "set back. The lease is ended, and other nodes take the node's destinations")]
        public static partial void Stalled(ILogger logger, string node);

        [LoggerMessage(238, LogLevel.Warning,
            "This node has not been able to connect to {Destinations} for {Seconds} s, so another node tries. Check the network, the proxy "
            + "and the name resolution of this machine")]
        public static partial void Unreachable(ILogger logger, string destinations, double seconds);

        [LoggerMessage(239, LogLevel.Warning,
            "Node {Node} has lost its lease: it crashed, or can't reach the database. Check it. Other nodes take {Names}")]
        public static partial void Ended(ILogger logger, string node, string names);
    }
}
