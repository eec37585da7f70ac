using System.Globalization;
using System.Text;
using DefectNotifier.Chat.Sandbox;
using DefectNotifier.Delivery.Outcomes;
using DefectNotifier.Rendering.Document;
using DefectNotifier.Rendering.Values;
using Microsoft.Extensions.Time.Testing;

namespace DefectNotifier.Tests.Sandbox;

public sealed class SandboxInboxTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 23, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public async Task Send_Message_IsDeliveredStoredAndReported()
    {
        var listener = new Listener();
        var inbox = new SandboxInbox(new FakeTimeProvider(Now), listener);
        var message = new ChatMessage(ChatPlatform.Teams, Encoding.UTF8.GetBytes("{}"));

        var result = await new SandboxSender(inbox, "lobby").SendAsync(message, "event-1", TestContext.Current.CancellationToken);

        Assert.Equal(SendResult.Delivered(), result);
        var kept = Assert.Single(inbox.Messages);
        Assert.Equal(new SandboxMessage("lobby", ChatPlatform.Teams, Now, message.Json) { Reference = kept.Reference }, kept);
        Assert.Same(kept, Assert.Single(listener.Received));
    }

    [Fact]
    public void Messages_MoreThanTheCapacity_AreTheLatestInOrder()
    {
        var inbox = new SandboxInbox(new FakeTimeProvider(Now));

        for (var i = 0; i < 250; i++)
            inbox.Add($"d{i}", new ChatMessage(ChatPlatform.Slack, default), SandboxMessageKind.Message, root: null);

        Assert.Equal(Enumerable.Range(150, 100).Select(i => $"d{i}"), inbox.Messages.Select(message => message.Destination));
    }

    [Fact]
    public void Messages_EarlierSnapshot_DoesNotChange()
    {
        var inbox = new SandboxInbox(new FakeTimeProvider(Now));
        var before = inbox.Messages;

        inbox.Add("lobby", new ChatMessage(ChatPlatform.Slack, default), SandboxMessageKind.Message, root: null);

        Assert.Empty(before);
    }

    [Fact]
    public void Add_FromManyThreads_LosesNothing()
    {
        var listener = new Listener();
        var inbox = new SandboxInbox(new FakeTimeProvider(Now), listener);

        Parallel.For(0, 1000, i =>
        {
            var message = new ChatMessage(ChatPlatform.Slack, default);
            inbox.Add(i.ToString(CultureInfo.InvariantCulture), message, SandboxMessageKind.Message, root: null);
            Assert.InRange(inbox.Messages.Count, 1, SandboxInbox.Capacity);
        });

        Assert.Equal(SandboxInbox.Capacity, inbox.Messages.Distinct().Count());
        Assert.Equal(1000, listener.Received.Distinct().Count());
    }

    [Fact]
    public async Task Send_Cancelled_StoresNothing()
    {
        var inbox = new SandboxInbox(new FakeTimeProvider(Now));

        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => new SandboxSender(inbox, "lobby").SendAsync(
                new ChatMessage(ChatPlatform.Slack, default), "event-1", new CancellationToken(canceled: true)));

        Assert.Empty(inbox.Messages);
    }

    private sealed class Listener : ISandboxListener
    {
        private readonly Lock _lock = new();

        public List<SandboxMessage> Received { get; } = [];

        public void OnMessage(SandboxMessage message)
        {
            lock (_lock)
                Received.Add(message);
        }
    }
}
