using DefectNotifier.FunctionalTests.Harness;
using DefectNotifier.Testing;
using DefectNotifier.Worker.Commands;

namespace DefectNotifier.FunctionalTests;

/// <summary>One worker, and for each way to misbehave a chat of its own, which gets three messages.</summary>
public sealed class MisbehavingChats : IAsyncLifetime
{
    private readonly TestFolder _folder = new();
    private readonly Dictionary<string, ScriptedServer> _chats = new(StringComparer.Ordinal);
    private readonly Dictionary<string, IReadOnlyList<string>> _events = new(StringComparer.Ordinal);
    private WorkerProcess _worker = null!;

    internal OperationsClient Operations => _worker.Operations;

    internal static string NameOf(Misbehaviour misbehaviour) => $"chat-{Misbehaviours.All.TakeWhile(one => one != misbehaviour).Count()}";

    internal IReadOnlyList<ScriptedRequest> RequestsTo(Misbehaviour misbehaviour) => _chats[NameOf(misbehaviour)].Requests;

    /// <summary>The ids of the events that it is told of.</summary>
    internal IReadOnlyList<string> EventsFor(Misbehaviour misbehaviour) => _events[NameOf(misbehaviour)];

    /// <summary>Posts everything, and lets no bot read what stands in its channel.</summary>
    internal static Func<ScriptedConnection, Task> WellAgain(ChatKind kind) => async connection =>
    {
        while (true)
        {
            var isSearch = (await connection.ReadRequestAsync()).Head.Contains("/conversations.history", StringComparison.Ordinal);
            var response = isSearch ? ChatHistory.NotAllowed : ChatResponse.Good(kind);
            await connection.WriteAsync(Scripts.Response(response.Status, response.Body));
        }
    };

    public async ValueTask InitializeAsync()
    {
        TestCertificates.WriteTrusted(_folder.File("trusted.pem"));
        var settings = new WorkerSettings(_folder)
            .Set("Delivery:InitialBackoff", "00:00:00.050").Set("Delivery:MaxBackoff", "00:00:00.200").Set("Delivery:MaxResendDelay", "00:00:00.200").Set("Delivery:ParkedProbe", "1s").Set("Delivery:ConfirmAfter", "00:00:00.050");
        settings.Environment["SSL_CERT_FILE"] = _folder.File("trusted.pem");
        foreach (var misbehaviour in Misbehaviours.All) Add(settings, misbehaviour);
        _worker = await WorkerProcess.ServeAsync(settings);
        foreach (var misbehaviour in Misbehaviours.All)
        {
            var events = new List<string>();
            for (var number = 1; number <= 3; number++) events.Add((await _worker.Ingress.PostAsync(Webhooks.Created(number, NameOf(misbehaviour)))).Id!);
            _events[NameOf(misbehaviour)] = events;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _worker.DisposeAsync();
        foreach (var chat in _chats.Values) await chat.DisposeAsync();
        _folder.Dispose();
    }

    private void Add(WorkerSettings settings, Misbehaviour misbehaviour)
    {
        var name = NameOf(misbehaviour);
        var chat = new ScriptedServer(
            misbehaviour.Certificates is [] ? [null] : misbehaviour.Certificates,
            [.. misbehaviour.Scripts, WellAgain(misbehaviour.Kind)]);
        _chats[name] = chat;
        settings.Destination(name, chat.Address.ToString().TrimEnd('/') + ChatPath.Of(name, misbehaviour.Kind), misbehaviour.Kind)
            .Route(name, name).Set($"Destinations:{name}:Timeout", misbehaviour.Timeout.ToString("c"));
    }
}
