using DefectNotifier.Postgres.Leases;

namespace DefectNotifier.Postgres.Nodes;

/// <summary>A destination or duty that this node serves.</summary>
internal sealed class WantedName
{
    /// <summary>The claim that this node holds; null: none.</summary>
    public PostgresClaim? Held;

    /// <summary>Taken by the one that waits for the claim or holds it.</summary>
    public SemaphoreSlim Free { get; } = new(1, 1);

    /// <summary>As the one that waits wrote it.</summary>
    public string Name { get; set; } = "";

    public TaskCompletionSource<PostgresClaim>? Waiting { get; set; }

    public bool IsWaiting => Waiting is { Task.IsCompleted: false };

    /// <summary>How often an operator has resumed it, as it was read last.</summary>
    public long? Resumes { get; set; }
}
