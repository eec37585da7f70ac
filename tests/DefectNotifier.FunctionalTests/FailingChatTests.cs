using System.Text.Json.Nodes;
using DefectNotifier.FunctionalTests.Harness;
using DefectNotifier.Testing;

namespace DefectNotifier.FunctionalTests;

/// <summary>Chats that fail in every known way, and then recover.</summary>
public sealed class FailingChatTests(FailingChats chats) : IClassFixture<FailingChats>
{
    public static TheoryData<string> Rows => [.. ChatFailures.All.Select(failure => failure.ToString())];

    [Theory]
    [MemberData(nameof(Rows))]
    public async Task Send_ChatFails_HasTheOutcomeAndThenEverythingArrives(string row)
    {
        var failure = ChatFailures.All.Single(one => one.ToString() == row);
        var name = FailingChats.NameOf(failure);
        var path = ChatPath.Of(name, failure.Kind) + (failure.Kind == ChatKind.SlackBot ? "chat.postMessage" : "");
        // A lane works in order: when its last message is delivered, the first is done.
        await chats.Operations.DeliveryIsAsync(chats.EventsFor(failure)[^1], name, "delivered", () => $"{row} got {Show(Calls(failure))}");

        var calls = Calls(failure);
        var first = await chats.Operations.DeliveryAsync(chats.EventsFor(failure)[0], name);
        Assert.Equal(failure.History, OperationsClient.HistoryOf(first));
        Assert.Equal(failure.IsDead ? "dead" : "delivered", (string?)first["state"]);
        foreach (var id in chats.EventsFor(failure).Skip(1)) Assert.Equal(["delivered ok"], await chats.Operations.HistoryAsync(id, name));
        WaitsAreKept(failure, first["history"]!.AsArray());

        // All in order, the second and third message once, the first one again only when it was not delivered at once.
        Assert.Equal(calls.Select(call => call.Marker).Order(), calls.Select(call => call.Marker));
        Assert.Equal([2, 3], calls.Select(call => call.Marker).Where(marker => marker != 1));
        Assert.InRange(calls.Count(call => call.Marker == 1), 1, failure.Scripts.Length + 1);
        var isAmbiguous = failure.History.Any(outcome => outcome.StartsWith("ambiguous", StringComparison.Ordinal));
        Assert.Equal(isAmbiguous, calls.Last(call => call.Marker == 1).MayBeRepeat);
        Assert.DoesNotContain(calls, call => call.Marker != 1 && call.MayBeRepeat);
        // Redirects are not followed.
        Assert.All(
            chats.RequestsTo(failure).Where(request => !IsSearch(request)),
            request => Assert.StartsWith($"POST {path} HTTP/1.1", request.Head, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(ChatKind.SlackWebhook)]
    [InlineData(ChatKind.SlackBot)]
    [InlineData(ChatKind.Teams)]
    public async Task Send_ReusedConnectionIsClosedAfterTheRequest_IsSentAgainAsAPossibleRepeat(ChatKind kind)
    {
        var good = Scripts.Response(ChatResponse.Good(kind).Status, ChatResponse.Good(kind).Body);
        await using var chat = new ScriptedServer(
            async connection =>
            {
                await connection.ReadRequestAsync();
                await connection.WriteAsync(good);
                await connection.ReadRequestAsync();
            },
            FailingChats.Recovered(kind));
        using var folder = new TestFolder();
        var settings = new WorkerSettings(folder)
            .Destination("web", chat.Address.ToString().TrimEnd('/') + ChatPath.Of("web", kind), kind).Route("web");
        await using var worker = await WorkerProcess.ServeAsync(settings);

        await worker.Ingress.AcceptsAsync([1]);
        var reply = await worker.Ingress.PostAsync(Webhooks.Created(2));
        await worker.Operations.DrainedAsync();

        // The HTTP client does not repeat the request by itself: both attempts are in the history.
        Assert.Equal(["ambiguous connection-lost", "delivered ok"], await worker.Operations.HistoryAsync(reply.Id!, "web"));
        Assert.Equal([(1, false), (2, false), (2, true)], Calls(chat.Requests).Select(call => (call.Marker, call.MayBeRepeat)));
    }

    private static bool IsSearch(ScriptedRequest request) => request.Head.Contains("/conversations.history ", StringComparison.Ordinal);

    private static List<ChatCall> Calls(IReadOnlyList<ScriptedRequest> requests) =>
        [.. requests.Where(request => !IsSearch(request))
            .Select((request, number) => new ChatCall(number, "", Authorization: null, ContentType: null, request.Body, default))];

    private List<ChatCall> Calls(ChatFailure failure) => Calls(chats.RequestsTo(failure));

    private static string Show(IEnumerable<ChatCall> calls) =>
        string.Join(", ", calls.Select(call => $"{call.Marker}{(call.MayBeRepeat ? " again" : "")}"));

    // From the end of one attempt to the start of the next, as the outbox has it.
    private static void WaitsAreKept(ChatFailure failure, JsonArray attempts)
    {
        foreach (var (earlier, later) in attempts.Zip(attempts.Skip(1)))
        {
            var waited = DateTimeOffset.Parse((string)later!["startedAt"]!) - DateTimeOffset.Parse((string)earlier!["endedAt"]!);
            Assert.True(waited >= failure.AtLeast, $"{failure} waited {waited}");
        }
    }
}
