using DefectNotifier.Delivery;
using DefectNotifier.FunctionalTests.Harness;
using DefectNotifier.Worker.Commands;

namespace DefectNotifier.FunctionalTests;

/// <summary>One worker and one chat for tests that leave both as they were. Each takes a destination that no other has used; its name is also the project code that goes there.</summary>
public sealed class SteadyWorker : IAsyncLifetime
{
    /// <summary>So many tests may ask for a destination of the same kind.</summary>
    private const int OfEachKind = 8;

    private readonly TestFolder _folder = new();
    private readonly Dictionary<ChatKind, Queue<string>> _unused = [];

    internal ChatServer Chat { get; } = ChatServer.Start();

    internal WorkerProcess Worker { get; private set; } = null!;

    internal string Destination(ChatKind kind) => _unused[kind].Dequeue();

    public async ValueTask InitializeAsync()
    {
        var settings = new WorkerSettings(_folder)
            .Set("Delivery:InitialBackoff", "00:00:00.050").Set("Delivery:MaxBackoff", "00:00:00.200").Set("Delivery:ConfirmAfter", "00:00:00.050");
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
