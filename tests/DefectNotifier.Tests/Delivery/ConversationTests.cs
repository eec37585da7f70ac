using System.Text;
using DefectNotifier.Chat.Http;
using DefectNotifier.Chat.Slack;
using DefectNotifier.Delivery;
using DefectNotifier.Events;
using DefectNotifier.Routing;
using DefectNotifier.Testing;

namespace DefectNotifier.Tests.Delivery;

/// <summary>One living message a defect: what a Slack channel shows in the end.</summary>
public sealed partial class ConversationTests : IAsyncDisposable
{
    private const long Opened = 1767603600;

    private readonly LaneWorld _world = new() { Options = new DeliveryOptions { ConfirmAfter = TimeSpan.Zero } };
    private CancellationTokenSource _stop = new();
    private readonly SlackChannel _slack;
    private Task _running = Task.CompletedTask;

    public ConversationTests() => _slack = new SlackChannel(_world.Time);

    private Destination Destination => _world.Destination with
    {
        Sender = new SlackBotSender(_slack, "C0123456789", new DetailScrubber(new Uri("https://slack.com/api/"), "xoxb-SECRET")),
        UpdateLimit = new LimitOptions("chat.update", new PaceOptions { PerSecond = 0 }),
    };

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _stop.Dispose();
        _world.Dispose();
    }

    [Fact]
    public async Task RunAsync_LifeOfADefect_IsOneMessageWithItsHistoryInTheThread()
    {
        await LiveAsync("created", "updated", "resolved", "deleted");

        var root = Assert.Single(_slack.Roots);
        Assert.Contains("🗑️ Major: Coupons are ignored", root.Text, StringComparison.Ordinal);
        Assert.Contains("Deleted", root.Text, StringComparison.Ordinal);
        Assert.Collection(
            _slack.RepliesTo(root),
            updated => Assert.Contains("Updated: Coupons are ignored", updated.Text, StringComparison.Ordinal),
            resolved => Assert.Contains("Resolved: Coupons are ignored", resolved.Text, StringComparison.Ordinal));
        Assert.All(_slack.RepliesTo(root), reply => Assert.False(reply.IsBroadcast));
        // Posted as it stood when it went, then resolved, then deleted; nothing is to be seen of the update.
        Assert.Equal(2, root.Edits);
    }

    [Fact]
    public async Task RunAsync_Resolved_SaysByWhomAndHowLongItWasOpenInTheMessageItself()
    {
        await LiveAsync("created", "resolved");

        var root = Assert.Single(_slack.Roots);
        Assert.Contains("✅ Major: Coupons are ignored", root.Text, StringComparison.Ordinal);
        Assert.Contains("after 2 h", root.Text, StringComparison.Ordinal);
        Assert.Contains("by team member 7", root.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(ConversationMode.Post, 4, 0, 0)]
    [InlineData(ConversationMode.Thread, 1, 3, 0)]
    [InlineData(ConversationMode.Update, 1, 0, 2)]
    [InlineData(ConversationMode.ThreadAndUpdate, 1, 2, 2)]
    public async Task RunAsync_EachPolicy_ShowsWhatItSays(ConversationMode mode, int messages, int replies, int edits)
    {
        _world.Route = _world.Route with { Conversation = mode };

        await LiveAsync("created", "updated", "resolved", "deleted");

        Assert.Equal(messages, _slack.Roots.Count);
        Assert.Equal(replies, _slack.Messages.Count(message => message.Thread is not null));
        Assert.Equal(edits, _slack.CallsOf("chat.update"));
        Assert.Equal("delivered", Assert.Single((await _world.StoredAsync()).SelectMany(stored => stored.Deliveries).Select(delivery => delivery.State).Distinct()));
    }

    [Theory]
    [InlineData(BroadcastWhen.Never, "")]
    [InlineData(BroadcastWhen.OnResolve, "resolved")]
    [InlineData(BroadcastWhen.Always, "updated resolved")]
    public async Task RunAsync_Broadcast_ShowsThoseRepliesInTheChannelToo(BroadcastWhen when, string shown)
    {
        _world.Route = _world.Route with { Broadcast = when };

        await LiveAsync("created", "updated", "resolved");

        Assert.Equal(
            shown.Split(' ', StringSplitOptions.RemoveEmptyEntries),
            _slack.Messages.Where(message => message.IsBroadcast).Select(message => message.Text.Contains("Resolved:", StringComparison.Ordinal) ? "resolved" : "updated"));
    }

    [Fact]
    public async Task RunAsync_ManyEventsThatWait_ChangeTheMessageOnce()
    {
        await LiveAsync("created");
        await StopAsync();
        foreach (var name in (string[])["updated", "resolved", "deleted"]) await AcceptAsync(name);

        Start();
        await AllDeliveredAsync();

        Assert.Equal(1, _slack.CallsOf("chat.update"));
        Assert.Equal(2, _slack.RepliesTo(_slack.Roots[0]).Count);
    }

    [Fact]
    public async Task RunAsync_EventsThatSayNothingNew_ChangeNothing()
    {
        await LiveAsync("created", "updated");

        Assert.Equal(0, _slack.CallsOf("chat.update"));
    }

    public static TheoryData<string, ConversationMode> Orders()
    {
        var orders = new TheoryData<string, ConversationMode>();
        foreach (var mode in (ConversationMode[])[ConversationMode.ThreadAndUpdate, ConversationMode.Update])
            foreach (var order in Permutations(["created", "updated", "resolved", "deleted"])) orders.Add(string.Join(' ', order), mode);
        return orders;
    }

    [Theory]
    [MemberData(nameof(Orders))]
    public async Task RunAsync_AnyOrderOfItsEvents_EndsWithOneMessageThatIsTrue(string order, ConversationMode mode)
    {
        _world.Route = _world.Route with { Conversation = mode };

        await LiveAsync(order.Split(' '));

        var root = Assert.Single(_slack.Roots);
        Assert.Contains("🗑️ Major: Coupons are ignored", root.Text, StringComparison.Ordinal);
        Assert.Contains("by team member 7", root.Text, StringComparison.Ordinal);
        Assert.All(_slack.Messages.Where(message => message.Thread is not null), reply => Assert.Equal(root.Ts, reply.Thread));
        if (mode == ConversationMode.Update) Assert.Single(_slack.Messages);
    }

    [Fact]
    public async Task RunAsync_ResolvedBeforeCreated_EndsWithOneMessageThatNamesTheDefect()
    {
        await LiveAsync("resolved", "created");

        var root = Assert.Single(_slack.Roots);
        Assert.Contains("✅ Major: Coupons are ignored", root.Text, StringComparison.Ordinal);
        Assert.Empty(_slack.RepliesTo(root));
    }

    [Fact]
    public async Task RunAsync_NothingButTheEndOfADefect_PostsHowItStands()
    {
        await AcceptAsync("created", "elsewhere");
        await LiveAsync("resolved");

        var root = Assert.Single(_slack.Roots);
        Assert.Contains("✅ Major: Coupons are ignored", root.Text, StringComparison.Ordinal);
        Assert.Empty(_slack.RepliesTo(root));
    }

    [Fact]
    public async Task RunAsync_AnotherProcess_KnowsTheMessageStill()
    {
        await LiveAsync("created");
        await StopAsync();

        Start();
        await AcceptAsync("resolved");
        await AllDeliveredAsync();

        Assert.Equal(1, Assert.Single(_slack.Roots).Edits);
    }

    private static IEnumerable<IReadOnlyList<string>> Permutations(IReadOnlyList<string> names) => names.Count < 2
        ? [names]
        : names.SelectMany(first => Permutations([.. names.Where(name => name != first)]).Select(rest => (IReadOnlyList<string>)[first, .. rest]));

    private string Everything => string.Join('\n', _slack.Messages.Select(message => message.Text));

    private Lane Start()
    {
        var lane = _world.RestartedLane(destination: Destination);
        _running = lane.RunAsync(_stop.Token, _stop.Token);
        return lane;
    }

    // A lane that begins anew with what is only in the outbox.
    private async Task StopAsync()
    {
        await _stop.CancelAsync();
        await _running;
        _stop.Dispose();
        _stop = new CancellationTokenSource();
    }

    private async Task LiveAsync(params string[] names)
    {
        if (_running.IsCompleted) Start();
        foreach (var name in names)
        {
            await AcceptAsync(name);
            await AllDeliveredAsync();
        }
    }

    private async Task AcceptAsync(string name, string destination = "web-qa", int id = 73)
    {
        var second = Opened + name switch { "created" => 0, "updated" => 60 + _slack.Messages.Count, "resolved" => 7200, _ => 7300 };
        var payload = name == "created" ? $$"""{"id":{{id}},"title":"Coupons are ignored","severity":"major"}""" : $$"""{"id":{{id}}}""";
        var body = Encoding.UTF8.GetBytes($$"""{"event_name":"defect.{{name}}","timestamp":{{second}},"payload":{{payload}},"team_member_id":7,"project_code":"WEB"}""");
        var routes = new RouteTable([_world.Route with { To = [destination] }]);
        Assert.Equal("accepted", (await _world.Intake.AcceptAsync(WebhookParser.Parse(body, "").Event!, body, routes, mayAsk: true, CancellationToken.None)).Outcome);
    }

    private Task AllDeliveredAsync() => Eventually.HoldsAsync(
        async () =>
        {
            _world.Time.Advance(TimeSpan.FromSeconds(1));
            return (await _world.Outbox.ReadPendingAsync("web-qa", 1, CancellationToken.None)).Count == 0;
        },
        () => $"an empty queue; called so far: {string.Join(' ', _slack.Calls.Select(call => call.Method))}");

    private async Task<IReadOnlyList<string?>> StepsAsync() =>
        [.. (await _world.StoredAsync()).Reverse().SelectMany(stored => stored.Deliveries).SelectMany(delivery => delivery.History).Select(attempt => attempt.Step)];
}
