using DefectNotifier.FunctionalTests.Harness;

namespace DefectNotifier.FunctionalTests;

/// <summary>More than a hundred times SIGKILL under load, and a chat that keeps account of it.</summary>
public sealed class CrashLedgerTests
{
    /// <summary>102 with six points; <see cref="CrashPruningTests"/> add theirs.</summary>
    private const int KillsAtEachPoint = 17;

    /// <summary>Where (see <see cref="StartupHook"/>); at most which time; how many attempts that were cut off and lost answers each kill there makes for certain.</summary>
    public static TheoryData<string, int, int, int> Points => new()
    {
        { "time -", 1500, 0, 0 },
        // Before the commit.
        { "start Microsoft.AspNetCore.Hosting.HttpRequestIn", 80, 0, 0 },
        // Committed; the 202 has not left.
        { "count defectnotifier.events=accepted", 80, 0, 1 },
        // The attempt is written; nothing has left.
        { "start send", 80, 1, 0 },
        // The chat has answered; the outcome is not written.
        { "stop send", 80, 1, 0 },
        // The outcome is written.
        { "count defectnotifier.deliveries", 80, 0, 0 },
    };

    [Theory]
    [MemberData(nameof(Points))]
    public async Task Kill_UnderLoad_NothingIsLostAndOnlyAnnouncedRepeatsArriveAgain(string point, int latest, int cutOff, int lostResponses)
    {
        var seed = Random.Shared.Next();
        CrashScene.Tell($"Seed {seed}");
        var random = new Random(seed);
        await using var scene = await CrashScene.StartAsync();

        // More events at once than a lane reads in one page (64).
        var traffic = scene.StartTraffic(defectsAtOnce: 40);
        for (var kill = 0; kill < KillsAtEachPoint; kill++)
            await scene.DieAsync($"{point} {random.Next(1, latest)}");
        await using var worker = await scene.LiveAsync();
        await traffic.EndAsync();
        await worker.Operations.DrainedAsync();

        await scene.AuditAsync(traffic.Owed, worker);
        // The kills did happen where they should.
        Assert.True(OutboxFile.CountAttempts(scene.Outbox, "interrupted") >= cutOff * KillsAtEachPoint);
        Assert.True(traffic.LostResponses >= lostResponses * KillsAtEachPoint, $"{traffic.LostResponses} lost responses");
    }
}
