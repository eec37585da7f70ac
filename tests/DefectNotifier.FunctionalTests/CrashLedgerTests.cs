using System.Globalization;
using DefectNotifier.Delivery.Lanes;
using DefectNotifier.FunctionalTests.Harness;

namespace DefectNotifier.FunctionalTests;

/// <summary>
/// Kills the worker with SIGKILL again and again under load, and compares what was accepted with what the chats received.
/// </summary>
public sealed class CrashLedgerTests
{
    /// <summary>
    /// The environment variable that says how often the worker is killed at each point. For a long run set it to 17 or more.
    /// </summary>
    private const string KillsVariable = "KILLS_PER_POINT";

    private static readonly int KillsPerPoint = int.Parse(
        Environment.GetEnvironmentVariable(KillsVariable) ?? "5", CultureInfo.InvariantCulture);

    /// <summary>
    /// The point (see <see cref="StartupHook"/>), and how many interrupted attempts and lost responses each kill there causes at least.
    /// </summary>
    public static TheoryData<string, int, int> Points => new()
    {
        // Before the commit.
        { "start Microsoft.AspNetCore.Hosting.HttpRequestIn", 0, 0 },
        // After the commit and before the response 202.
        { "count defectnotifier.events=accepted", 0, 1 },
        // The attempt is stored; nothing is sent.
        { "start send", 1, 0 },
        // The chat has responded; the outcome is not stored.
        { "stop send", 1, 0 },
        // The outcome is stored.
        { "count defectnotifier.deliveries", 0, 0 },
    };

    [Fact]
    public Task Kill_AtAnyTime_LosesNothingAndOnlyMarkedRepeatsArriveAgain() => RunAsync("time -", 1500, interrupted: 0, lostResponses: 0);

    [LongTheory]
    [MemberData(nameof(Points))]
    public Task Kill_AtAPoint_LosesNothingAndOnlyMarkedRepeatsArriveAgain(string point, int interrupted, int lostResponses) =>
        RunAsync(point, 80, interrupted, lostResponses);

    [LongFact]
    public async Task Kill_WhilePruning_LosesNoPendingDelivery()
    {
        const int Events = 2_000;
        const int EventsPerStep = 200;
        await using var scene = new CrashScene();
        await scene.OpenChatsAsync();
        // All of it is old enough to be purged, but some of it is pending: its destination is not configured yet.
        var pending = await OldOutbox.WriteAsync(scene.Outbox, Events, pendingEach: 50, "away");

        scene.Settings.Set("Retention:Every", "1s");
        var traffic = scene.StartTraffic(defectsAtOnce: 1);
        await scene.RunUntilKilledAsync("count defectnotifier.pruned 3");
        scene.Settings.Set("Retention:Every", "1h");
        scene.Add("away", ChatKind.Teams);
        await using var worker = await scene.ServeAsync();
        await traffic.EndAsync();
        await worker.Operations.DrainedAsync();

        await scene.AuditAsync(traffic.Expected.Concat(pending).ToDictionary(), worker);
        // The two steps before the kill were committed.
        var left = OutboxFile.ReadMessages(scene.Outbox).Count(message => message.Destination == "away");
        Assert.InRange(left, pending.Count, Events - (2 * EventsPerStep));
    }

    // Kills at a point, after a random count or time up to the latest.
    private static async Task RunAsync(string point, int latest, int interrupted, int lostResponses)
    {
        var seed = Random.Shared.Next();
        CrashScene.Log($"Seed {seed}");
        var random = new Random(seed);
        await using var scene = new CrashScene();

        // One lane gets three events of each defect: one and a half pages.
        var traffic = scene.StartTraffic(defectsAtOnce: Lane.PageSize / 2);
        await scene.FillMoreThanAPageAsync();
        for (var kill = 0; kill < KillsPerPoint; kill++) await scene.RunUntilKilledAsync($"{point} {random.Next(1, latest)}");
        await using var worker = await scene.ServeAsync();
        await traffic.EndAsync();
        await worker.Operations.DrainedAsync();

        await scene.AuditAsync(traffic.Expected, worker);
        // The worker was killed at the intended points.
        Assert.True(OutboxFile.CountAttempts(scene.Outbox, "interrupted") >= interrupted * KillsPerPoint);
        Assert.True(traffic.LostResponses >= lostResponses * KillsPerPoint, $"{traffic.LostResponses} lost responses");
    }
}
