using System.Text;
using DefectNotifier.Chat;
using DefectNotifier.Chat.Http;
using DefectNotifier.Chat.Slack.Api;
using DefectNotifier.Chat.Slack.Sending;
using DefectNotifier.Delivery.Outcomes;
using DefectNotifier.Delivery.Sending;
using DefectNotifier.Outbox.Contract;
using DefectNotifier.Rendering.Document;
using DefectNotifier.Rendering.Values;
using DefectNotifier.Testing;
using DefectNotifier.Tests.Http;

namespace DefectNotifier.Tests.Slack;

public sealed class SlackSendersTests : IDisposable
{
    private const string Token = "xoxb-" + "1111-2222-SECRETSECRET";
    private const string HookPath = "/services/T0AAAAAAA/B0BBBBBBB/abcdefSECRETSECRETSECRET";

    private static readonly ChatMessage Message = new(ChatPlatform.Slack, Encoding.UTF8.GetBytes("""{"text":"a"}"""));

    private static readonly ChatMessage WithBlocks = new(
        ChatPlatform.Slack, Encoding.UTF8.GetBytes("""{"text":"a","blocks":[{"type":"divider"}],"unfurl_links":false}"""));

    private readonly ChatHttp _http = new(TimeProvider.System);

    public void Dispose() => _http.Dispose();

    [Fact]
    public async Task BotSend_Message_IsPostedToTheChannel()
    {
        var api = new ScriptedSlackApi(new SlackResponse { Ok = true, Channel = "C1", Ts = "1.2" });
        var sender = new SlackBotSender(api, "C1", new DetailScrubber(new Uri("https://slack.com/api/")));

        var result = await sender.SendAsync(Message, "event-1", Deadline.Token());

        Assert.Equal(SendResult.Delivered("C1/1.2"), result);
        Assert.Equal(
            """chat.postMessage {"channel":"C1","metadata":{"event_type":"defect_notifier_delivery","event_payload":"""
            + """{"delivery_id":"event-1"}},"text":"a"}""",
            Assert.Single(api.Calls));
    }

    [Fact]
    public async Task BotSend_BlocksRejected_SendsTheTextWithTheCorrelationKey()
    {
        var api = new ScriptedSlackApi(
            new SlackResponse { Error = "invalid_blocks", Details = ["downloading image failed [json-pointer:/blocks/1/image_url]"] },
            new SlackResponse { Ok = true, Channel = "C1", Ts = "1.2" });

        var sender = new SlackBotSender(api, "C1", new DetailScrubber(new Uri("https://slack.com/api/")));

        var result = await sender.SendAsync(WithBlocks, "event-1", Deadline.Token());

        Assert.Equal(
            SendResult.Delivered(
                "C1/1.2",
                "sent as plain text because the full message was rejected "
                + "(invalid_blocks; downloading image failed [json-pointer:/blocks/1/image_url])"),
            result);
        Assert.Equal(
            """chat.postMessage {"channel":"C1","metadata":{"event_type":"defect_notifier_delivery","event_payload":"""
            + """{"delivery_id":"event-1"}},"text":"a","unfurl_links":false}""",
            api.Calls[1]);
    }

