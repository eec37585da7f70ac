namespace DefectNotifier.Outbox.Contract;

/// <summary>The nodes that share an outbox, and who works on what, as it was read last.</summary>
/// <param name="Nodes">The nodes that live; empty when only one process can use the outbox.</param>
public sealed record Roster(IReadOnlyList<NodeStatus> Nodes)
{
    /// <summary>What an operator must know about this node and the others, as a phrase; null: nothing.</summary>
    public string? Problem { get; init; }

    /// <summary>For an outbox that only one process can use.</summary>
    public static Roster Empty { get; } = new([]);

    /// <summary>The node, other than this one, that holds a lane or duty; null: none does.</summary>
    public NodeStatus? OtherHolderOf(string name) =>
        Nodes.FirstOrDefault(node => !node.IsThis && node.Holds.Contains(name, StringComparer.OrdinalIgnoreCase));
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

    /// <summary>When its lanes become free if it is not heard of again.</summary>
    public required long LeaseLeftMilliseconds { get; init; }

    /// <summary>True for the node that was asked.</summary>
    public bool IsThis { get; init; }

    /// <summary>The destinations and duties that it works on.</summary>
    public required IReadOnlyList<string> Holds { get; init; }
}
