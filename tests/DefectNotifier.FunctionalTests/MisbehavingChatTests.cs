using DefectNotifier.FunctionalTests.Harness;
using DefectNotifier.Testing;
using DefectNotifier.Worker.Commands;

namespace DefectNotifier.FunctionalTests;

/// <summary>Chats that do all but answer well, until they are well again.</summary>
public sealed class MisbehavingChatTests(MisbehavingChats chats) : IClassFixture<MisbehavingChats>
{
    public static TheoryData<string> Rows => [.. Misbehaviours.All.Select(misbehaviour => misbehaviour.ToString())];

    [Theory]
    [MemberData(nameof(Rows))]
    public async Task Send_ChatMisbehaves_HasItsFateAndThenEverythingArrives(string row)
    {
        var misbehaviour = Misbehaviours.All.Single(one => one.ToString() == row);
        var name = MisbehavingChats.NameOf(misbehaviour);
        var path = ChatPath.Of(name, misbehaviour.Kind) + (misbehaviour.Kind == ChatKind.SlackBot ? "chat.postMessage" : "");
        await Eventually.HoldsAsync(async () => (long)(await chats.Operations.LaneAsync(name))["waiting"]! == 0, () => $"{row} got {Show(Calls(misbehaviour))}");

        var calls = Calls(misbehaviour);
        Assert.Equal(misbehaviour.History, await chats.Operations.HistoryAsync(chats.EventsFor(misbehaviour)[0], name));
        Assert.Equal(misbehaviour.IsDead ? "dead" : "delivered", (string?)(await chats.Operations.DeliveryAsync(chats.EventsFor(misbehaviour)[0], name))["state"]);
        foreach (var id in chats.EventsFor(misbehaviour).Skip(1)) Assert.Equal(["delivered ok"], await chats.Operations.HistoryAsync(id, name));
        await WaitsAreKeptAsync(misbehaviour, name);

        // In order, the second and third once, the first again only where it was not delivered at once.
        Assert.Equal(calls.Select(call => call.Marker).Order(), calls.Select(call => call.Marker));
        Assert.Equal([2, 3], calls.Select(call => call.Marker).Where(marker => marker != 1));
        Assert.InRange(calls.Count(call => call.Marker == 1), 1, misbehaviour.Scripts.Length + 1);
        var isAmbiguous = misbehaviour.History.Any(outcome => outcome.StartsWith("ambiguous", StringComparison.Ordinal));
        Assert.Equal(isAmbiguous, calls.Last(call => call.Marker == 1).MayBeRepeat);
        Assert.DoesNotContain(calls, call => call.Marker != 1 && call.MayBeRepeat);
        // Nothing was sent to where a redirect points.
        Assert.All(chats.RequestsTo(misbehaviour).Where(request => !IsSearch(request)), request => Assert.StartsWith($"POST {path} HTTP/1.1", request.Head, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(ChatKind.SlackWebhook)]
    [InlineData(ChatKind.SlackBot)]
    [InlineData(ChatKind.Teams)]
    public async Task Send_KeptConnectionIsCutAfterTheNextRequest_IsSentAgainAsAPossibleRepeatAndNotBehindOurBack(ChatKind kind)
    {
        var good = Scripts.Response(ChatResponse.Good(kind).Status, ChatResponse.Good(kind).Body);
        await using var chat = new ScriptedServer(
            async connection =>
            {
                await connection.ReadRequestAsync();
                await connection.WriteAsync(good);
                await connection.ReadRequestAsync();
            },
            MisbehavingChats.WellAgain(kind));
        using var folder = new TestFolder();
        var settings = new WorkerSettings(folder).Destination("web", chat.Address.ToString().TrimEnd('/') + ChatPath.Of("web", kind), kind).Route("web")
            .Set("Delivery:InitialBackoff", "00:00:00.050").Set("Delivery:ConfirmAfter", "00:00:00.050");
        await using var worker = await WorkerProcess.ServeAsync(settings);

        await worker.Ingress.AcceptsAsync([1]);
        var reply = await worker.Ingress.PostAsync(Webhooks.Created(2));
        await worker.Operations.DrainedAsync();

        Assert.Equal(["ambiguous connection-lost", "delivered ok"], await worker.Operations.HistoryAsync(reply.Id!, "web"));
        Assert.Equal([(1, false), (2, false), (2, true)], Calls(chat.Requests).Select(call => (call.Marker, call.MayBeRepeat)));
    }

    private static bool IsSearch(ScriptedRequest request) => request.Head.Contains("/conversations.history ", StringComparison.Ordinal);

    private static List<ChatCall> Calls(IReadOnlyList<ScriptedRequest> requests) =>
        [.. requests.Where(request => !IsSearch(request)).Select((request, number) => new ChatCall(number, "", Authorization: null, ContentType: null, request.Body, default))];

    private List<ChatCall> Calls(Misbehaviour misbehaviour) => Calls(chats.RequestsTo(misbehaviour));

    private static string Show(IEnumerable<ChatCall> calls) => string.Join(", ", calls.Select(call => $"{call.Marker}{(call.MayBeRepeat ? " again" : "")}"));

    // From the end of one attempt to the beginning of the next, by the outbox.
    private async Task WaitsAreKeptAsync(Misbehaviour misbehaviour, string name)
    {
        var attempts = (await chats.Operations.DeliveryAsync(chats.EventsFor(misbehaviour)[0], name))["history"]!.AsArray();
        foreach (var (earlier, later) in attempts.Zip(attempts.Skip(1)))
        {
            var waited = DateTimeOffset.Parse((string)later!["startedAt"]!) - DateTimeOffset.Parse((string)earlier!["endedAt"]!);
            Assert.True(waited >= misbehaviour.AtLeast, $"{misbehaviour} waited {waited}");
        }
    }
}
