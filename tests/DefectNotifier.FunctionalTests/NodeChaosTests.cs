using DefectNotifier.FunctionalTests.Harness;
using DefectNotifier.Testing;

namespace DefectNotifier.FunctionalTests;

/// <summary>
/// Three nodes on one PostgreSQL server under load, of which one is killed or stopped. Nothing that was accepted is lost or overtaken, and
/// only what was under way arrives twice, marked as a possible repeat. <c>NODE_CHAOS_SECONDS</c> makes the runs longer.
/// </summary>
[Collection(ChaosServer.Tests)]
public sealed class NodeChaosTests(ChaosServer server)
{
    /// <summary>See <see cref="StartupHook"/>.</summary>
    public static TheoryData<string> Points =>
    [
        // Before the commit of an event, and after it and before the response.
        "start Microsoft.AspNetCore.Hosting.HttpRequestIn",
        "count defectnotifier.events=accepted",
        // The attempt is stored; nothing is sent.
        "start send",
        // The chat has responded; the outcome is not stored.
        "stop send",
        // The outcome is stored.
        "count defectnotifier.deliveries",
    ];

    [LongFact]
    public async Task Kill_OneOfThreeNodes_ItsLanesGoOnElsewhere()
    {
        await using var scene = new NodeScene(server.Running);
        await scene.StartAsync();
        do
        {
            var (node, lanes) = await scene.BusiestAsync();
            await scene.ArriveAsync(100);
            var killedAt = TimeProvider.System.GetUtcNow();
            await node.Worker.KillAsync();
            Assert.InRange(await scene.GoOnElsewhereAsync(node, lanes, killedAt), TimeSpan.Zero, NodeScene.GoesOnWithin);
            await node.StartAsync();
            await scene.ArriveAsync(100);
        }
        while (scene.GoesOn);

        await scene.AuditAsync();
    }

    [LongTheory]
    [MemberData(nameof(Points))]
    public async Task Kill_AtAPoint_LosesNothingAndOnlyMarkedRepeatsArriveAgain(string point)
    {
        var begun = TimeProvider.System.GetTimestamp();
        do
        {
            await using var scene = new NodeScene(server.Running);
            var node = scene.Nodes[0];
            await scene.StartAsync($"KILL_AT {point} {Random.Shared.Next(1, 40)}");
            Assert.Equal(WorkerProcess.Killed, await node.Worker.ExitAsync(NodeScene.GoesOnWithin));
            await scene.AllLanesAreOwnedAsync();
            await node.StartAsync();
            await scene.ArriveAsync(50);
            await scene.AuditAsync();
        }
        while (NodeScene.GoesOnSince(begun));
    }

    [LongTheory]
    [MemberData(nameof(Points))]
    public async Task Stop_ForLongerThanTheLease_OnlyWhatWasUnderWayArrivesLate(string point)
    {
        var begun = TimeProvider.System.GetTimestamp();
        do
        {
            await using var scene = new NodeScene(server.Running);
            var node = scene.Nodes[0];
            await scene.StartAsync($"STOP_AT {point} {Random.Shared.Next(1, 40)}");
            await Eventually.HoldsAsync(() => node.Worker.IsSuspended, "the node is stopped");
            var stoppedAt = TimeProvider.System.GetUtcNow();
            var lanes = await scene.Claims.LanesOfAsync(node.Name);
            Assert.InRange(await scene.GoOnElsewhereAsync(node, lanes, stoppedAt), TimeSpan.Zero, NodeScene.GoesOnWithin);
            var before = scene.Arrivals.Count;
            node.Worker.Continue();
            await node.Worker.Output.SaysAsync("has lost its lease");
            await scene.ArriveAsync(200);

            // The other nodes keep the lanes that they have.
            var late = scene.Arrivals.Skip(before).Where(arrival => arrival.Door == node.Number).ToList();
            Assert.All(late.CountBy(arrival => arrival.Message.Destination), lane => Assert.Equal(1, lane.Value));
            scene.AreStale(late);
            await scene.AuditAsync();
        }
        while (NodeScene.GoesOnSince(begun));
    }

    [LongFact]
    public async Task Restart_OneNodeAfterTheOther_WithAnotherDestination_LosesNothing()
    {
        await using var scene = new NodeScene(server.Running);
        await scene.StartAsync();
        foreach (var node in scene.Nodes)
        {
            await scene.ArriveAsync(50);
            var lanes = await scene.Claims.LanesOfAsync(node.Name);
            var askedAt = TimeProvider.System.GetUtcNow();
            node.Worker.Terminate();
            Assert.InRange(await scene.GoOnElsewhereAsync(node, lanes, askedAt), TimeSpan.Zero, NodeScene.Lease);
            Assert.Equal(0, await node.Worker.ExitAsync(NodeScene.GoesOnWithin));
            scene.Add(node, "new", project: "NEW");
            await node.StartAsync();
            await scene.AcceptsAsync(node, 1_000_000 + node.Number, "NEW", "new");
        }

        await scene.AuditAsync();
    }
}
