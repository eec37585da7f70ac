using DefectNotifier.FunctionalTests.Harness;
using DefectNotifier.Testing;

namespace DefectNotifier.FunctionalTests;

/// <summary>One worker, and for each way to fail a chat of its own, which gets three messages.</summary>
public sealed class FailingChats : IAsyncLifetime
{
    private readonly TestFolder _folder = new();
    private readonly Dictionary<string, ScriptedServer> _chats = new(StringComparer.Ordinal);
    private readonly Dictionary<string, IReadOnlyList<string>> _events = new(StringComparer.Ordinal);
    private WorkerProcess _worker = null!;

    internal OperationsClient Operations => _worker.Operations;

    internal static string NameOf(ChatFailure failure) => $"chat-{ChatFailures.All.TakeWhile(one => one != failure).Count()}";

    internal IReadOnlyList<ScriptedRequest> RequestsTo(ChatFailure failure) => _chats[NameOf(failure)].Requests;

    /// <summary>The ids of the events that are routed to this chat.</summary>
    internal IReadOnlyList<string> EventsFor(ChatFailure failure) => _events[NameOf(failure)];

    /// <summary>Posts every message; a bot may not read the channel's history.</summary>
    internal static Func<ScriptedConnection, Task> Recovered(ChatKind kind) => async connection =>
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
            .Set("Delivery:MaxBackoff", "200ms").Set("Delivery:MaxResendDelay", "200ms").Set("Delivery:ParkedProbe", "1s");
        settings.Environment["SSL_CERT_FILE"] = _folder.File("trusted.pem");
        foreach (var failure in ChatFailures.All) Add(settings, failure);
        _worker = await WorkerProcess.ServeAsync(settings);
        foreach (var failure in ChatFailures.All)
        {
            var events = new List<string>();
            for (var number = 1; number <= 3; number++)
                events.Add((await _worker.Ingress.PostAsync(Webhooks.Created(number, NameOf(failure)))).Id!);
            _events[NameOf(failure)] = events;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _worker.DisposeAsync();
        foreach (var chat in _chats.Values) await chat.DisposeAsync();
        _folder.Dispose();
    }

    private void Add(WorkerSettings settings, ChatFailure failure)
    {
        var name = NameOf(failure);
        var chat = new ScriptedServer(
            failure.Certificates is [] ? [null] : failure.Certificates, [.. failure.Scripts, Recovered(failure.Kind)]);
        _chats[name] = chat;
        settings.Destination(name, chat.Address.ToString().TrimEnd('/') + ChatPath.Of(name, failure.Kind), failure.Kind)
            .Route(name, name).Set($"Destinations:{name}:Timeout", failure.Timeout.ToString("c"));
    }
}
