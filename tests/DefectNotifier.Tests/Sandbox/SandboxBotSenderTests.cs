using System.Text;
using DefectNotifier.Chat.Sandbox;
using DefectNotifier.Delivery.Outcomes;
using DefectNotifier.Outbox.Contract;
using DefectNotifier.Rendering.Document;
using DefectNotifier.Rendering.Values;

namespace DefectNotifier.Tests.Sandbox;

/// <summary>A sandbox whose messages change, like those of a Slack bot.</summary>
public sealed class SandboxBotSenderTests
{
    private readonly SandboxInbox _inbox = new(TimeProvider.System);
    private readonly SandboxBotSender _sender;

    public SandboxBotSenderTests() => _sender = new SandboxBotSender(_inbox, "web-qa");

    [Fact]
    public async Task UpdateAndReply_PostedMessage_AreKeptWithTheirRoot()
    {
        var root = (await SendAsync("new")).Reference!;

        var updated = await _sender.UpdateAsync(Message("resolved"), root, Stop);
        var replied = await _sender.ReplyAsync(Message("reply"), root, broadcast: false, "key", Stop);

        Assert.Equal([SendOutcome.Delivered, SendOutcome.Delivered], [updated.Outcome, replied.Outcome]);
        Assert.Equal(
            [
                ("new", SandboxMessageKind.Message, null),
                ("resolved", SandboxMessageKind.Update, root),
                ("reply", SandboxMessageKind.Reply, root),
            ],
            _inbox.Messages.Select(message => (Encoding.UTF8.GetString(message.Json.Span), message.Kind, message.Root)));
    }

    [Fact]
    public async Task UpdateAndReply_MessageIsFromAnotherProcessOrTooOld_AreNotSupported()
    {
        var root = (await SendAsync("first")).Reference!;
        for (var i = 0; i < SandboxInbox.Capacity; i++) await SendAsync("other");

        foreach (var gone in (string[])[root, "of-an-earlier-process"])
        {
            var updated = await _sender.UpdateAsync(Message(""), gone, Stop);
            var replied = await _sender.ReplyAsync(Message(""), gone, broadcast: false, "key", Stop);

            Assert.Equal((SendOutcome.NotSupported, SendReason.MessageGone), (updated.Outcome, updated.Reason));
            Assert.Equal((SendOutcome.NotSupported, SendReason.CannotThread), (replied.Outcome, replied.Reason));
        }
    }

    [Fact]
    public async Task Update_ManyTimes_KeepsTheMessageChangeable()
    {
        var root = (await SendAsync("new")).Reference!;

        for (var i = 0; i < 2 * SandboxInbox.Capacity; i++)
            Assert.Equal(SendOutcome.Delivered, (await _sender.UpdateAsync(Message("again"), root, Stop)).Outcome);
    }

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private Task<SendResult> SendAsync(string text) => _sender.SendAsync(Message(text), "key", Stop);

    private static ChatMessage Message(string text) => new(ChatPlatform.Slack, Encoding.UTF8.GetBytes(text));
}
