using DefectNotifier.Testing;

namespace DefectNotifier.FunctionalTests.Harness;

/// <summary>
/// A worker with one destination, which rejected the message of defect 1 for good. Its addresses are fixed, so that commands find it.
/// </summary>
internal sealed class AdminScene : IAsyncDisposable
{
    public const string Secret = TestSecrets.Operations;

    private AdminScene(TestFolder folder, ChatServer chat, WorkerSettings settings)
    {
        Folder = folder;
        Chat = chat;
        Settings = settings;
    }

    public static ChatResponse Rejection { get; } = new(400, """{"error":{"code":"InvalidRequestContent","message":"no"}}""");

    public static ChatResponse FlowDeleted { get; } = new(404, """{"error":{"code":"WorkflowNotFound","message":"no"}}""");

    public TestFolder Folder { get; }

    public ChatServer Chat { get; }

    public WorkerSettings Settings { get; }

    public WorkerProcess Worker { get; private set; } = null!;

    /// <summary>The event whose delivery is dead.</summary>
    public string DeadEvent { get; private set; } = "";

    /// <summary>That delivery.</summary>
    public long Dead { get; private set; }

    public static async Task<AdminScene> OpenAsync(Action<WorkerSettings>? configure = null)
    {
        var folder = new TestFolder();
        var chat = ChatServer.Start();
        var settings = new WorkerSettings(folder)
            .Set("Operations:Url", $"http://127.0.0.1:{FreePort.Next()}").Destination("web", chat, ChatKind.Teams).Route("web");
        configure?.Invoke(settings);
        var admin = new AdminScene(folder, chat, settings);
        chat.Script.Next("web", Rejection);
        await admin.StartAsync();
        admin.DeadEvent = (await admin.Worker.Ingress.PostAsync(Webhooks.Created(1))).Id!;
        await chat.CallsAsync("web", 1);
        await admin.Worker.Operations.DrainedAsync();
        admin.Dead = 1;
        return admin;
    }

    public async Task StartAsync() => Worker = await WorkerProcess.ServeAsync(Settings);

    /// <summary>Sends SIGTERM and waits for the end.</summary>
    public async Task StopAsync()
    {
        Worker.Terminate();
        Assert.Equal(0, await Worker.ExitAsync(TimeSpan.FromSeconds(30)));
    }

    /// <summary>
    /// Runs a command, of outbox unless it is another one, with the worker's settings. The settings are written to another file: the worker
    /// would reload its own.
    /// </summary>
    public async Task<(int ExitCode, string Output, string Error)> RunAsync(params string[] arguments)
    {
        string[] command = arguments is ["outbox" or "silence" or "events" or "why" or "status", ..] ? arguments : ["outbox", .. arguments];
        var (exitCode, output) = await WorkerCommand.RunAsync(Folder.Path, [.. command, "--config", Settings.Write("command.json")]);
        return (exitCode, output.Standard.Trim(), output.Error.Trim());
    }

    public async Task<string?> StateAsync(long delivery) =>
        (string?)(await Worker.Operations.JsonAsync($"/deliveries/{delivery}"))["delivery"]!["state"];

    public async ValueTask DisposeAsync()
    {
        await Worker.DisposeAsync();
        Chat.Dispose();
        Folder.Dispose();
    }
}
