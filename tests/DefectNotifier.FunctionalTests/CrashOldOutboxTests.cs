using DefectNotifier.FunctionalTests.Harness;

namespace DefectNotifier.FunctionalTests;

/// <summary>SIGKILL while a large outbox of long ago is worked over as a whole.</summary>
public sealed class CrashOldOutboxTests
{
    /// <summary>By how many bytes an outbox's log has grown when its opening is cut off.</summary>
    private static readonly int[] LogGrowths = [1, 64 * 1024, 128 * 1024, 256 * 1024, 512 * 1024, 1024 * 1024];

    [Fact]
    public async Task Kill_WhileItIsMigrated_EverythingThatWaitedArrivesOnce()
    {
        const int Events = 50_000;
        await using var scene = await CrashScene.StartAsync();
        scene.Settings.Set("Retention:Delivered", "3650d");
        var (owed, deliveredId) = OldOutbox.Write(scene.Outbox, Events, waitingEach: 50, ["hook", "bot", "teams"]);

        // A migration writes the log; where there is none, the lanes do, and the first deliveries are late enough.
        foreach (var growth in LogGrowths)
        {
            await scene.DieAsync($"grown outbox.db-wal {growth};count defectnotifier.deliveries 150");
            CrashScene.Tell($"Killed with schema {OutboxFile.ReadVersion(scene.Outbox)} and {scene.ArrivedSoFar} arrivals");
        }

        await using var worker = await scene.LiveAsync();
        await worker.Operations.DrainedAsync();

        await scene.AuditAsync(owed, worker);
        Assert.Equal(Events, OutboxFile.CountEvents(scene.Outbox));
        Assert.Equal(["delivered ok"], await worker.Operations.HistoryAsync(deliveredId, "hook"));
    }

    [Fact]
    public async Task Kill_WhileItForgets_NothingThatIsOwedIsForgotten()
    {
        const int Events = 5_000;
        await using var scene = await CrashScene.StartAsync();
        // Old enough to go, but some of it is owed: to a destination that is away for the while.
        var (owed, _) = OldOutbox.Write(scene.Outbox, Events, waitingEach: 50, ["away"]);

        scene.Settings.Set("Retention:Every", "1s");
        var traffic = scene.StartTraffic(defectsAtOnce: 1);
        await scene.DieAsync("count defectnotifier.pruned 3");
        scene.Settings.Set("Retention:Every", "1h");
        scene.Add("away", ChatKind.Teams);
        await using var worker = await scene.LiveAsync();
        await traffic.EndAsync();
        await worker.Operations.DrainedAsync();

        await scene.AuditAsync(traffic.Owed.Concat(owed).ToDictionary(), worker);
        // The steps before the kill have taken away what they should.
        Assert.InRange(OutboxFile.ReadMessages(scene.Outbox).Count(message => message.Destination == "away"), owed.Count, Events - (2 * 200));
    }
}
