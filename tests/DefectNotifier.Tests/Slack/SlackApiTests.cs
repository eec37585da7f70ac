using System.Text;
using DefectNotifier.Chat.Http;
using DefectNotifier.Chat.Slack.Api;
using DefectNotifier.Delivery.Sending;
using DefectNotifier.Outbox.Contract;
using DefectNotifier.Testing;
using DefectNotifier.Tests.Http;

namespace DefectNotifier.Tests.Slack;

/// <summary>What every implementation of <see cref="ISlackApi"/> does.</summary>
public abstract class SlackApiTests : IDisposable
{
    /// <summary>As Slack sends it: each message twice, once with its severity.</summary>
    public const string InvalidBlocks = """
        {"ok":false,"error":"invalid_blocks",
         "errors":["failed to match all allowed schemas [json-pointer:/blocks/11/text]",
          "must be less than 3001 characters [json-pointer:/blocks/11/text/text]"],
         "response_metadata":{"messages":["[ERROR] failed to match all allowed schemas [json-pointer:/blocks/11/text]",
          "[ERROR] must be less than 3001 characters [json-pointer:/blocks/11/text/text]"]}}
        """;

    private static readonly Secret Token = new("xoxb-1-SECRET");

    private readonly ChatHttp _http = new(TimeProvider.System);

    public void Dispose()
    {
        _http.Dispose();
        GC.SuppressFinalize(this);
    }

    /// <summary>The implementation that is tested.</summary>
    internal abstract ISlackApi Create(ChatHttp http, Uri baseAddress, Secret token);

    [Fact]
    public async Task Call_Request_HasTokenAndContentType()
    {
        await using var server = new ScriptedServer(Scripts.Answers(Scripts.Response(200, """{"ok":true}""")));

        await CallAsync(server, "api/");

        var request = Assert.Single(server.Requests);
        Assert.StartsWith("POST /api/chat.postMessage HTTP/1.1\r\n", request.Head, StringComparison.Ordinal);
        Assert.Contains("\r\nAuthorization: Bearer xoxb-1-SECRET\r\n", request.Head, StringComparison.Ordinal);
        Assert.Contains("\r\nContent-Type: application/json; charset=utf-8\r\n", request.Head, StringComparison.Ordinal);
        Assert.Equal("{}", request.Body);
    }

    [Fact]
    public async Task Call_Success_ReturnsChannelAndTs()
    {
        await using var server = new ScriptedServer(Scripts.Answers(
            Scripts.Response(200, """{"ok":true,"channel":"C1","ts":"1503435956.000247","message":{"ts":"9"}}""")));

        var response = await CallAsync(server);

        Assert.Equal((true, "C1", "1503435956.000247"), (response.Ok, response.Channel, response.Ts));
    }

    [Fact]
    public async Task Call_SuccessThatRepeatsALongMessage_IsReadCompletely()
    {
        // 9,500 non-ASCII letters, which Slack's response escapes with 6 bytes each; ts comes after them.
        var message = string.Concat(Enumerable.Repeat("\\u00e9", 9500));
        await using var server = new ScriptedServer(Scripts.Answers(
            Scripts.Response(200, $$"""{"ok":true,"channel":"C1","message":{"text":"{{message}}"},"ts":"1.2"}""")));

        var response = await CallAsync(server);

        Assert.Equal((true, "1.2"), (response.Ok, response.Ts));
    }

    [Fact]
    public async Task Call_Error_ReturnsCodeDetailsAndWait()
    {
        const string Body = """
            {"ok":false,"error":"missing_scope","needed":"chat:write","provided":"users:read","retry_after":3,
             "response_metadata":{"messages":["[ERROR] one [json-pointer:/blocks/0]",7,"three"]}}
            """;
        await using var server = new ScriptedServer(Scripts.Answers(Scripts.Response(200, Body, "Retry-After: 2")));

        var response = await CallAsync(server);

        Assert.False(response.Ok);
        Assert.Equal("missing_scope", response.Error);
        Assert.Equal(TimeSpan.FromSeconds(3), response.RetryAfter);
        Assert.Equal(["needed chat:write", "provided users:read", "one [json-pointer:/blocks/0]", "three"], response.Details);
    }

