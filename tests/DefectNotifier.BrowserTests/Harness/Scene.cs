using System.Text.Json.Nodes;
using DefectNotifier.FunctionalTests.Harness;
using DefectNotifier.Testing;

namespace DefectNotifier.BrowserTests.Harness;

/// <summary>
/// A worker whose destinations show every outcome. The project code decides: GOOD is delivered, DEAD rejected, HELD not confirmed, PARK
/// parks its destination, BOTH goes to two destinations, and no route takes any other.
/// </summary>
internal sealed class Scene : IAsyncDisposable
{
    private readonly TestFolder _folder;

    private Scene(TestFolder folder, ChatServer chat, WorkerSettings settings)
    {
        _folder = folder;
        Chat = chat;
        Settings = settings;
    }

    public static ChatResponse Rejection { get; } = new(400, """{"error":{"code":"InvalidRequestContent","message":"no"}}""");

    public static ChatResponse FlowDeleted { get; } = new(404, """{"error":{"code":"WorkflowNotFound","message":"no"}}""");

    public ChatServer Chat { get; }

    public WorkerSettings Settings { get; }

    public WorkerProcess Worker { get; private set; } = null!;

    public OperationsClient Operations => Worker.Operations;

    public static async Task<Scene> OpenAsync(Action<WorkerSettings>? configure = null)
    {
        var folder = new TestFolder();
        var chat = ChatServer.Start();
        var settings = new WorkerSettings(folder)
            // Fixed, so that a browser finds a worker that was started again.
            .Set("Operations:Url", $"http://127.0.0.1:{FreePort.Next()}")
            .Destination("good", chat, ChatKind.SlackBot).Destination("dead", chat, ChatKind.Teams)
            .Destination("held", chat, ChatKind.SlackWebhook).Destination("parked", chat, ChatKind.Teams)
            .Set("Destinations:held:WhenUnsure", "hold")
            .Route("good", "GOOD", "NIGHT").Route("dead", "DEAD").Route("held", "HELD").Route("parked", "PARK");
        settings.Route("good", "BOTH").Set("Routes:4:To", new JsonArray("good", "dead"));
        configure?.Invoke(settings);
        chat.Script.Always("dead", Rejection);
        chat.Script.Always("parked", FlowDeleted);
        chat.Script.Always("held", ChatResponse.Dropped);
        var scene = new Scene(folder, chat, settings);
        await scene.StartAsync();
        return scene;
    }

    public async Task StartAsync() => Worker = await WorkerProcess.ServeAsync(Settings);

    /// <summary>Posts a new defect and waits until its delivery is in a state.</summary>
    /// <returns>The id of the event.</returns>
    public async Task<string> ReportAsync(int number, string project, string destination, string state)
    {
        var id = (await Worker.Ingress.PostAsync(Webhooks.Created(number, project))).Id!;
        await Operations.DeliveryIsAsync(id, destination, state, Chat.Ledger.ToString);
        return id;
    }

    /// <summary>Posts a defect whose destination is then parked.</summary>
    public async Task<string> ParkAsync(int number = 1)
    {
        var id = await ReportAsync(number, "PARK", "parked", "pending");
        await Operations.LaneIsAsync("parked", "parked");
        return id;
    }

    public async Task<long> DeliveryOfAsync(string eventId, string destination) =>
        (long)(await Operations.DeliveryAsync(eventId, destination))["id"]!;

    public async ValueTask DisposeAsync()
    {
        await Worker.DisposeAsync();
        Chat.Dispose();
        _folder.Dispose();
    }
}
