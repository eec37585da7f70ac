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

public sealed class SlackLookupTests : IDisposable
{
    private const string Token = "xoxb-" + "1111-2222-SECRETSECRET";
    private const string Ours =
        """{"type":"message","ts":"1767603601.000100","metadata":{"event_type":"defect_notifier_delivery","event_payload":"""
        + """{"delivery_id":"event-7-1"}}}""";
    private const string Others = """{"type":"message","ts":"1767603602.000200","text":"event-7-1"}""";

    private static readonly DateTimeOffset Since = DateTimeOffset.FromUnixTimeMilliseconds(1_767_603_600_123);

    private static readonly Func<Task> NoWait = () => Task.CompletedTask;

    private readonly ChatHttp _http = new(TimeProvider.System);

    public void Dispose() => _http.Dispose();

    [Fact]
    public async Task Find_PostedMessage_ReturnsItsReference()
    {
        await using var server = new ScriptedServer(Scripts.Answers(Scripts.Response(200, Page(Others, Ours))));

        Assert.Equal(
            new LookupResult(LookupStatus.Found) { Reference = "C1/1767603601.000100" },
            await Bot(server).FindAsync("event-7-1", thread: null, Since, NoWait, Deadline.Token()));

        // Starts five minutes before the attempt, because the two clocks may differ.
        Assert.Equal("channel=C1&oldest=1767603300.123000&limit=100&include_all_metadata=true", Assert.Single(server.Requests).Body);
    }

    [Fact]
    public async Task Find_SentMessage_IsFoundByItsCorrelationKey()
    {
        var api = new ScriptedSlackApi(new SlackResponse { Ok = true, Channel = "C1", Ts = "1.2" });
        await Sender(api).SendAsync(new ChatMessage(ChatPlatform.Slack, "{}"u8.ToArray()), "event-7-1", Deadline.Token());
        var posted = Assert.Single(api.Calls)["chat.postMessage ".Length..].Replace(
            "{\"channel\"", "{\"ts\":\"1.2\",\"channel\"", StringComparison.Ordinal);

        Assert.Equal(new LookupResult(LookupStatus.Found) { Reference = "C1/1.2" }, await FindAsync(Response(Page(posted))));
    }

    [Theory]
    [InlineData("[]")]
    [InlineData("[" + Others + "]")]
    [InlineData("""[{"metadata":{"event_type":"defect_notifier_delivery","event_payload":{"delivery_id":"event-7-11"}}}]""")]
    [InlineData("""[{"metadata":{"event_type":"another_app","event_payload":{"delivery_id":"event-7-1"}}}]""")]
    [InlineData("""[{"metadata":{"event_type":"defect_notifier_delivery","event_payload":"event-7-1"}}]""")]
    [InlineData("""[{"metadata":{"event_type":"defect_notifier_delivery"}},{"metadata":null},{"metadata":[]},{}]""")]
    public async Task Find_OtherMessagesOnly_IsNotFound(string messages) =>
        Assert.Equal(
            new LookupResult(LookupStatus.NotFound),
            await FindAsync(Response($$"""{"ok":true,"messages":{{messages}},"has_more":false}""")));

    [Theory]
    [InlineData(4, LookupStatus.NotFound)]
    [InlineData(-4, LookupStatus.NotFound)]
    [InlineData(6, LookupStatus.Impossible)]
    [InlineData(-6, LookupStatus.Impossible)]
    public async Task Find_ClockDifference_AllowsNotFoundOnlyWithinFiveMinutes(int minutes, LookupStatus status)
    {
        var drift = TimeSpan.FromMinutes(minutes);

        Assert.Equal(status, (await FindAsync(Response(Page(Others)) with { Drift = drift })).Status);
        Assert.Equal(LookupStatus.Found, (await FindAsync(Response(Page(Ours)) with { Drift = drift })).Status);
    }

