using DefectNotifier.Chat.Slack;
using DefectNotifier.Delivery.Lanes;
using DefectNotifier.Outbox.Contract;
using DefectNotifier.Rendering;
using DefectNotifier.Rendering.Document;
using DefectNotifier.Rendering.JsonTemplates;
using DefectNotifier.Rendering.Templates;
using DefectNotifier.Rendering.Values;
using DefectNotifier.Routing;
using DefectNotifier.Testing;
using DefectNotifier.Tests.Rendering.Templates;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace DefectNotifier.Tests.Delivery;

/// <summary>One message per defect that is kept up to date: what a Slack channel shows in the end.</summary>
public sealed class MessageThreadTests : MessageThreadScene
{
    [Fact]
    public async Task RunAsync_WholeLifeOfADefect_IsOneMessageWithItsHistoryInTheThread()
    {
        await LiveAsync("created", "updated", "resolved", "deleted");

        var root = Assert.Single(Slack.Roots);
        Assert.Contains("🗑️ Coupons are ignored", root.Text, StringComparison.Ordinal);
        Assert.Contains("Deleted", root.Text, StringComparison.Ordinal);
        Assert.Collection(
            Slack.RepliesTo(root),
            updated => Assert.Contains("✏️ Updated by team member 7", updated.Text, StringComparison.Ordinal),
            resolved => Assert.Contains("✅ Resolved by team member 7 after 2 h", resolved.Text, StringComparison.Ordinal));
        Assert.All(Slack.RepliesTo(root), reply => Assert.False(reply.IsBroadcast));
        // Updated for resolved and for deleted; the update event changes nothing that the message shows.
        Assert.Equal(2, root.Edits);
    }

