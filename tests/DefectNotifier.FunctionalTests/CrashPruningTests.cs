using DefectNotifier.FunctionalTests.Harness;

namespace DefectNotifier.FunctionalTests;

/// <summary>SIGKILL while old events are deleted.</summary>
public sealed class CrashPruningTests
{
    [Fact]
    public async Task Kill_WhileOldEventsAreDeleted_KeepsEveryPendingDelivery()
    {
        const int Events = 5_000;
        await using var scene = await CrashScene.StartAsync();
        // Old enough to be deleted, but some deliveries are pending: their destination is missing for the while.
        var owed = await AgedOutbox.WriteAsync(scene.Outbox, Events, pendingEach: 50, "away");

        scene.Settings.Set("Retention:Every", "1s");
        var traffic = scene.StartTraffic(defectsAtOnce: 1);
        await scene.DieAsync("count defectnotifier.pruned 3");
        scene.Settings.Set("Retention:Every", "1h");
        scene.Add("away", ChatKind.Teams);
        await using var worker = await scene.LiveAsync();
        await traffic.EndAsync();
        await worker.Operations.DrainedAsync();

        await scene.AuditAsync(traffic.Owed.Concat(owed).ToDictionary(), worker);
        // The steps before the kill have deleted what they should.
        Assert.InRange(OutboxFile.ReadMessages(scene.Outbox).Count(message => message.Destination == "away"), owed.Count, Events - (2 * 200));
    }
}