    [Theory]
    [InlineData("null")]
    [InlineData("7")]
    [InlineData("\"xoxb-1111\"")]
    public async Task Find_MessageWithAnInvalidTimestamp_IsFoundWithoutReference(string ts) => Assert.Equal(
        new LookupResult(LookupStatus.Found),
        await FindAsync(Response(Page(Ours.Replace("\"1767603601.000100\"", ts, StringComparison.Ordinal)))));

    [Fact]
    public async Task Find_MessageOnALaterPage_FollowsTheCursors()
    {
        var api = new ScriptedSlackApi(Response(PageBefore("one", Others)), Response(PageBefore("two")), Response(Page(Ours)));

        Assert.Equal(LookupStatus.Found, (await Sender(api).FindAsync("event-7-1", thread: null, Since, NoWait, Deadline.Token())).Status);

        const string Arguments =
            """conversations.history {"channel":"C1","oldest":"1767603300.123000","limit":100,"include_all_metadata":true""";
        Assert.Equal([Arguments + "}", Arguments + ",\"cursor\":\"one\"}", Arguments + ",\"cursor\":\"two\"}"], api.Calls);
    }

    [Fact]
    public async Task Find_TooManyPages_IsImpossible()
    {
        var api = new ScriptedSlackApi(Response(PageBefore("again", Others)));

        var result = await Sender(api).FindAsync("event-7-1", thread: null, Since, NoWait, Deadline.Token());

        Assert.Equal(new LookupResult(LookupStatus.Impossible) { Detail = "more than 500 messages since the first attempt" }, result);
        Assert.Equal(5, api.Calls.Count);
    }

    [Fact]
    public async Task Find_MoreMessagesButNoCursor_IsImpossible() => Assert.Equal(
        LookupStatus.Impossible, (await FindAsync(Response("""{"ok":true,"messages":[],"has_more":true}"""))).Status);

    [Theory]
    [InlineData("""{"ok":true}""")]
    [InlineData("""{"ok":true,"messages":null}""")]
    [InlineData("""{"ok":true,"messages":{}}""")]
    [InlineData("""{"ok":true,"messages":["text"]}""")]
    [InlineData("""{"ok":true,"messages":[],"response_metadata":[]}""")]
    [InlineData("""{"ok":true,"messages":[],"response_metadata":{"next_cursor":7}}""")]
    [InlineData("")]
    [InlineData("<html>sign in</html>")]
    [InlineData("{\"ok\":true,\"messages\":[]")]
    [InlineData("""{"messages":[]}""")]
    public async Task Find_200WithoutAPage_FailsAndIsNeverNotFound(string body)
    {
        await using var server = new ScriptedServer(Scripts.Answers(Scripts.Response(200, body)));

        AssertFailed(await Bot(server).FindAsync("event-7-1", thread: null, Since, NoWait, Deadline.Token()), SendReason.LookupFailed);
    }

    [Fact]
    public async Task Find_ResponseWithoutJson_Fails() =>
        AssertFailed(await FindAsync(new SlackResponse { Ok = true }), SendReason.LookupFailed);

    [Fact]
    public async Task Find_PageOverTheSizeLimit_IsImpossible()
    {
        await using var server = new ScriptedServer(
            Scripts.Answers(Scripts.Response(200, Page(Ours, $$"""{"text":"{{new string('x', 5_000_000)}}"}"""))));

        Assert.Equal(
            new LookupResult(LookupStatus.Impossible) { Detail = "the page of messages is too large to read" },
            await Bot(server).FindAsync("event-7-1", thread: null, Since, NoWait, Deadline.Token()));
    }