    [Fact]
    public async Task RunAsync_Resolved_ShowsByWhomAndHowLongItWasOpen()
    {
        await LiveAsync("created", "resolved");

        var root = Assert.Single(Slack.Roots);
        Assert.Contains("✅ Coupons are ignored", root.Text, StringComparison.Ordinal);
        Assert.Contains("after 2 h", root.Text, StringComparison.Ordinal);
        Assert.Contains("by team member 7", root.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(MessageMode.Post, 4, 0, 0)]
    [InlineData(MessageMode.Thread, 1, 3, 0)]
    [InlineData(MessageMode.Update, 1, 0, 2)]
    [InlineData(MessageMode.ThreadAndUpdate, 1, 2, 2)]
    public async Task RunAsync_EachMessageMode_PostsRepliesAndUpdatesAsConfigured(MessageMode mode, int messages, int replies, int edits)
    {
        World.Route = World.Route with { MessageMode = mode };

        await LiveAsync("created", "updated", "resolved", "deleted");

        Assert.Equal(messages, Slack.Roots.Count);
        Assert.Equal(replies, Slack.Messages.Count(message => message.Thread is not null));
        Assert.Equal(edits, Slack.CallsOf("chat.update"));
        var states = (await World.StoredAsync()).SelectMany(stored => stored.Deliveries).Select(delivery => delivery.State);
        Assert.Equal(DeliveryState.Delivered, Assert.Single(states.Distinct()));
    }

    [Theory]
    [InlineData(BroadcastWhen.Never, "")]
    [InlineData(BroadcastWhen.OnResolve, "resolved")]
    [InlineData(BroadcastWhen.Always, "updated resolved")]
    public async Task RunAsync_Broadcast_ShowsTheseRepliesInTheChannelToo(BroadcastWhen when, string shown)
    {
        World.Route = World.Route with { Broadcast = when };

        await LiveAsync("created", "updated", "resolved");

        Assert.Equal(
            shown.Split(' ', StringSplitOptions.RemoveEmptyEntries),
            Slack.Messages.Where(message => message.IsBroadcast).Select(
                message => message.Text.Contains("Resolved by", StringComparison.Ordinal) ? "resolved" : "updated"));
    }

    [Fact]
    public async Task RunAsync_ManyPendingEvents_UpdateTheMessageOnce()
    {
        await LiveAsync("created");
        await StopAsync();
        foreach (var name in (string[])["updated", "resolved", "deleted"]) await AcceptAsync(name);

        Start();
        await AllDeliveredAsync();

        Assert.Equal(1, Slack.CallsOf("chat.update"));
        Assert.Equal(2, Slack.RepliesTo(Slack.Roots[0]).Count);
    }

    [Fact]
    public async Task RunAsync_EventsWithoutNewContent_UpdateNothing()
    {
        await LiveAsync("created", "updated");

        Assert.Equal(0, Slack.CallsOf("chat.update"));
    }

    [Fact]
    public async Task RunAsync_SecondCreatedOfAKnownDefect_UpdatesItsMessageAndPostsNothing()
    {
        await LiveAsync("created");

        await AcceptAsync("created", second: 5, title: "Coupons and vouchers are ignored");
        await AllDeliveredAsync();

        var root = Assert.Single(Slack.Messages);
        Assert.Contains("Coupons and vouchers are ignored", root.Text, StringComparison.Ordinal);
        Assert.Equal(1, root.Edits);
    }

    [Fact]
    public async Task RunAsync_DefectChangesDuringAWaitForAPermit_PostsTheCurrentState()
    {
        World.RateLimiters.For(World.Destination.Limits[0]).CloseFor(TimeSpan.FromSeconds(30));
        await AcceptAsync("created");
        var lane = StartWithLimits();
        await Eventually.HoldsAsync(
            () => lane.Status is { State: LaneActivity.Waiting, Reason: SendReason.RateLimited }, "a lane that waits");

        await AcceptAsync("resolved");
        await AllDeliveredAsync();

        var root = Assert.Single(Slack.Roots);
        Assert.Contains("✅ Coupons are ignored", root.Text, StringComparison.Ordinal);
        Assert.Equal(0, root.Edits);
    }

    [Fact]
    public async Task RunAsync_Resolved_IsReadOncePlannedOnceAndRenderedOncePerMessage()
    {
        var formatter = new CountingFormatter();
        World.Configuration = World.Configuration with { Renderer = LaneWorld.RendererWith(formatter) };
        var outbox = new SlowOutbox(World.Outbox);
        StartOn(outbox);
        await LiveAsync("created");
        await Eventually.HoldsAsync(() => World.Signals.For("web-qa").Waiting == 0, "the end of the first delivery");
        var (renders, pages, commits) = (formatter.Count, outbox.Pages, outbox.Commits);

        await LiveAsync("resolved");
        await Eventually.HoldsAsync(() => World.Signals.For("web-qa").Waiting == 0, "the end of the second delivery");

        // Start of the update, its outcome with the start of the reply, outcome of the reply.
        Assert.Equal((2, 3), (formatter.Count - renders, outbox.Commits - commits));
        Assert.Equal(1, outbox.Pages - pages);
        Assert.Equal([SendStep.RootMessage, SendStep.Update, SendStep.Reply], await StepsAsync());
    }

    public static TheoryData<string, MessageMode> Orders()
    {
        var orders = new TheoryData<string, MessageMode>();
        foreach (var mode in (MessageMode[])[MessageMode.ThreadAndUpdate, MessageMode.Update])
            foreach (var order in Permutations(["created", "updated", "resolved", "deleted"])) orders.Add(string.Join(' ', order), mode);
        return orders;
    }

    [Theory]
    [MemberData(nameof(Orders))]
    public async Task RunAsync_EventsInAnyOrder_EndWithOneUpToDateMessage(string order, MessageMode mode)
    {
        World.Route = World.Route with { MessageMode = mode };

        await LiveAsync(order.Split(' '));

        var root = Assert.Single(Slack.Roots);
        Assert.Contains("🗑️ Coupons are ignored", root.Text, StringComparison.Ordinal);
        Assert.Contains("by team member 7", root.Text, StringComparison.Ordinal);
        Assert.All(Slack.Messages.Where(message => message.Thread is not null), reply => Assert.Equal(root.Ts, reply.Thread));
        if (mode == MessageMode.Update) Assert.Single(Slack.Messages);
    }

    [Fact]
    public async Task RunAsync_ResolvedBeforeCreated_EndsWithOneMessageWithTheTitle()
    {
        await LiveAsync("resolved", "created");

        var root = Assert.Single(Slack.Roots);
        Assert.Contains("✅ Coupons are ignored", root.Text, StringComparison.Ordinal);
        Assert.Empty(Slack.RepliesTo(root));
    }

    [Fact]
    public async Task RunAsync_OnlyResolved_PostsTheCurrentState()
    {
        await AcceptAsync("created", "elsewhere");
        await LiveAsync("resolved");

        var root = Assert.Single(Slack.Roots);
        Assert.Contains("✅ Coupons are ignored", root.Text, StringComparison.Ordinal);
        Assert.Empty(Slack.RepliesTo(root));
    }

    [Fact]
    public async Task RunAsync_AfterARestart_UpdatesTheSameMessage()
    {
        await LiveAsync("created");
        await StopAsync();

        Start();
        await AcceptAsync("resolved");
        await AllDeliveredAsync();

        Assert.Equal(1, Assert.Single(Slack.Roots).Edits);
    }

    [Fact]
    public async Task RunAsync_TwoDefects_HaveOneMessageEach()
    {
        await AcceptAsync("created", id: 73);
        await AcceptAsync("created", id: 74);
        await AcceptAsync("resolved", id: 73);
        Start();

        await AllDeliveredAsync();

        Assert.Equal(2, Slack.Roots.Count);
        Assert.Single(Slack.RepliesTo(Slack.Roots[0]));
        Assert.Empty(Slack.RepliesTo(Slack.Roots[1]));
    }

    [Fact]
    public async Task RunAsync_MessageWithAMention_NotifiesOnlyOnce()
    {
        using var folder = new TemplateFolder(
            ("defect.created.sbn", "# {{ defect.title }}: {{ defect.status }}\n\n{{ mention 'lead' }}"), ("defect.updated.sbn", "Updated"));
        var options = new TemplateOptions
        {
            Path = folder.Path,
            Mentions = new Dictionary<string,
            Mention>
            { ["lead"] = new("Lead") { Slack = "U012AB3CD" } }
        };
        var store = TemplateStore.Load(options, NullLogger<TemplateStore>.Instance);
        World.Configuration = World.Configuration with
        {
            Renderer = new MessageRenderer(store, [new SlackMessageFormatter()], new QaseOptions(), new FakeTimeProvider()),
        };

        await LiveAsync("created");
        Assert.Contains("U012AB3CD", Slack.Roots[0].Text, StringComparison.Ordinal);
        await LiveAsync("updated");
        Assert.Equal(0, Slack.Roots[0].Edits);
        await LiveAsync("resolved");
        Assert.Contains("@Lead", Slack.Roots[0].Text, StringComparison.Ordinal);
        Slack.Delete(Slack.Roots[0]);
        await LiveAsync("deleted");

        Assert.DoesNotContain("U012AB3CD", string.Concat(Slack.Messages.Select(message => message.Text)), StringComparison.Ordinal);
        Assert.Contains("@Lead", Assert.Single(Slack.Roots).Text, StringComparison.Ordinal);
    }

    private static IEnumerable<IReadOnlyList<string>> Permutations(IReadOnlyList<string> names) => names.Count < 2
        ? [names]
        : names.SelectMany(
            first => Permutations([.. names.Where(name => name != first)]).Select(rest => (IReadOnlyList<string>)[first, .. rest]));

    private sealed class CountingFormatter : IMessageFormatter
    {
        private readonly SlackMessageFormatter _slack = new();

        public ChatPlatform Platform => _slack.Platform;

        public int Count { get; private set; }

        public ChatMessage Format(MessageDocument document)
        {
            Count++;
            return _slack.Format(document);
        }

        public ChatMessage Format(JsonTemplate template) => _slack.Format(template);
    }
}
