using DefectNotifier.FunctionalTests.Harness;
using DefectNotifier.Testing;
using DefectNotifier.Testing.Databases;
using Npgsql;

namespace DefectNotifier.FunctionalTests;

/// <summary>
/// Three nodes under load whose database, or the network to it, fails. See <see cref="NodeChaosTests"/>.
/// </summary>
[Collection(ChaosServer.Tests)]
public sealed class NodeDatabaseTests
{
    [LongFact]
    public async Task Database_CrashesAndStartsAgain_NodesAnswer503MeanwhileAndLoseNothing()
    {
        await using var server = await CreateAsync();
        await using var scene = new NodeScene(server);
        await scene.StartAsync();
        do
        {
            await scene.ArriveAsync(100);
            await server.StopAsync(StopMode.Immediate);
            foreach (var node in scene.Nodes)
            {
                var reply = await node.Ingress.PostAsync(Webhooks.Created(1_000_000));
                reply.IsProblem(503, "store-unavailable");
                Assert.NotNull(reply.RetryAfter);
                var (status, body) = await node.Worker.Operations.GetAsync("/health/ready");
                Assert.Equal(503, status);
                Assert.Contains("the database can't be reached", body, StringComparison.Ordinal);
            }

            var startedAt = TimeProvider.System.GetUtcNow();
            await server.StartAsync();
            await scene.ArriveAsync(100);
            var took = TimeProvider.System.GetUtcNow() - startedAt;
            NodeScene.Log($"100 messages {took.TotalSeconds:0.00} s after the start of the server");
        }
        while (scene.GoesOn);

        await scene.AuditAsync();
    }

    [LongFact]
    public async Task Primary_IsKilled_NodesGoOnWithTheSynchronousStandby()
    {
        await using var server = await CreateAsync();
        await using var standby = await server.StandbyAsync(isSynchronous: true);
        await using var scene = new NodeScene(server);
        var both = new NpgsqlConnectionStringBuilder(server.ConnectionString())
        {
            Host = $"127.0.0.1:{server.Port},127.0.0.1:{standby.Port}",
        };
        foreach (var node in scene.Nodes) node.Connect(both.ConnectionString);
        await scene.StartAsync();
        await scene.ArriveAsync(100);

        await server.KillAsync();
        // The nodes have seen that neither server accepts writes.
        foreach (var node in scene.Nodes)
            await Eventually.HoldsAsync(
                async () => (await node.Ingress.PostAsync(Webhooks.Created(1_000_000))).Status == 503, () => $"{node.Name} answers 503");
        var before = scene.Arrivals.Count;
        await standby.PromoteAsync();
        var promotedAt = TimeProvider.System.GetUtcNow();
        scene.Server = standby;
        await Eventually.HoldsAsync(() => scene.Arrivals.Count > before + 50, "messages arrive again");
        var took = TimeProvider.System.GetUtcNow() - promotedAt;
        NodeScene.Log($"50 messages {took.TotalSeconds:0.00} s after the promotion");
        Assert.InRange(took, TimeSpan.Zero, NodeScene.GoesOnWithin);

        await scene.AuditAsync();
    }

    [LongTheory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task AllNodes_ThroughPgBouncer_ShareTheLanes(bool listensDirectly)
    {
        Assert.SkipWhen(PgBouncer.SkipReason is not null, PgBouncer.SkipReason ?? "");
        await using var server = await CreateAsync();
        await using var bouncer = await PgBouncer.CreateAsync(server);
        await using var scene = new NodeScene(server);
        foreach (var node in scene.Nodes)
            node.Connect(bouncer.ConnectionString(), listensDirectly ? server.ConnectionString() : null);
        await scene.StartAsync();
        if (!listensDirectly) await scene.Nodes[0].Worker.Output.SaysAsync("Notifications of the database do not arrive");
        do
        {
            await scene.ArriveAsync(100);
            await bouncer.RestartAsync();
            await scene.ArriveAsync(100);
            var (node, lanes) = await scene.BusiestAsync();
            var killedAt = TimeProvider.System.GetUtcNow();
            await node.Worker.KillAsync();
            Assert.InRange(await scene.GoOnElsewhereAsync(node, lanes, killedAt), TimeSpan.Zero, NodeScene.GoesOnWithin);
            await node.StartAsync();
        }
        while (scene.GoesOn);

        await scene.AuditAsync();
    }

    private static async Task<PostgresServer> CreateAsync()
    {
        Assert.SkipWhen(PostgresServer.SkipReason is not null, PostgresServer.SkipReason ?? "");
        return await PostgresServer.CreateAsync();
    }
}
