using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using DefectNotifier.Chat.Http;
using DefectNotifier.Delivery.Outcomes;
using DefectNotifier.Outbox;
using DefectNotifier.Testing;
using Microsoft.Extensions.Time.Testing;

namespace DefectNotifier.Tests.Http;

public sealed class ChatHttpTests : IDisposable
{
    private static readonly byte[] Json = Encoding.UTF8.GetBytes("""{"text":"é"}""");

    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 11, 23, 12, 0, 0, TimeSpan.Zero));
    private readonly ChatHttp _http;

    public ChatHttpTests() => _http = new ChatHttp(_time);

    public void Dispose() => _http.Dispose();

    [Fact]
    public async Task Post_FailureWhoseBodyStalls_IsToldByItsHead()
    {
        await using var server = new ScriptedServer(Scripts.StalledBody(429, "slow d"));

        var posting = PostAsync(server.Address);
        await Eventually.HoldsAsync(
            () =>
            {
                _time.Advance(TimeSpan.FromMilliseconds(100));
                return posting.IsCompleted;
            },
            "the response");

        var response = (await posting).Response;
        Assert.Equal((429, false), (response!.Status, response.IsComplete));
    }

    [Fact]
    public async Task Post_Request_SendsJsonAsItIs()
    {
        await using var server = new ScriptedServer(Scripts.Answers(Scripts.Response(200, "ok")));

        await PostAsync(server.Address);

        var request = Assert.Single(server.Requests);
        Assert.StartsWith("POST / HTTP/1.1\r\n", request.Head, StringComparison.Ordinal);
        Assert.Contains("\r\nContent-Type: application/json\r\n", request.Head, StringComparison.Ordinal);
        Assert.Matches("\r\nUser-Agent: DefectNotifier/[0-9.]+\r\n", request.Head);
        Assert.DoesNotContain("Authorization", request.Head, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("traceparent", request.Head, StringComparison.OrdinalIgnoreCase);
        Assert.Equal("""{"text":"é"}""", request.Body);
    }

    [Theory]
    [InlineData(16 * 1024, 16 * 1024, true)]
    [InlineData((16 * 1024) - 1, 16 * 1024, false)]
    [InlineData(100_000, 100_001, false)]
    [InlineData(100_000, 90_000, true)]
    [InlineData(10, 3, true)]
    public async Task Post_LongAnswer_IsReadUpToItsLimit(int length, int limit, bool isCut)
    {
        await using var server = new ScriptedServer(Scripts.Answers(Scripts.Response(200, new string('x', length))));

        var response = (await PostAsync(server.Address, request => request with { MaxResponseBytes = limit })).Response!;

        Assert.Equal((Math.Min(length, limit), isCut), (response.Body.Length, response.IsCut));
    }

    [Fact]
    public async Task Post_WithinATrace_MakesNoSpanThatHoldsTheAddress()
    {
        var spans = new List<string>();
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name.StartsWith("System.Net.Http", StringComparison.Ordinal),
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = span => spans.AddRange(span.Tags.Select(tag => $"{tag.Key}={tag.Value}").Where(tag => tag.Contains("PATHSECRET"))),
        };
        ActivitySource.AddActivityListener(listener);
        using var trace = new Activity("delivery").Start();
        await using var server = new ScriptedServer(Scripts.Answers(Scripts.Response(200, "ok")));

        await PostAsync(new Uri(server.Address, "/services/PATHSECRET"));

        Assert.Empty(spans);
        Assert.DoesNotContain("traceparent", Assert.Single(server.Requests).Head, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task Post_Answer_IsHandedOn()
    {
        await using var server = new ScriptedServer(Scripts.Answers(
            Scripts.Response(503, "<html>", "Content-Type: text/html", "Retry-After: Mon, 23 Nov 2026 12:00:42 GMT", "x-run: 08585")));

        var outcome = await PostAsync(server.Address, request => request with { ResponseHeader = "x-run" });

        Assert.Equal(
            new ChatHttpResponse(503) { Body = "<html>", ContentType = "text/html", RetryAfter = TimeSpan.FromSeconds(42), Header = "08585" },
            outcome.Response);
    }

    [Fact]
    public async Task Post_Redirect_IsNotFollowed()
    {
        await using var other = new ScriptedServer(Scripts.Answers(Scripts.Response(200, "ok")));
        await using var server = new ScriptedServer(Scripts.Answers(Scripts.Response(307, "", $"Location: {other.Address}")));

        var outcome = await PostAsync(server.Address);

        Assert.Equal(307, outcome.Response!.Status);
        Assert.Empty(other.Requests);
    }

    [Fact]
    public async Task Post_Cookie_IsNotKept()
    {
        await using var server = new ScriptedServer(Scripts.Answers(Scripts.Response(200, "ok", "Set-Cookie: a=b"), Scripts.Response(200, "ok")));

        await PostAsync(server.Address);
        await PostAsync(server.Address);

        Assert.DoesNotContain("Cookie", server.Requests[1].Head, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Post_RefusedPort_WasNotSent()
    {
        var outcome = await PostAsync(new Uri($"http://127.0.0.1:{ClosedPort()}/"));

        Assert.Equal(new SendResult(SendOutcome.Retry, SendReason.ConnectFailed) { Detail = "ConnectionError" }, outcome.Error);
    }

    [Fact]
    public async Task Post_UnknownName_WasNotSent()
    {
        var outcome = await PostAsync(new Uri("http://no-such-host.invalid/"));

        Assert.Equal((SendOutcome.Retry, SendReason.ConnectFailed), (outcome.Error!.Outcome, outcome.Error.Reason));
        Assert.DoesNotContain("invalid", outcome.Error.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Post_ConnectionResetBeforeReading_IsAmbiguous()
    {
        await using var server = new ScriptedServer(Scripts.ResetAtFirstByte);

        await AssertConnectionLostAsync(server);
    }

    [Fact]
    public async Task Post_ConnectionClosedAfterReading_IsAmbiguousAndSentOnce()
    {
        await using var server = new ScriptedServer(Scripts.CloseAfterReading);

        await AssertConnectionLostAsync(server);

        Assert.Single(server.Requests);
    }

    [Fact]
    public async Task Post_PooledConnectionClosedAfterReading_IsNotRepeated()
    {
        // The framework may repeat a request on a fresh connection when a pooled one turns out to be dead; not once the body has left.
        await using var server = new ScriptedServer(async connection =>
        {
            await connection.ReadRequestAsync();
            await connection.WriteAsync(Scripts.Response(200, "ok"));
            await connection.ReadRequestAsync();
        });

        Assert.True((await PostAsync(server.Address)).IsReceived);
        await AssertConnectionLostAsync(server);

        Assert.Equal(2, server.Requests.Count);
    }

    [Theory]
    [InlineData("HTTP/1.1 20")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Le")]
    [InlineData("SSH-2.0-OpenSSH_9.9\r\n\r\n")]
    [InlineData("HTTP/1.1 abc OK\r\n\r\n")]
    public async Task Post_HalfOrMalformedHead_IsAmbiguous(string response)
    {
        await using var server = new ScriptedServer(Scripts.Raw(response));

        await AssertConnectionLostAsync(server);
    }

    [Fact]
    public async Task Post_HeadThatNeverEnds_IsAmbiguous()
    {
        await using var server = new ScriptedServer(async connection =>
        {
            await connection.ReadRequestAsync();
            await connection.WriteAsync("HTTP/1.1 200 OK\r\n");
            while (true)
                await connection.WriteAsync($"X-Filler: {new string('x', 1000)}\r\n");
        });

        await AssertConnectionLostAsync(server);
    }

    [Fact]
    public async Task Post_HalfBody_IsHeardAsIncomplete()
    {
        await using var server = new ScriptedServer(Scripts.Raw("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf"));

        var outcome = await PostAsync(server.Address);

        Assert.Equal(new ChatHttpResponse(200) { Body = "half", IsComplete = false }, outcome.Response);
    }

    [Fact]
    public async Task Post_EndlessBody_IsReadUpToTheLimit()
    {
        await using var server = new ScriptedServer(Scripts.EndlessBody);

        var outcome = await PostAsync(server.Address);

        Assert.Equal(16 * 1024, outcome.Response!.Body.Length);
    }

    [Fact]
    public async Task Post_BodyThatIsIgnored_IsNotWaitedFor()
    {
        await using var server = new ScriptedServer(Scripts.StalledBody(202, "{"));

        var outcome = await PostAsync(server.Address, request => request with { IgnoresSuccessBody = true });

        Assert.Equal(202, outcome.Response!.Status);
    }

    [Fact]
    public async Task Post_CancelledWhileWaiting_Throws()
    {
        using var cancellation = new CancellationTokenSource();
        await using var server = new ScriptedServer(async connection =>
        {
            await connection.ReadRequestAsync();
            await cancellation.CancelAsync();
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, connection.Stopped);
        });

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => _http.PostAsync(new ChatHttpRequest(server.Address, Json), cancellation.Token));
    }

    [Fact]
    public async Task Post_CancelledInsideTheBody_Throws()
    {
        using var cancellation = new CancellationTokenSource();
        await using var server = new ScriptedServer(async connection =>
        {
            await connection.ReadRequestAsync();
            await connection.WriteAsync("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf");
            await cancellation.CancelAsync();
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, connection.Stopped);
        });

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => _http.PostAsync(new ChatHttpRequest(server.Address, Json), cancellation.Token));
    }

    [Fact]
    public async Task Post_SelfSignedCertificate_ParksTheDestination()
    {
        using var certificate = SelfSigned();
        await using var server = new ScriptedServer(certificate, Scripts.Answers(Scripts.Response(200, "ok")));

        var outcome = await PostAsync(server.Address);

        Assert.Equal((SendOutcome.Parked, SendReason.TlsFailed), (outcome.Error!.Outcome, outcome.Error.Reason));
        Assert.Contains("RemoteCertificateChainErrors", outcome.Error.Detail, StringComparison.Ordinal);
        Assert.Empty(server.Requests);
    }

    [Fact]
    public async Task Post_TlsHandshakeCut_WasNotSent()
    {
        await using var server = new ScriptedServer(Scripts.ResetAtFirstByte);

        await AssertHandshakeFailedAsync(server);
    }

    [Fact]
    public async Task Post_TlsToAServerThatSpeaksNone_WasNotSent()
    {
        await using var server = new ScriptedServer(connection => connection.WriteAsync("HTTP/1.1 400 Bad Request\r\n\r\n"));

        await AssertHandshakeFailedAsync(server);
    }

    private async Task AssertHandshakeFailedAsync(ScriptedServer server)
    {
        var outcome = await PostAsync(new UriBuilder(server.Address) { Scheme = "https" }.Uri);

        Assert.Equal(new SendResult(SendOutcome.Retry, SendReason.ConnectFailed) { Detail = "SecureConnectionError" }, outcome.Error);
    }

    private async Task AssertConnectionLostAsync(ScriptedServer server)
    {
        var outcome = await PostAsync(server.Address);

        Assert.Equal((SendOutcome.Ambiguous, SendReason.ConnectionLost), (outcome.Error!.Outcome, outcome.Error.Reason));
        Assert.True(Enum.TryParse<HttpRequestError>(outcome.Error.Detail, out _), outcome.Error.Detail);
    }

    private Task<ChatHttpOutcome> PostAsync(Uri address, Func<ChatHttpRequest, ChatHttpRequest>? change = null)
    {
        var request = new ChatHttpRequest(address, Json);
        return _http.PostAsync(change?.Invoke(request) ?? request, Deadline.Token());
    }

    private static int ClosedPort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private static X509Certificate2 SelfSigned()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddIpAddress(IPAddress.Loopback);
        var request = new CertificateRequest("CN=127.0.0.1", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(names.Build());
        return request.CreateSelfSigned(TimeProvider.System.GetUtcNow().AddDays(-1), TimeProvider.System.GetUtcNow().AddDays(1));
    }
}
