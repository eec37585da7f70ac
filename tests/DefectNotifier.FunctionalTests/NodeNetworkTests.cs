using DefectNotifier.FunctionalTests.Harness;
using DefectNotifier.Testing;
using DefectNotifier.Testing.Databases;

namespace DefectNotifier.FunctionalTests;

/// <summary>
/// Three nodes under load, of which one has a bad network to the database; its way to the chats is good. See <see cref="NodeChaosTests"/>.
/// </summary>
[Collection(ChaosServer.Tests)]
public sealed class NodeNetworkTests(ChaosServer server)
{
    [LongFact]
    public Task Network_LosesEverythingForLongerThanTheLease_LanesGoOnElsewhere() => RunAsync(proxy => proxy.Swallow(), isLost: true);

    [LongFact]
    public Task Network_ResetsConnectionsForLongerThanTheLease_LanesGoOnElsewhere() => RunAsync(proxy => proxy.Reset(), isLost: true);

    [LongFact]
    public Task Network_IsSlow_OtherNodesAreNotHeldUp() => RunAsync(proxy => proxy.Delay(TimeSpan.FromSeconds(2)), isLost: false);

    [LongFact]
    public async Task Connection_EndsBetweenCommitAndAnswer_TheWriteIsSettled()
    {
        await using var scene = new NodeScene(server.Running);
        await using var proxy = Connect(scene);
        await scene.StartAsync();
        var cuts = 0;
        do
        {
            cuts += 5;
            while (proxy.Cuts < cuts)
            {
                var before = proxy.Cuts;
                proxy.CutAfterCommit(Random.Shared.Next(1, 20));
                await Eventually.HoldsAsync(() => proxy.Cuts > before, "the connection was cut");
                await scene.ArriveAsync(20);
            }
        }
        while (scene.GoesOn);

        await scene.AuditAsync();
        scene.NoResponseWasLost();
    }

    private async Task RunAsync(Action<DatabaseProxy> fail, bool isLost)
    {
        await using var scene = new NodeScene(server.Running);
        await using var proxy = Connect(scene);
        await scene.StartAsync();
        var node = scene.Nodes[0];
        do
        {
            var lanes = await scene.Claims.LanesOfAsync(node.Name);
            await scene.ArriveAsync(100);
            var failedAt = TimeProvider.System.GetUtcNow();
            fail(proxy);
            if (isLost)
            {
                Assert.InRange(await scene.GoOnElsewhereAsync(node, lanes, failedAt), TimeSpan.Zero, NodeScene.GoesOnWithin);
                // It trusted its claims for less than the lease.
                Assert.DoesNotContain(scene.Arrivals, arrival => arrival.Door == node.Number && arrival.At > failedAt + NodeScene.Lease);
            }

            await scene.ArriveAsync(300);
            proxy.Pass();
            await Eventually.HoldsAsync(
                async () => await scene.Claims.CountNodesAsync() == scene.Nodes.Count, () => "all nodes live again");
            await scene.AllLanesAreOwnedAsync();
        }
        while (scene.GoesOn);

        await scene.AuditAsync();
    }

    private DatabaseProxy Connect(NodeScene scene)
    {
        var proxy = new DatabaseProxy(server.Running.Port);
        scene.Nodes[0].Connect(proxy.ConnectionString(server.Running.ConnectionString()));
        return proxy;
    }
}