    [Fact]
    public async Task BotSend_InvalidBlocks_ReportsTheJsonPointers()
    {
        await using var server = new ScriptedServer(Scripts.Answers(Scripts.Response(200, SlackApiTests.InvalidBlocks)));

        var result = await Bot(server).SendAsync(Message, "event-1", Deadline.Token());

        Assert.Equal((SendOutcome.Rejected, SendReason.InvalidMessage), (result.Outcome, result.Reason));
        Assert.Contains("must be less than 3001 characters [json-pointer:/blocks/11/text/text]", result.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task WebhookSend_BlocksRejected_SendsTheText()
    {
        await using var server = new ScriptedServer(Scripts.Answers(Scripts.Response(400, "invalid_blocks"), Scripts.Response(200, "ok")));
        var sender = new SlackWebhookSender(_http, server.Address);

        var result = await sender.SendAsync(WithBlocks, "event-1", Deadline.Token());

        Assert.Equal(SendOutcome.Delivered, result.Outcome);
        Assert.Equal("sent as plain text because the full message was rejected (invalid_blocks; HTTP 400)", result.Detail);
        Assert.Equal("""{"text":"a","unfurl_links":false}""", server.Requests[1].Body);
    }

    [Fact]
    public async Task WebhookSend_BlocksAndTextRejected_ReportsTheFirstRejection()
    {
        await using var server = new ScriptedServer(
            Scripts.Answers(Scripts.Response(400, "invalid_blocks"), Scripts.Response(400, "no_text")));

        var result = await new SlackWebhookSender(_http, server.Address).SendAsync(WithBlocks, "event-1", Deadline.Token());

        Assert.Equal(
            "the full message was rejected (invalid_blocks; HTTP 400), and so was plain text: no_text; HTTP 400", result.Detail);
        Assert.Equal((SendOutcome.Rejected, SendReason.InvalidMessage), (result.Outcome, result.Reason));
    }

    [Fact]
    public async Task WebhookSend_RejectedMessageWithoutBlocks_IsSentOnce()
    {
        await using var server = new ScriptedServer(Scripts.Answers(Scripts.Response(400, "no_text")));

        var result = await new SlackWebhookSender(_http, server.Address).SendAsync(Message, "event-1", Deadline.Token());

        Assert.Equal(SendOutcome.Rejected, result.Outcome);
        Assert.Single(server.Requests);
    }

    [Fact]
    public async Task BotSend_MessageThatIsNotAnObject_IsRejectedUnsent()
    {
        var api = new ScriptedSlackApi(new SlackResponse());
        var sender = new SlackBotSender(api, "C1", new DetailScrubber(new Uri("https://slack.com/api/")));

        var result = await sender.SendAsync(new ChatMessage(ChatPlatform.Slack, Encoding.UTF8.GetBytes("[]")), "event-1", Deadline.Token());

        Assert.Equal((SendOutcome.Rejected, SendReason.InvalidMessage), (result.Outcome, result.Reason));
        Assert.Empty(api.Calls);
    }

    [Fact]
    public async Task BotSend_ServerThatEchoesTheToken_LeaksNothing()
    {
        await using var server = new ScriptedServer(async connection =>
        {
            var request = await connection.ReadRequestAsync();
            var token = request.Head.Split("Bearer ")[1].Split("\r\n")[0];
            await connection.WriteAsync(Scripts.Response(200, $$"""
                {
                  "ok": false, "error": "invalid_auth {{token}}", "needed": "{{token}}",
                  "response_metadata": { "messages": ["{{token}}", "for {{token}}"] }
                }
                """));
        });

        var result = await Bot(server).SendAsync(Message, "event-1", Deadline.Token());

        Assert.Equal("invalid_auth [secret]; HTTP 200; needed [secret]; [secret]; for [secret]", result.Detail);
    }

    [Fact]
    public async Task BotSend_TokenEchoedAsReference_LeaksNothing()
    {
        await using var server = new ScriptedServer(
            Scripts.Answers(Scripts.Response(200, $$"""{"ok":true,"channel":"{{Token}}","ts":"{{Token}}"}""")));

        Assert.Equal(SendResult.Delivered(), await Bot(server).SendAsync(Message, "event-1", Deadline.Token()));
    }

    [Fact]
    public async Task WebhookSend_Message_IsPostedUnchanged()
    {
        await using var server = new ScriptedServer(Scripts.Answers(Scripts.Response(200, "ok")));

        Assert.Equal(SendResult.Delivered(), await Webhook(server).SendAsync(Message, "event-1", Deadline.Token()));

        var request = Assert.Single(server.Requests);
        Assert.StartsWith($"POST {HookPath} HTTP/1.1\r\n", request.Head, StringComparison.Ordinal);
        Assert.DoesNotContain("Authorization", request.Head, StringComparison.Ordinal);
        Assert.Equal("""{"text":"a"}""", request.Body);
    }

    [Fact]
    public async Task WebhookSend_ProxyPage_IsAmbiguous()
    {
        await using var server = new ScriptedServer(
            Scripts.Answers(Scripts.Response(200, "<html>sign in</html>", "Content-Type: text/html")));

        var result = await Webhook(server).SendAsync(Message, "event-1", Deadline.Token());

        Assert.Equal(new SendResult(SendOutcome.Ambiguous, SendReason.UnexpectedResponse) { Detail = "HTTP 200; text/html" }, result);
    }

    [Fact]
    public async Task WebhookSend_EndlessBody_IsAmbiguous()
    {
        await using var server = new ScriptedServer(Scripts.EndlessBody);

        Assert.Equal(SendOutcome.Ambiguous, (await Webhook(server).SendAsync(Message, "event-1", Deadline.Token())).Outcome);
    }

    [Fact]
    public async Task WebhookSend_RateLimited_WaitsAsRequested()
    {
        await using var server = new ScriptedServer(Scripts.Answers(Scripts.Response(429, "rate_limited", "Retry-After: 17")));

        var result = await Webhook(server).SendAsync(Message, "event-1", Deadline.Token());

        Assert.Equal((SendOutcome.Wait, TimeSpan.FromSeconds(17)), (result.Outcome, result.RetryAfter));
    }

    [Theory]
    [InlineData(200)]
    [InlineData(302)]
    [InlineData(400)]
    [InlineData(404)]
    [InlineData(500)]
    public async Task WebhookSend_ServerThatEchoesTheUrl_LeaksNothing(int status)
    {
        await using var server = new ScriptedServer(Scripts.Answers(
            Scripts.Response(
                status, $$"""{"error":"{{HookPath}}"}""", $"Content-Type: {HookPath}", $"Location: http://127.0.0.1:1{HookPath}"),
            Scripts.Response(status, "abcdefSECRETSECRETSECRET")));

        foreach (var _ in (int[])[1, 2])
        {
            var result = await Webhook(server).SendAsync(Message, "event-1", Deadline.Token());
            Assert.DoesNotContain("SECRETSECRET", result.ToString(), StringComparison.OrdinalIgnoreCase);
        }
    }

    private SlackWebhookSender Webhook(ScriptedServer server) => new(_http, new Uri(server.Address, HookPath));

    private SlackBotSender Bot(ScriptedServer server) =>
        new(DestinationTypes.SlackApiOf(_http, server.Address, new Secret(Token)), "C1", new DetailScrubber(server.Address, Token));
}
