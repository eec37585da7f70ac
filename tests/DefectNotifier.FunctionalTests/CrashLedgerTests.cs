using System.Text.Json.Nodes;
using DefectNotifier.FunctionalTests.Harness;
using DefectNotifier.Testing;

namespace DefectNotifier.FunctionalTests;

/// <summary>More than a hundred times SIGKILL under load, and a chat that keeps account of it.</summary>
public sealed class CrashLedgerTests
{
    /// <summary>102 with six points; the old outbox adds its own.</summary>
    private const int KillsAtEachPoint = 17;

    /// <summary>By how many bytes an outbox's log has grown when its opening is cut off.</summary>
    private static readonly int[] LogGrowths = [1, 64 * 1024, 128 * 1024, 256 * 1024, 512 * 1024, 1024 * 1024];

    private static readonly (string Project, string[] Destinations)[] Projects = [("WEB", ["hook", "bot"]), ("BILL", ["hook", "bot", "teams"]), ("SHOP", ["teams", "hook"])];

    /// <summary>
    /// Where (see <see cref="StartupHook"/>); at most which time; how many repeats and lost answers each kill there makes for certain; further settings, each as <c>path=value</c>.
    /// </summary>
    public static TheoryData<string, int, int, int, string> Points => new()
    {
        { "time -", 1500, 0, 0, "" },
        // Before the commit.
        { "start Microsoft.AspNetCore.Hosting.HttpRequestIn", 80, 0, 0, "" },
        // Committed; the 202 has not left.
        { "count defectnotifier.events=accepted", 80, 0, 1, "" },
        // The attempt is written; nothing has left.
        { "start send", 80, 0, 0, "" },
        // The chat has answered; the outcome is not written.
        { "stop send", 80, 1, 0, "" },
        // The outcome is written.
        { "count defectnotifier.deliveries", 80, 0, 0, "" },
    };

    [Theory]
    [MemberData(nameof(Points))]
    public async Task Kill_UnderLoad_NothingIsLostAndOnlyAnnouncedRepeatsArriveAgain(string point, int latest, int repeats, int lostAnswers, string more)
    {
        var random = Seeded();
        using var folder = new TestFolder();
        await using var chat = await FastChat.StartAsync();
        var ingress = FreePort.Next();
        var settings = Settings(folder, chat).Set("Ingress:Url", $"http://127.0.0.1:{ingress}");
        foreach (var setting in more.Split(' ', StringSplitOptions.RemoveEmptyEntries)) settings.Set(setting.Split('=')[0], setting.Split('=')[1]);
        var traffic = new DefectTraffic(new IngressClient(new Uri($"http://127.0.0.1:{ingress}/webhooks/qase")), chat.Arrivals, Projects);

        traffic.Start();
        for (var kill = 0; kill < KillsAtEachPoint; kill++)
            await DieAsync(settings, $"{point} {random.Next(1, latest)}");
        await using var worker = await LiveAsync(settings);
        await traffic.EndAsync();
        await worker.Operations.DrainedAsync();

        var audit = new LedgerAudit(traffic.Owed, chat.Arrivals.All);
        TestContext.Current.TestOutputHelper!.WriteLine($"{KillsAtEachPoint} kills, {traffic.Owed.Count} messages owed, {audit.Repeats} repeats, {traffic.LostAnswers} lost answers");
        audit.NothingIsLostOrMadeUp();
        audit.DefectsAreInOrder();
        audit.DestinationsAreInOrder(OutboxFile.ReadMessages(folder.File("outbox.db")));
        await audit.RepeatsAreExplainedAsync(worker.Operations, isPruned: more.Length > 0);
        Assert.Empty((await worker.Operations.JsonAsync("/events?outcome=dead")).AsArray());
        // The kills did happen where they should.
        Assert.True(audit.Repeats >= repeats * KillsAtEachPoint, $"{audit.Repeats} repeats");
        Assert.True(traffic.LostAnswers >= lostAnswers * KillsAtEachPoint, $"{traffic.LostAnswers} lost answers");
    }

    [Fact]
    public async Task Kill_WhileAnOldOutboxIsOpened_EverythingThatWaitedArrivesOnce()
    {
        const int Events = 50_000;
        using var folder = new TestFolder();
        await using var chat = await FastChat.StartAsync();
        var outbox = folder.File("outbox.db");
        var settings = Settings(folder, chat);
        var (owed, deliveredId) = OldOutbox.Write(outbox, Events, waitingEach: 50, ["hook", "bot", "teams"]);

        // A migration writes the log; where there is none, the lanes do, and the first deliveries are late enough.
        foreach (var growth in LogGrowths)
        {
            await DieAsync(settings, $"grown outbox.db-wal {growth};count defectnotifier.deliveries 150");
            TestContext.Current.TestOutputHelper!.WriteLine($"Killed with schema {OutboxFile.ReadVersion(outbox)} and {chat.Arrivals.All.Count} arrivals, log {new FileInfo(outbox + "-wal").Length} bytes");
        }

        await using var worker = await LiveAsync(settings);
        await worker.Operations.DrainedAsync();

        var audit = new LedgerAudit(owed, chat.Arrivals.All);
        audit.NothingIsLostOrMadeUp();
        var stored = OutboxFile.ReadMessages(outbox);
        Assert.Equal(Events, stored.Count);
        audit.DestinationsAreInOrder([.. stored.Where(owed.ContainsKey)]);
        await audit.RepeatsAreExplainedAsync(worker.Operations, isPruned: false);
        Assert.Equal(["delivered ok"], await worker.Operations.HistoryAsync(deliveredId, "hook"));
    }

    private static Random Seeded()
    {
        var seed = Random.Shared.Next();
        TestContext.Current.TestOutputHelper!.WriteLine($"Seed {seed}");
        return new Random(seed);
    }

    private static WorkerSettings Settings(TestFolder folder, FastChat chat)
    {
        var settings = new WorkerSettings(folder).Set("Delivery:ConfirmAfter", "100ms");
        foreach (var (name, kind) in ((string, ChatKind)[])[("hook", ChatKind.SlackWebhook), ("bot", ChatKind.SlackBot), ("teams", ChatKind.Teams)])
            settings.Destination(name, chat.AddressOf(name, kind), kind);
        for (var i = 0; i < Projects.Length; i++)
            settings.Route("", Projects[i].Project).Set($"Routes:{i}:To", new JsonArray([.. Projects[i].Destinations.Select(name => (JsonNode)name)]));
        settings.Environment["DOTNET_STARTUP_HOOKS"] = typeof(StartupHook).Assembly.Location;
        return settings;
    }

    private static async Task DieAsync(WorkerSettings settings, string killAt)
    {
        settings.Environment["KILL_AT"] = killAt;
        await using var worker = WorkerProcess.Launch(settings);
        var exitCode = await worker.ExitAsync(Eventually.Deadline);
        Assert.True(exitCode == WorkerProcess.Killed, $"The worker ended with {exitCode} before it was killed at {killAt}: {worker.Output.All}");
    }

    private static Task<WorkerProcess> LiveAsync(WorkerSettings settings)
    {
        settings.Environment.Remove("KILL_AT");
        return WorkerProcess.ServeAsync(settings);
    }
}
