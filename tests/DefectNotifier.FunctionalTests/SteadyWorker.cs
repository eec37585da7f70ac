using DefectNotifier.FunctionalTests.Harness;

namespace DefectNotifier.FunctionalTests;

/// <summary>
/// One worker and one chat for all tests that leave both as they were. Each test takes a destination that no other test uses; its name is
/// also the project code that is routed to it.
/// </summary>
public sealed class SteadyWorker : IAsyncLifetime
{
    /// <summary>How many destinations of each kind there are.</summary>
    private const int OfEachKind = 16;

    private readonly TestFolder _folder = new();
    private readonly Dictionary<ChatKind, Queue<string>> _unused = [];
    private readonly Lock _lock = new();

    internal ChatServer Chat { get; } = ChatServer.Start();

    internal WorkerProcess Worker { get; private set; } = null!;

    internal string Destination(ChatKind kind)
    {
        lock (_lock)
            return _unused[kind].Dequeue();
    }

    /// <summary>Makes the only delivery of a destination dead, because the chat rejects its message.</summary>
    internal async Task<(string Destination, long Delivery)> DieAsync()
    {
        var name = Destination(ChatKind.Teams);
        Chat.Script.Next(name, AdminScene.Rejection);
        var reply = await Worker.Ingress.PostAsync(Webhooks.Created(1, name));
        await Worker.Operations.DeliveryIsAsync(reply.Id!, name, "dead", Chat.Ledger.ToString);
        return (name, (long)(await Worker.Operations.DeliveryAsync(reply.Id!, name))["id"]!);
    }

    public async ValueTask InitializeAsync()
    {
        var settings = new WorkerSettings(_folder).Set("Delivery:MaxBackoff", "200ms").Set("Delivery:MaxResendDelay", "200ms");
        foreach (var kind in Enum.GetValues<ChatKind>())
        {
            _unused[kind] = new Queue<string>(Enumerable.Range(1, OfEachKind).Select(number => $"{kind}-{number}"));
            foreach (var name in _unused[kind]) settings.Destination(name, Chat, kind).Route(name, name);
        }

        Worker = await WorkerProcess.ServeAsync(settings);
    }

    public async ValueTask DisposeAsync()
    {
        if (Worker is not null) await Worker.DisposeAsync();
        Chat.Dispose();
        _folder.Dispose();
    }
}
