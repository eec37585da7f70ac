using DefectNotifier.Testing;

namespace DefectNotifier.FunctionalTests.Harness;

/// <summary>A node of a <see cref="NodeScene"/>: a worker that can be started again at the same address for webhooks.</summary>
internal sealed class SceneNode : IAsyncDisposable
{
    private readonly TestFolder _folder = new();
    private WorkerProcess? _worker;

    public SceneNode(int number)
    {
        Number = number;
        // After each fault the nodes look up and resend what is in doubt. With the default waits they would spend most of the test on that.
        Settings = new WorkerSettings(_folder)
            .Set("Delivery:ConfirmAfter", "200ms").Set("Delivery:MaxBackoff", "200ms").Set("Delivery:MaxResendDelay", "200ms")
            .Set("Ingress:Url", $"http://127.0.0.1:{FreePort.Next()}")
            .Remove("Outbox", "Path").Set("Outbox:Node", Name).Set("Outbox:Lease", NodeScene.Lease.ToString("c"));
        Ingress = new IngressClient(Settings.IngressAddress);
    }

    public int Number { get; }

    public string Name => $"node-{Number}";

    public WorkerSettings Settings { get; }

    public IngressClient Ingress { get; }

    public WorkerProcess Worker => _worker ?? throw new InvalidOperationException($"{Name} was not started.");

    public bool IsRunning => _worker is { HasExited: false };

    /// <summary>Sets the address of the database.</summary>
    public void Connect(string connectionString, string? listen = null)
    {
        Settings.Set("Outbox:ConnectionString", connectionString);
        if (listen is not null) Settings.Set("Outbox:ListenConnectionString", listen);
    }

    /// <param name="fault"><c>KILL_AT</c> or <c>STOP_AT</c> and the point, see <see cref="StartupHook"/>; null: neither.</param>
    public async Task StartAsync(string? fault = null)
    {
        if (_worker is not null) await _worker.DisposeAsync();
        Settings.Environment.Clear();
        if (fault?.Split(' ', 2) is [var what, var point])
        {
            Settings.Environment["DOTNET_STARTUP_HOOKS"] = typeof(StartupHook).Assembly.Location;
            Settings.Environment[what] = point;
        }

        // One that is killed may not live until it has said where it listens.
        _worker = fault is null ? await WorkerProcess.ServeAsync(Settings) : WorkerProcess.Launch(Settings);
    }

    public async ValueTask DisposeAsync()
    {
        if (_worker is not null) await _worker.DisposeAsync();
        _folder.Dispose();
    }
}
