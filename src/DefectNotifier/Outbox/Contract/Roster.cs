using System.Text.Json.Serialization;

namespace DefectNotifier.Outbox.Contract;

/// <summary>The nodes that share an outbox, and who works on what, as it was read last.</summary>
/// <param name="Nodes">The nodes that live; empty when only one process can use the outbox.</param>
public sealed record Roster(IReadOnlyList<NodeStatus> Nodes)
{
    /// <summary>What an operator must know about this node and the others, as a phrase; null: nothing.</summary>
    public string? Problem { get; init; }

    /// <summary>For an outbox that only one process can use.</summary>
    public static Roster Empty { get; } = new([]);

    /// <summary>
    /// True when the store has not responded for longer than the leases last: which node works on what is not known.
    /// </summary>
    public bool IsOutdated => Nodes.Count > 0 && Nodes.All(node => !node.IsKnown);

    /// <summary>The node, other than this one, that holds a lane or duty; null: none does, or it is not known.</summary>
    public NodeStatus? OtherHolderOf(string name) => Nodes.FirstOrDefault(
        node => !node.IsThis && node.IsKnown && node.Holds.Contains(name, StringComparer.OrdinalIgnoreCase));

    /// <summary>The roster with this time subtracted from each lease.</summary>
    /// <param name="elapsed">The time since it was read.</param>
    public Roster After(TimeSpan elapsed)
    {
        var spent = (long)elapsed.TotalMilliseconds;
        return this with
        {
            Nodes = [.. Nodes.Select(node => node with { LeaseLeftMilliseconds = Math.Max(0, node.LeaseLeftMilliseconds - spent) })],
        };
    }
}

/// <summary>A node of an outbox that several share.</summary>
public sealed record NodeStatus
{
    /// <summary>The name that it has in its settings; several nodes may have the same.</summary>
    public required string Name { get; init; }

    /// <summary>The version of its program.</summary>
    public required string Version { get; init; }

    /// <summary>The digest of its configuration.</summary>
    public required string Configuration { get; init; }

    public required DateTimeOffset StartedAt { get; init; }

    /// <summary>How far its clock is ahead of the database's; negative: behind it.</summary>
    public required long ClockAheadMilliseconds { get; init; }

    /// <summary>
    /// What is left of its lease, less the time since the last read; 0: it may have ended, because the store does not respond.
    /// </summary>
    public required long LeaseLeftMilliseconds { get; init; }

    /// <summary>False when its lease may have ended since the last read.</summary>
    [JsonIgnore]
    public bool IsKnown => LeaseLeftMilliseconds > 0;

    /// <summary>True for the node that was asked.</summary>
    public bool IsThis { get; init; }

    /// <summary>The destinations and duties that it works on.</summary>
    public required IReadOnlyList<string> Holds { get; init; }
}
