namespace DefectNotifier.Postgres;

/// <summary>Settings of the outbox on PostgreSQL; section <c>Outbox</c>.</summary>
public sealed class PostgresOutboxOptions
{
    /// <summary>The address of the database, with its login. A secret.</summary>
    public required string ConnectionString { get; init; }

    /// <summary>
    /// An address that leads to the database without a pooler, for the connection that waits for notifications; null: the same address.
    /// A secret.
    /// </summary>
    public string? ListenConnectionString { get; init; }

    /// <summary>The schema of the tables. Created when it is missing.</summary>
    public string Schema { get; init; } = "defect_notifier";

    /// <summary>How long a node keeps its lanes after its last heartbeat. From 5 s to 60 s; default 10 s.</summary>
    public TimeSpan Lease { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>The name under which this node is shown; default the host's name.</summary>
    public string Node { get; init; } = Environment.MachineName;

    /// <summary>The clock of the node's lease and claims, which is compared with the database's.</summary>
    internal TimeProvider NodeTime { get; init; } = TimeProvider.System;

    /// <summary>The version of the program, to be shown.</summary>
    public string Version { get; init; } = "";

    /// <summary>The digest of the configuration now, to find nodes that differ.</summary>
    public Func<string> Configuration { get; init; } = () => "";

    /// <summary>False: the tables are only checked, never created or changed.</summary>
    public bool Migrate { get; init; } = true;

    /// <summary>How many appends may wait for their commit. One more is refused at once. Default 8192.</summary>
    public int WaitingLimit { get; init; } = 8192;

    /// <summary>
    /// How many bytes of request bodies a page of pending deliveries may hold. A page holds at least one delivery. Default 1 MiB.
    /// </summary>
    public int PageBytes { get; init; } = 1024 * 1024;

    /// <summary>How many rows a page of the history looks at; it ends early when it finds too few among them. Default 20,000.</summary>
    public int PageRows { get; init; } = 20_000;
}
