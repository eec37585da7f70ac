using System.Text.Json.Nodes;
using DefectNotifier.Testing;
using DefectNotifier.Worker.Commands;

namespace DefectNotifier.FunctionalTests.Harness;

/// <summary>An outbox whose worker is killed again and again, and three chats in good health that keep account of what arrives.</summary>
internal sealed class CrashScene : IAsyncDisposable
{
    private static readonly (string Project, string[] Destinations)[] Projects = [("WEB", ["hook", "bot"]), ("BILL", ["hook", "bot", "teams"]), ("SHOP", ["teams", "hook"])];

    private readonly TestFolder _folder = new();
    private readonly FastChat _chat;

    private CrashScene(FastChat chat)
    {
        _chat = chat;
        // What each kill leaves in doubt is asked for and sent again soon; else most of a life would be waiting for that.
        Settings = new WorkerSettings(_folder)
            .Set("Delivery:ConfirmAfter", "00:00:00.200").Set("Delivery:InitialBackoff", "00:00:00.050").Set("Delivery:MaxResendDelay", "00:00:00.200");
        Settings.Environment["DOTNET_STARTUP_HOOKS"] = typeof(StartupHook).Assembly.Location;
        Add("hook", ChatKind.SlackWebhook);
        Add("bot", ChatKind.SlackBot);
        Add("teams", ChatKind.Teams);
        for (var i = 0; i < Projects.Length; i++)
            Settings.Route("", Projects[i].Project).Set($"Routes:{i}:To", new JsonArray([.. Projects[i].Destinations.Select(name => (JsonNode)name)]));
    }

    public WorkerSettings Settings { get; }

    public string Outbox => _folder.File("outbox.db");

    public int ArrivedSoFar => _chat.Arrivals.All.Count;

    public static async Task<CrashScene> StartAsync() => new(await FastChat.StartAsync());

    public static void Tell(string what) => TestContext.Current.TestOutputHelper!.WriteLine(what);

    public void Add(string destination, ChatKind kind) => Settings.Destination(destination, _chat.AddressOf(destination, kind), kind);

    /// <summary>Begins to send to a port that stays the same over all restarts.</summary>
    public DefectTraffic StartTraffic(int defectsAtOnce)
    {
        var ingress = new Uri($"http://127.0.0.1:{FreePort.Next()}");
        Settings.Set("Ingress:Url", ingress.ToString());
        var traffic = new DefectTraffic(new IngressClient(new Uri(ingress, "/webhooks/qase")), _chat.Arrivals, Projects, defectsAtOnce);
        traffic.Start();
        return traffic;
    }

    /// <summary>Runs a worker until it is killed; see <see cref="StartupHook"/>.</summary>
    public async Task DieAsync(string killAt)
    {
        Settings.Environment["KILL_AT"] = killAt;
        await using var worker = WorkerProcess.Launch(Settings);
        var exitCode = await worker.ExitAsync(Eventually.Deadline);
        Assert.True(exitCode == WorkerProcess.Killed, $"The worker ended with {exitCode} before it was killed at {killAt}: {worker.Output.All}");
    }

    /// <summary>Starts a worker that is not killed.</summary>
    public Task<WorkerProcess> LiveAsync()
    {
        Settings.Environment.Remove("KILL_AT");
        return WorkerProcess.ServeAsync(Settings);
    }

    public async Task AuditAsync(IReadOnlyDictionary<OwedMessage, string> owed, WorkerProcess worker)
    {
        var audit = new LedgerAudit(owed, _chat.Arrivals.All);
        var (cutOff, found) = (OutboxFile.CountAttempts(Outbox, "interrupted"), OutboxFile.CountAttempts(Outbox, "found"));
        Tell($"{owed.Count} messages owed, {cutOff} attempts cut off, {found} of them found in the chat, {audit.Repeats} repeats");
        audit.NothingIsLostOrMadeUp();
        audit.DefectsAreInOrder();
        audit.DestinationsAreInOrder(OutboxFile.ReadMessages(Outbox));
        await audit.RepeatsAreExplainedAsync(worker.Operations, searchable: "bot");
        Assert.Empty((await worker.Operations.JsonAsync("/events?outcome=dead")).AsArray());
    }

    public async ValueTask DisposeAsync()
    {
        await _chat.DisposeAsync();
        _folder.Dispose();
    }
}