    [Theory]
    [InlineData(
        InvalidBlocks,
        "failed to match all allowed schemas [json-pointer:/blocks/11/text]|must be less than 3001 characters "
            + "[json-pointer:/blocks/11/text/text]")]
    [InlineData("""{"ok":false,"error":"invalid_blocks","errors":["a","b","c","d"]}""", "a|b|c")]
    [InlineData(
        """{"ok":false,"error":"invalid_blocks","errors":["",7,{},"a"],"response_metadata":{"messages":["[WARN] b","[ERROR] a"]}}""",
        "a|[WARN] b")]
    [InlineData("""{"ok":false,"error":"no_text","errors":"a","response_metadata":null}""", "")]
    public async Task Call_RepeatedMessages_AreReportedOnce(string body, string expected)
    {
        await using var server = new ScriptedServer(Scripts.Answers(Scripts.Response(200, body)));

        Assert.Equal(expected, string.Join('|', (await CallAsync(server)).Details));
    }

    [Theory]
    [InlineData(429, "", "Retry-After: 7", 7.0)]
    [InlineData(429, "", "Retry-After: 0.5", 1.0)]
    [InlineData(429, "", null, null)]
    [InlineData(429, """{"ok":false,"error":"ratelimited","retry_after":9}""", null, 9.0)]
    [InlineData(503, "<html>", "Retry-After: 120", 120.0)]
    [InlineData(500, """{"ok":false,"error":"internal_error"}""", null, null)]
    [InlineData(404, "404 page not found", null, null)]
    [InlineData(302, "", "Location: https://example.com/", null)]
    public async Task Call_ErrorStatus_IsReturnedOnceWithItsWait(int status, string body, string? header, double? seconds)
    {
        await using var server = new ScriptedServer(Scripts.Answers(Scripts.Response(status, body, header is null ? [] : [header])));

        var response = await CallAsync(server);

        Assert.Equal((false, status), (response.Ok, response.Status));
        Assert.Equal(seconds, response.RetryAfter?.TotalSeconds);
        Assert.Null(response.Failure);
        Assert.Single(server.Requests);
    }

    [Fact]
    public async Task Call_Body_IsSentByteForByte()
    {
        const string Json = """{ "text":"\u00e9 é \ud83d\ude00 <&>", "n":1.0, "blocks":[{"type":"section","x":null}], "ts":"1.20" }""";
        await using var server = new ScriptedServer(Scripts.Answers(Scripts.Response(200, """{"ok":true}""")));

        await CallAsync(server, json: Json);

        Assert.Equal(Json, Assert.Single(server.Requests).Body);
    }

    [Fact]
    public async Task Call_SuccessOfAnUnknownShape_IsReturnedWhole()
    {
        const string Body = """{"ok":true,"channel":"C1","ts":"1.20","blocks":[{"type":"new_in_2030"}],"messages":[{"type":7}]}""";
        await using var server = new ScriptedServer(Scripts.Answers(Scripts.Response(200, Body, "x-oauth-scopes: chat:write, users:read")));

        var response = await CallAsync(server);

        Assert.Equal((Body, "1.20"), (response.Json, response.Ts));
        Assert.Equal(["chat:write", "users:read"], response.Scopes);
    }

