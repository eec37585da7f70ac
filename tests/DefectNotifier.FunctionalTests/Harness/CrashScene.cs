using System.Text.Json.Nodes;
using DefectNotifier.Delivery.Lanes;
using DefectNotifier.Testing;

namespace DefectNotifier.FunctionalTests.Harness;

/// <summary>An outbox whose worker is killed again and again, and three healthy chats that record what arrives.</summary>
internal sealed class CrashScene : IAsyncDisposable
{
    /// <summary>The one destination that every event goes to.</summary>
    private const string EveryEvent = "hook";

    private static readonly (string Project, string[] Destinations)[] Projects =
        [("WEB", [EveryEvent, "bot"]), ("BILL", [EveryEvent, "bot", "teams"]), ("SHOP", ["teams", EveryEvent])];

    private readonly TestFolder _folder = new();
    private readonly FastChat _chat = new();

    public CrashScene()
    {
        // After each kill the worker looks up and resends what is in doubt. With the default waits it would spend most of its life waiting
        // for that.
        Settings = new WorkerSettings(_folder)
            .Set("Delivery:ConfirmAfter", "200ms").Set("Delivery:MaxBackoff", "200ms").Set("Delivery:MaxResendDelay", "200ms");
        Settings.Environment["DOTNET_STARTUP_HOOKS"] = typeof(StartupHook).Assembly.Location;
        Add(EveryEvent, ChatKind.SlackWebhook);
        Add("bot", ChatKind.SlackBot);
        Add("teams", ChatKind.Teams);
        for (var index = 0; index < Projects.Length; index++)
        {
            var (project, destinations) = Projects[index];
            Settings.Route("", project).Set($"Routes:{index}:To", new JsonArray([.. destinations.Select(name => (JsonNode)name)]));
            // Only the first event of a defect has a severity: for the later ones it must be remembered over every kill.
            if (index > 0) Settings.Set($"Routes:{index}:MinSeverity", "major");
        }
    }

    public WorkerSettings Settings { get; }

    public string Outbox => _folder.File("outbox.db");

    public static void Log(string text) => TestContext.Current.TestOutputHelper!.WriteLine(text);

    /// <summary>Until then no chat can be reached.</summary>
    public Task OpenChatsAsync() => _chat.OpenAsync();

    public void Add(string destination, ChatKind kind) => Settings.Destination(destination, _chat.AddressOf(destination, kind), kind);

    /// <summary>Begins to send webhooks to a port that stays the same over all restarts.</summary>
    public DefectTraffic StartTraffic(int defectsAtOnce)
    {
        var ingress = new Uri($"http://127.0.0.1:{FreePort.Next()}");
        Settings.Set("Ingress:Url", ingress.ToString());
        var traffic = new DefectTraffic([new IngressClient(new Uri(ingress, "/webhooks/qase"))], _chat.Arrivals, Projects, defectsAtOnce);
        traffic.Start();
        return traffic;
    }

    /// <summary>
    /// Runs a worker while no chat can be reached, until one lane has more pending deliveries than it reads at once. Then opens the chats.
    /// </summary>
    public async Task FillMoreThanAPageAsync()
    {
        await using (var worker = await ServeAsync())
        {
            long pending = 0;
            await Eventually.HoldsAsync(
                async () => (pending = (long)(await worker.Operations.LaneAsync(EveryEvent))["waiting"]!) > Lane.PageSize,
                () => $"{pending} deliveries are pending, and a page holds {Lane.PageSize}: {worker.Output.All}");
            await worker.KillAsync();
        }

        await OpenChatsAsync();
    }

    /// <summary>Runs a worker until it is killed at a point; see <see cref="StartupHook"/>.</summary>
    public async Task RunUntilKilledAsync(string killAt)
    {
        Settings.Environment["KILL_AT"] = killAt;
        await using var worker = WorkerProcess.Launch(Settings);
        var exitCode = await worker.ExitAsync(Eventually.Deadline);
        Assert.True(
            exitCode == WorkerProcess.Killed, $"The worker ended with {exitCode} before it was killed at {killAt}: {worker.Output.All}");
    }

    /// <summary>Starts a worker that is not killed.</summary>
    public Task<WorkerProcess> ServeAsync()
    {
        Settings.Environment.Remove("KILL_AT");
        return WorkerProcess.ServeAsync(Settings);
    }

    /// <param name="expected">The messages that must have arrived, each with the id of its event.</param>
    /// <param name="worker">A worker on the same outbox.</param>
    public async Task AuditAsync(IReadOnlyDictionary<MessageKey, string> expected, WorkerProcess worker)
    {
        var audit = new LedgerAudit(expected, _chat.Arrivals.All);
        var (interrupted, found) = (OutboxFile.CountAttempts(Outbox, "interrupted"), OutboxFile.CountAttempts(Outbox, "found"));
        Log($"{expected.Count} messages, {interrupted} attempts interrupted, {found} of them found in the chat, {audit.Repeats} repeats");
        audit.NothingIsLostOrInvented();
        audit.DefectsAreInOrder();
        audit.DestinationsAreInOrder(OutboxFile.ReadMessages(Outbox));
        await audit.RepeatsAreExplainedAsync(worker.Operations, searchable: "bot");
        Assert.Empty(await worker.Operations.EventsAsync("state=dead"));
    }

    public async ValueTask DisposeAsync()
    {
        await _chat.DisposeAsync();
        _folder.Dispose();
    }
}