    [Theory]
    [InlineData("missing_scope")]
    [InlineData("not_in_channel")]
    [InlineData("channel_not_found")]
    [InlineData("channel_is_limited_access")]
    [InlineData("method_not_supported_for_channel_type")]
    [InlineData("is_archived")]
    [InlineData("restricted_action")]
    [InlineData("not_authed")]
    [InlineData("invalid_auth")]
    [InlineData("token_revoked")]
    [InlineData("account_inactive")]
    [InlineData("no_permission")]
    [InlineData("ekm_access_denied")]
    [InlineData("enterprise_is_restricted")]
    [InlineData("unknown_method")]
    [InlineData("method_deprecated")]
    [InlineData("invalid_arguments")]
    [InlineData("invalid_cursor")]
    [InlineData("invalid_ts_oldest")]
    [InlineData("new_in_2027")]
    public async Task Find_ErrorCode_IsImpossibleWithTheCodeAsDetail(string code)
    {
        var result = await FindAsync(new SlackResponse { Error = code });

        Assert.Equal((LookupStatus.Impossible, null), (result.Status, result.Error));
        Assert.StartsWith(code, result.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Find_MissingScope_NamesTheScope()
    {
        await using var server = new ScriptedServer(Scripts.Answers(
            Scripts.Response(200, """{"ok":false,"error":"missing_scope","needed":"channels:history","provided":"chat:write"}""")));

        Assert.Equal(
            new LookupResult(LookupStatus.Impossible) { Detail = "missing_scope; needed channels:history; provided chat:write" },
            await Bot(server).FindAsync("event-7-1", thread: null, Since, NoWait, Deadline.Token()));
    }

    [Theory]
    [InlineData(429, "", 17, 17)]
    [InlineData(429, """{"ok":false,"error":"ratelimited"}""", 17, 17)]
    [InlineData(200, """{"ok":false,"error":"ratelimited"}""", null, 30)]
    [InlineData(429, "", 0, 1)]
    [InlineData(429, "", 90_000, 3600)]
    public async Task Find_RateLimited_WaitsAsRequested(int status, string body, int? requested, int expected)
    {
        await using var server = new ScriptedServer(
            Scripts.Answers(Scripts.Response(status, body, requested is null ? [] : [$"Retry-After: {requested}"])));

        var result = await Bot(server).FindAsync("event-7-1", thread: null, Since, NoWait, Deadline.Token());

        Assert.Equal(
            (LookupStatus.Failed, SendOutcome.Wait, SendReason.RateLimited), (result.Status, result.Error!.Outcome, result.Error.Reason));
        Assert.Equal(TimeSpan.FromSeconds(expected), result.Error.RetryAfter);
    }

    [Fact]
    public async Task Find_RateLimitedOnALaterPage_IsImpossibleAndReportsTheLimit()
    {
        var result = await FindAsync(Response(PageBefore("next", Others)), new SlackResponse { Error = "ratelimited" });

        Assert.Equal((LookupStatus.Impossible, "ratelimited"), (result.Status, result.Detail));
        Assert.Equal((SendReason.RateLimited, TimeSpan.FromSeconds(30)), (result.Error?.Reason, result.Error?.RetryAfter));
    }

    [Fact]
    public async Task Find_SeveralPages_AcquiresAPermitForEachRequest()
    {
        var api = new ScriptedSlackApi(Response(PageBefore("one", Others)), Response(PageBefore("two")), Response(Page(Ours)));
        var callsAtPermits = new List<int>();

        await Sender(api).FindAsync(
            "event-7-1", thread: null, Since, () => { callsAtPermits.Add(api.Calls.Count); return Task.CompletedTask; }, Deadline.Token());

        Assert.Equal([0, 1, 2], callsAtPermits);
    }

    [Theory]
    [InlineData("fatal_error")]
    [InlineData("internal_error")]
    [InlineData("service_unavailable")]
    [InlineData("request_timeout")]
    public async Task Find_TemporarySlackError_Fails(string code) =>
        AssertFailed(await FindAsync(new SlackResponse { Error = code }), SendReason.LookupFailed);

    [Fact]
    public async Task Find_WorkspaceMigration_Waits() => Assert.Equal(
        (SendOutcome.Wait, SendReason.WorkspaceBusy), await ErrorAsync(new SlackResponse { Error = "team_added_to_org" }));

    [Fact]
    public async Task Find_StatusWithoutACode_HasItsResult()
    {
        for (var status = 100; status <= 599; status++)
        {
            var result = await FindAsync(new SlackResponse { Status = status });

            var expected = status switch
            {
                >= 300 and <= 399 => (LookupStatus.Impossible, (SendReason?)null),
                429 => (LookupStatus.Failed, SendReason.RateLimited),
                _ => (LookupStatus.Failed, SendReason.LookupFailed),
            };
            Assert.Equal((status, expected), (status, (result.Status, result.Error?.Reason)));
            Assert.Equal($"HTTP {status}", result.Detail);
        }
    }

    [Fact]
    public async Task Find_ConnectionLost_Fails()
    {
        await using var server = new ScriptedServer(Scripts.CloseAfterReading);

        AssertFailed(await Bot(server).FindAsync("event-7-1", thread: null, Since, NoWait, Deadline.Token()), SendReason.LookupFailed);
    }

    [Fact]
    public async Task Find_IncompleteResponse_Fails()
    {
        await using var server = new ScriptedServer(
            Scripts.Raw("HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n{\"ok\":true,\"messages\":["));

        AssertFailed(await Bot(server).FindAsync("event-7-1", thread: null, Since, NoWait, Deadline.Token()), SendReason.LookupFailed);
    }

    [Fact]
    public async Task Find_NoConnection_FailsWithConnectFailed() => AssertFailed(
        await FindAsync(
            new SlackResponse { Failure = new SendResult(SendOutcome.Retry, SendReason.ConnectFailed) }), SendReason.ConnectFailed);

    [Fact]
    public async Task Find_CertificateRejected_IsImpossible() => Assert.Equal(
        LookupStatus.Impossible,
        (await FindAsync(new SlackResponse { Failure = new SendResult(SendOutcome.Parked, SendReason.TlsFailed) })).Status);

    [Fact]
    public async Task Find_Cancelled_Throws()
    {
        await using var server = new ScriptedServer(Scripts.Silence);
        using var stop = new CancellationTokenSource();

        var finding = Bot(server).FindAsync("event-7-1", thread: null, Since, NoWait, stop.Token);
        await Eventually.HoldsAsync(() => server.Requests.Count > 0, "the request");
        await stop.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => finding);
    }

    [Fact]
    public async Task Find_ServerThatEchoesTheToken_LeaksNothing()
    {
        await using var server = new ScriptedServer(
            Scripts.Answers(Scripts.Response(200, $$"""{"ok":false,"error":"{{Token}}","errors":["{{Token}}"]}""")));

        Assert.DoesNotContain(
            "SECRETSECRET",
            (await Bot(server).FindAsync("event-7-1", thread: null, Since, NoWait, Deadline.Token())).ToString(),
            StringComparison.OrdinalIgnoreCase);
    }

    private static void AssertFailed(LookupResult result, SendReason reason)
    {
        Assert.Equal((LookupStatus.Failed, SendOutcome.Retry, reason), (result.Status, result.Error?.Outcome, result.Error?.Reason));
        Assert.Equal(result.Error!.Detail, result.Detail);
    }

    private static async Task<(SendOutcome Outcome, SendReason Reason)> ErrorAsync(SlackResponse response)
    {
        var error = (await FindAsync(response)).Error!;
        return (error.Outcome, error.Reason);
    }

    private static Task<LookupResult> FindAsync(params SlackResponse[] responses) =>
        Sender(new ScriptedSlackApi(responses)).FindAsync("event-7-1", thread: null, Since, NoWait, Deadline.Token());

    private static SlackResponse Response(string json) => SlackApiClient.Read(new ChatHttpResponse(200) { Body = json });

    private static string Page(params string[] messages) => PageBefore(null, messages);

    private static string PageBefore(string? cursor, params string[] messages) => $$"""
        {"ok":true,"messages":[{{string.Join(',', messages)}}],"has_more":{{(cursor is null ? "false" : "true")}},"pin_count":0,
         "response_metadata":{"next_cursor":"{{cursor}}"} }
        """;

    private static SlackBotSender Sender(ISlackApi api) => new(api, "C1", new DetailScrubber(new Uri("https://slack.com/api/"), Token));

    private SlackBotSender Bot(ScriptedServer server) =>
        new(DestinationTypes.SlackApiOf(_http, server.Address, new Secret(Token)), "C1", new DetailScrubber(server.Address, Token));
}
