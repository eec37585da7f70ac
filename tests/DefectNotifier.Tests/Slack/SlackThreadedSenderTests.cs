using System.Text;
using DefectNotifier.Chat.Http;
using DefectNotifier.Chat.Slack.Api;
using DefectNotifier.Chat.Slack.Sending;
using DefectNotifier.Delivery.Outcomes;
using DefectNotifier.Delivery.Sending;
using DefectNotifier.Outbox.Contract;
using DefectNotifier.Rendering.Document;
using DefectNotifier.Rendering.Values;
using DefectNotifier.Tests.Http;

namespace DefectNotifier.Tests.Slack;

public sealed class SlackThreadedSenderTests
{
    private const string WithCorrelationKey =
        "\"channel\":\"C1\",\"metadata\":" + """{"event_type":"defect_notifier_delivery","event_payload":{"delivery_id":"event-1"}}""";

    private static readonly SlackResponse Good = new() { Ok = true, Channel = "C1", Ts = "1.3" };

    [Theory]
    [InlineData(false, "")]
    [InlineData(true, ",\"reply_broadcast\":true")]
    public async Task Reply_Message_IsPostedToTheThread(bool broadcast, string expected)
    {
        var api = new ScriptedSlackApi(Good);

        var result = await Sender(api).ReplyAsync(
            Message("""{"thread_ts":"9.9","text":"a","reply_broadcast":true}"""), "C1/1.2", broadcast, "event-1", Deadline.Token());

        Assert.Equal(SendResult.Delivered("C1/1.3"), result);
        Assert.Equal(
            "chat.postMessage {" + WithCorrelationKey + ",\"thread_ts\":\"1.2\"" + expected + ",\"text\":\"a\"}", Assert.Single(api.Calls));
    }

    [Fact]
    public async Task Send_MessageWithItsOwnThread_IsPostedToTheChannel()
    {
        var api = new ScriptedSlackApi(Good);

        await Sender(api).SendAsync(Message("""{"thread_ts":"9.9","text":"a"}"""), "event-1", Deadline.Token());

        Assert.Equal("chat.postMessage {" + WithCorrelationKey + ",\"text\":\"a\"}", Assert.Single(api.Calls));
    }

    [Fact]
    public async Task Update_Message_ReplacesTheMessageAndKeepsItsCorrelationKey()
    {
        var api = new ScriptedSlackApi(Good with { Ts = "1.2" });

        var result = await Sender(api).UpdateAsync(
            Message("""{"ts":"9.9","metadata":{},"text":"a","blocks":[{"type":"divider"}],"unfurl_links":false,"unfurl_media":false}"""),
            "C1/1.2",
            Deadline.Token());

        Assert.Equal(SendOutcome.Delivered, result.Outcome);
        Assert.Equal("""chat.update {"channel":"C1","ts":"1.2","text":"a","blocks":[{"type":"divider"}]}""", Assert.Single(api.Calls));
    }

    [Fact]
    public async Task Update_BlocksRejected_UpdatesTheText()
    {
        var api = new ScriptedSlackApi(new SlackResponse { Error = "invalid_blocks" }, Good);

        var result = await Sender(api).UpdateAsync(Message("""{"text":"a","blocks":[{"type":"divider"}]}"""), "C1/1.2", Deadline.Token());

        Assert.Equal(SendOutcome.Delivered, result.Outcome);
        Assert.Equal("""chat.update {"channel":"C1","ts":"1.2","text":"a"}""", api.Calls[1]);
    }

    [Theory]
    [InlineData("")]
    [InlineData("elsewhere")]
    [InlineData("C1/1.2/3")]
    [InlineData("C1/xoxb")]
    public async Task ReplyOrUpdate_InvalidReference_DoesNotCallSlack(string root)
    {
        var api = new ScriptedSlackApi();

        var reply = await Sender(api).ReplyAsync(Message("""{"text":"a"}"""), root, broadcast: false, "event-1", Deadline.Token());
        var update = await Sender(api).UpdateAsync(Message("""{"text":"a"}"""), root, Deadline.Token());

        Assert.Equal((SendOutcome.NotSupported, SendReason.CannotThread), (reply.Outcome, reply.Reason));
        Assert.Equal((SendOutcome.NotSupported, SendReason.MessageGone), (update.Outcome, update.Reason));
        Assert.Empty(api.Calls);
    }

    [Fact]
    public async Task Send_NotInTheChannel_JoinsAndSendsAgain()
    {
        var api = new ScriptedSlackApi(new SlackResponse { Error = "not_in_channel" }, Good, Good);

        var result = await Sender(api).SendAsync(Message("""{"text":"a"}"""), "event-1", Deadline.Token());

        Assert.Equal(SendOutcome.Delivered, result.Outcome);
        Assert.Equal("""conversations.join {"channel":"C1"}""", api.Calls[1]);
        Assert.StartsWith("joined the channel first", result.Detail, StringComparison.Ordinal);
        Assert.Equal(api.Calls[0], api.Calls[2]);
    }

    [Fact]
    public async Task Send_StillNotInTheChannelAfterJoining_IsParked()
    {
        var refused = new SlackResponse { Error = "not_in_channel" };
        var api = new ScriptedSlackApi(refused, Good, refused);

        var result = await Sender(api).SendAsync(Message("""{"text":"a"}"""), "event-1", Deadline.Token());

        Assert.Equal((SendOutcome.Parked, SendReason.ChannelNotFound), (result.Outcome, result.Reason));
        Assert.Equal(3, api.Calls.Count);
    }

    [Fact]
    public async Task Find_InAThread_SearchesItsReplies()
    {
        var api = new ScriptedSlackApi(new SlackResponse { Ok = true, Json = """{"ok":true,"messages":[]}""" });

        var found = await Sender(api).FindAsync(
            "event-1", "C1/1.2", DateTimeOffset.UnixEpoch.AddHours(1), () => Task.CompletedTask, Deadline.Token());

        Assert.Equal(LookupStatus.NotFound, found.Status);
        Assert.StartsWith(
            """conversations.replies {"channel":"C1","ts":"1.2","oldest":"3300.000000",""",
            Assert.Single(api.Calls),
            StringComparison.Ordinal);
    }

    private static SlackBotSender Sender(ScriptedSlackApi api) => new(api, "C1", new DetailScrubber(new Uri("https://slack.com/api/")));

    private static ChatMessage Message(string json) => new(ChatPlatform.Slack, Encoding.UTF8.GetBytes(json));
}
