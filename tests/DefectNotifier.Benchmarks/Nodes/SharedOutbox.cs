using System.Globalization;
using DefectNotifier.Outbox.Contract;
using DefectNotifier.Postgres;
using DefectNotifier.Testing;
using DefectNotifier.Testing.Databases;
using Microsoft.Extensions.Logging.Abstractions;

namespace DefectNotifier.Benchmarks.Nodes;

/// <summary>An outbox in a schema of its own, with nodes in this process. Dispose closes the nodes and drops the schema.</summary>
internal sealed class SharedOutbox(PostgresServer server) : IAsyncDisposable
{
    public const int Lanes = 64;

    /// <summary>The shortest that is allowed.</summary>
    public static readonly TimeSpan Lease = TimeSpan.FromSeconds(5);

    private static long _defects;

    private readonly List<PostgresOutbox> _nodes = [];

    public string Schema { get; } = PostgresServer.CreateSchemaName();

    public string Address => server.ConnectionString();

    public static string NameOf(int number) => $"lane-{number % Lanes}";

    /// <summary>A new defect.</summary>
    public static NewEvent NewEvent(string destination) =>
        Some.NewDefectEvent(Some.DefectEvent with { SubjectId = Interlocked.Increment(ref _defects) }, destination);

    public static PostgresOutbox Open(string address, string schema, string node) => PostgresOutbox.Open(
        new PostgresOutboxOptions { ConnectionString = address, Schema = schema, Node = node, Lease = Lease },
        new OutboxSignals(),
        TimeProvider.System,
        NullLogger<PostgresOutbox>.Instance);

    public static Task<Claim[]> ClaimAllAsync(IClaims node) =>
        Task.WhenAll(Enumerable.Range(0, Lanes).Select(lane => node.ClaimAsync(NameOf(lane), CancellationToken.None)));

    /// <summary>Opens one more node.</summary>
    public PostgresOutbox Open()
    {
        var node = Open(Address, Schema, string.Create(CultureInfo.InvariantCulture, $"node-{_nodes.Count + 1}"));
        _nodes.Add(node);
        return node;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var node in _nodes) await node.DisposeAsync();
        await server.QueryAsync($"DROP SCHEMA {Schema} CASCADE");
    }
}