    [Fact]
    public async Task Call_CancelledWhileSlackIsSilent_Throws()
    {
        using var cancel = new CancellationTokenSource();
        await using var server = new ScriptedServer(Scripts.Silence);

        var call = Create(_http, server.Address, Token).CallAsync("chat.postMessage", "{}"u8.ToArray(), cancel.Token);
        await Eventually.HoldsAsync(() => server.Requests.Count == 1, "the request has arrived");
        await cancel.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call);
    }

    [Fact]
    public async Task Call_CancelledBefore_IsNotSent()
    {
        await using var server = new ScriptedServer(Scripts.Silence);

        var response = await Create(_http, server.Address, Token)
            .CallAsync("chat.postMessage", "{}"u8.ToArray(), new CancellationToken(canceled: true));

        Assert.Equal(SendOutcome.Retry, response.Failure!.Outcome);
        Assert.Empty(server.Requests);
    }

    [Fact]
    public async Task Call_NobodyListens_IsRetriedAndNamesNoSecret()
    {
        var response = await Create(_http, new Uri("http://127.0.0.1:9/"), Token)
            .CallAsync("chat.postMessage", "{}"u8.ToArray(), Deadline.Token());

        Assert.Equal(SendOutcome.Retry, response.Failure!.Outcome);
        Assert.DoesNotContain("SECRET", response.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Call_MethodWithoutJson_SendsFormFields()
    {
        await using var server = new ScriptedServer(Scripts.Answers(Scripts.Response(200, """{"ok":true,"messages":[]}""")));

        const string Json =
            """{"channel":"C1","oldest":"1767603600.000100","limit":100,"include_all_metadata":true,"latest":null,"cursor":"a+/= &é"}""";
        var response = await CallAsync(server, method: "conversations.history", json: Json);

        var request = Assert.Single(server.Requests);
        Assert.StartsWith("POST /conversations.history HTTP/1.1\r\n", request.Head, StringComparison.Ordinal);
        Assert.Contains("\r\nAuthorization: Bearer xoxb-1-SECRET\r\n", request.Head, StringComparison.Ordinal);
        Assert.Contains("\r\nContent-Type: application/x-www-form-urlencoded\r\n", request.Head, StringComparison.Ordinal);
        Assert.Equal("channel=C1&oldest=1767603600.000100&limit=100&include_all_metadata=true&cursor=a%2B%2F%3D%20%26%C3%A9", request.Body);
        Assert.Equal("""{"ok":true,"messages":[]}""", response.Json);
    }

    [Theory]
    [InlineData("chat.postMessage", 256 * 1024)]
    [InlineData("conversations.history", 4 * 1024 * 1024)]
    public async Task Call_ResponseOverTheLimit_IsTruncated(string method, int bound)
    {
        await using var server = new ScriptedServer(
            Scripts.Answers(Scripts.Response(200, $$"""{"ok":true,"messages":["{{new string('x', bound)}}"]}""")));

        Assert.Equivalent(new SlackResponse { IsTruncated = true }, await CallAsync(server, method: method), strict: true);
    }

    [Theory]
    [InlineData("")]
    [InlineData("<html>proxy</html>")]
    [InlineData("ok")]
    [InlineData("{\"ok\":true")]
    [InlineData("{}")]
    [InlineData("[]")]
    [InlineData("null")]
    [InlineData("""{"ok":"true"}""")]
    [InlineData("""{"ok":1,"error":{}}""")]
    [InlineData("""{"error":"no_text"}""")]
    [InlineData("""{"ok":false,"error":null,"response_metadata":7}""")]
    [InlineData("""{"ok":false,"response_metadata":{"messages":{}},"ts":1.2}""")]
    public async Task Call_200WithoutSlacksJson_IsNeitherOkNorAnErrorCode(string body)
    {
        await using var server = new ScriptedServer(Scripts.Answers(Scripts.Response(200, body)));

        var response = await CallAsync(server);

        Assert.Equal((false, null, 200), (response.Ok, response.Error, response.Status));
        Assert.Null(response.Failure);
        Assert.False(response.IsTruncated);
    }

    [Fact]
    public async Task Call_IncompleteResponse_IsAmbiguous()
    {
        await using var server = new ScriptedServer(Scripts.Raw("HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n{\"ok\":true,\"chan"));

        var response = await CallAsync(server);

        Assert.Equal((SendOutcome.Ambiguous, SendReason.ConnectionLost), (response.Failure!.Outcome, response.Failure.Reason));
    }

    [Fact]
    public async Task Call_ConnectionLost_IsAFailure()
    {
        await using var server = new ScriptedServer(Scripts.CloseAfterReading);

        var response = await CallAsync(server);

        Assert.Equal((SendOutcome.Ambiguous, SendReason.ConnectionLost), (response.Failure!.Outcome, response.Failure.Reason));
    }

    private Task<SlackResponse> CallAsync(
        ScriptedServer server, string path = "", string method = "chat.postMessage", string json = "{}") =>
        Create(_http, new Uri(server.Address, path), Token).CallAsync(method, Encoding.UTF8.GetBytes(json), Deadline.Token());
}
