using System.Text;
using DefectNotifier.Chat.Http;
using DefectNotifier.Chat.Teams.Sending;
using DefectNotifier.Delivery.Outcomes;
using DefectNotifier.Outbox.Contract;
using DefectNotifier.Rendering.Document;
using DefectNotifier.Rendering.Values;
using DefectNotifier.Testing;
using DefectNotifier.Tests.Http;

namespace DefectNotifier.Tests.Teams;

public sealed class TeamsSenderTests : IDisposable
{
    private const string HookPath =
        "/workflows/9f8e7d6c5b4a/triggers/manual/paths/invoke?api-version=1&sp=%2Ftriggers%2Fmanual%2Frun&sv=1.0&sig=SECRETSECRET";

    private static readonly ChatMessage Message = new(ChatPlatform.Teams, Encoding.UTF8.GetBytes("""{"type":"message"}"""));

    private static readonly ChatMessage WithText = Message with { Text = "Cart is empty\nSeverity: Major" };

    private readonly ChatHttp _http = new(TimeProvider.System);

    public void Dispose() => _http.Dispose();

    [Fact]
    public async Task Send_Message_IsPostedUnchanged()
    {
        await using var server = new ScriptedServer(Scripts.Answers(Scripts.Response(202, "", "x-ms-workflow-run-id: 08584CU01")));

        var result = await Sender(server).SendAsync(Message, "event-1", Deadline.Token());

        Assert.Equal(SendResult.Delivered("08584CU01"), result);
        var request = Assert.Single(server.Requests);
        Assert.StartsWith($"POST {HookPath} HTTP/1.1\r\n", request.Head, StringComparison.Ordinal);
        Assert.Contains("\r\nContent-Type: application/json\r\n", request.Head, StringComparison.Ordinal);
        Assert.Equal("""{"type":"message"}""", request.Body);
    }

    [Fact]
    public async Task Send_AcceptedWithAStalledBody_IsDelivered()
    {
        await using var server = new ScriptedServer(Scripts.StalledBody(202, "{"));

        Assert.Equal(SendOutcome.Delivered, (await Sender(server).SendAsync(Message, "event-1", Deadline.Token())).Outcome);
    }

    [Fact]
    public async Task Send_ErrorWithIncompleteBody_FollowsTheStatus()
    {
        await using var server = new ScriptedServer(
            Scripts.Raw("HTTP/1.1 429 X\r\nRetry-After: 8\r\nContent-Length: 100\r\n\r\n{\"error\""));

        var result = await Sender(server).SendAsync(Message, "event-1", Deadline.Token());

        Assert.Equal((SendOutcome.Wait, TimeSpan.FromSeconds(8)), (result.Outcome, result.RetryAfter));
    }

    [Theory]
    [InlineData(413, "", "HTTP 413")]
    [InlineData(400, """{"error":{"code":"TriggerInputSchemaMismatch"}}""", "TriggerInputSchemaMismatch; HTTP 400")]
    public async Task Send_CardRejected_SendsThePlainCard(int status, string body, string detail)
    {
        await using var server = new ScriptedServer(
            Scripts.Answers(Scripts.Response(status, body), Scripts.Response(202, "", "x-ms-workflow-run-id: 08584CU01")));

        var result = await Sender(server).SendAsync(WithText, "event-1", Deadline.Token());

        Assert.Equal(SendResult.Delivered("08584CU01", $"sent as a plain card because the full card was rejected ({detail})"), result);
        Assert.Equal(Encoding.UTF8.GetString(TeamsPlainCard.TryWrite(WithText)!), server.Requests[1].Body);
    }

    [Fact]
    public async Task Send_PlainCardRejectedToo_ReportsTheFirstRejection()
    {
        await using var server = new ScriptedServer(Scripts.Answers(
            Scripts.Response(413, """{"error":{"code":"RequestEntityTooLarge"}}"""),
            Scripts.Response(400, """{"error":{"code":"TriggerInputSchemaMismatch"}}""")));

        var result = await Sender(server).SendAsync(WithText, "event-1", Deadline.Token());

        Assert.Equal(
            new SendResult(SendOutcome.Rejected, SendReason.MessageTooLarge)
            {
                Detail = "the full card was rejected (RequestEntityTooLarge; HTTP 413), and so was a plain card: "
                    + "TriggerInputSchemaMismatch; HTTP 400",
            },
            result);
        Assert.Equal(2, server.Requests.Count);
    }

    [Fact]
    public async Task Send_PlainCardWithoutResponse_IsAmbiguous()
    {
        await using var server = new ScriptedServer(Scripts.Answers(Scripts.Response(413, "")), Scripts.CloseAfterReading);

        var result = await Sender(server).SendAsync(WithText, "event-1", Deadline.Token());

        Assert.Equal((SendOutcome.Ambiguous, SendReason.ConnectionLost), (result.Outcome, result.Reason));
    }

    [Theory]
    [InlineData(400, SendOutcome.Retry)]
    [InlineData(429, SendOutcome.Wait)]
    [InlineData(500, SendOutcome.Retry)]
    public async Task Send_OtherError_IsSentOnce(int status, SendOutcome outcome)
    {
        await using var server = new ScriptedServer(Scripts.Answers(Scripts.Response(status, "")));

        Assert.Equal(outcome, (await Sender(server).SendAsync(WithText, "event-1", Deadline.Token())).Outcome);
        Assert.Single(server.Requests);
    }

    [Fact]
    public async Task Send_RejectedCardWithoutText_IsSentOnce()
    {
        await using var server = new ScriptedServer(Scripts.Answers(Scripts.Response(413, "")));

        Assert.Equal(SendOutcome.Retry, (await Sender(server).SendAsync(Message, "event-1", Deadline.Token())).Outcome);
        Assert.Single(server.Requests);
    }

    [Fact]
    public async Task Send_ConnectionLost_IsAmbiguous()
    {
        await using var server = new ScriptedServer(Scripts.CloseAfterReading);

        Assert.Equal((SendOutcome.Ambiguous, SendReason.ConnectionLost), await OutcomeAsync(server));
    }

    [Theory]
    [InlineData(202)]
    [InlineData(302)]
    [InlineData(400)]
    [InlineData(502)]
    public async Task Send_ServerThatEchoesTheUrl_LeaksNothing(int status)
    {
        await using var server = new ScriptedServer(connection => EchoAsync(connection, status));

        var result = await Sender(server).SendAsync(Message, "event-1", Deadline.Token());

        Assert.DoesNotContain("SECRETSECRET", result.ToString(), StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("9f8e7d6c5b4a", result.ToString(), StringComparison.OrdinalIgnoreCase);
    }

    private static async Task EchoAsync(ScriptedConnection connection, int status)
    {
        var address = (await connection.ReadRequestAsync()).Head.Split(' ')[1];
        await connection.WriteAsync(Scripts.Response(
            status,
            $$$"""{"error":{"code":"{{{address}}}","message":"{{{address}}}"}}""",
            "x-ms-workflow-run-id: SECRETSECRET",
            $"Location: {address}"));
    }

    private async Task<(SendOutcome Outcome, SendReason Reason)> OutcomeAsync(ScriptedServer server)
    {
        var result = await Sender(server).SendAsync(Message, "event-1", Deadline.Token());
        return (result.Outcome, result.Reason);
    }

    private TeamsSender Sender(ScriptedServer server) => new(_http, new Uri(server.Address, HookPath));
}
