using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using DefectNotifier.Chat.Http;
using DefectNotifier.Delivery.Outcomes;
using DefectNotifier.Outbox.Contract;
using DefectNotifier.Testing;

namespace DefectNotifier.Tests.Http;

public sealed class ChatHttpTests : IDisposable
{
    private static readonly byte[] Json = Encoding.UTF8.GetBytes("""{"text":"é"}""");

    private readonly JumpingTime _time = new(new DateTimeOffset(2026, 11, 23, 12, 0, 0, TimeSpan.Zero));
    private readonly ChatHttp _http;

    public ChatHttpTests() => _http = new ChatHttp(_time);

    public void Dispose() => _http.Dispose();

    [Fact]
    public async Task Post_ErrorWithAStalledBody_ReturnsItsStatus()
    {
        await using var server = new ScriptedServer(Scripts.StalledBody(429, "slow d"));

        var posting = PostAsync(server.Address);
        await _time.UntilAsync(() => posting.IsCompleted, () => "the response");

        var response = await posting;
        Assert.Equal((429, false), (response.Status, response.IsComplete));
    }

    [Fact]
    public async Task Post_Json_IsSentUnchanged()
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
    public async Task Post_LongResponse_IsReadUpToTheLimit(int length, int limit, bool isTruncated)
    {
        await using var server = new ScriptedServer(Scripts.Answers(Scripts.Response(200, new string('x', length))));

        var response = await PostAsync(server.Address, request => request with { MaxResponseBytes = limit });

        Assert.Equal((Math.Min(length, limit), isTruncated), (response.Body.Length, response.IsTruncated));
    }

    [Fact]
    public async Task Post_WithinATrace_CreatesNoSpanWithTheUrl()
    {
        var spans = new List<string>();
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name.StartsWith("System.Net.Http", StringComparison.Ordinal),
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = span => spans.AddRange(
                span.Tags.Select(tag => $"{tag.Key}={tag.Value}").Where(tag => tag.Contains("PATHSECRET"))),
        };
        ActivitySource.AddActivityListener(listener);
        using var trace = new Activity("delivery").Start();
        await using var server = new ScriptedServer(Scripts.Answers(Scripts.Response(200, "ok")));

        await PostAsync(new Uri(server.Address, "/services/PATHSECRET"));

        Assert.Empty(spans);
        Assert.DoesNotContain("traceparent", Assert.Single(server.Requests).Head, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task Post_Response_HasStatusHeadersAndBody()
    {
        await using var server = new ScriptedServer(Scripts.Answers(
            Scripts.Response(503, "<html>", "Content-Type: text/html", "Retry-After: Mon, 23 Nov 2026 12:00:42 GMT", "x-run: 08585")));

        var response = await PostAsync(server.Address, request => request with { ResponseHeader = "x-run" });

        Assert.Equal(
            new ChatHttpResponse(503)
            {
                Body = "<html>",
                ContentType = "text/html",
                RetryAfter = TimeSpan.FromSeconds(42),
                Header = "08585",
            },
            response);
    }

    [Fact]
    public async Task Post_Redirect_IsNotFollowed()
    {
        await using var other = new ScriptedServer(Scripts.Answers(Scripts.Response(200, "ok")));
        await using var server = new ScriptedServer(Scripts.Answers(Scripts.Response(307, "", $"Location: {other.Address}")));

        var response = await PostAsync(server.Address);

        Assert.Equal(307, response.Status);
        Assert.Empty(other.Requests);
    }

    [Fact]
    public async Task Post_Cookie_IsNotKept()
    {
        await using var server = new ScriptedServer(
            Scripts.Answers(Scripts.Response(200, "ok", "Set-Cookie: a=b"), Scripts.Response(200, "ok")));

        await PostAsync(server.Address);
        await PostAsync(server.Address);

        Assert.DoesNotContain("Cookie", server.Requests[1].Head, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Post_ClosedPort_ReportsConnectFailed()
    {
        var response = await PostAsync(new Uri($"http://127.0.0.1:{ClosedPort()}/"));

        Assert.Equal(new SendResult(SendOutcome.Retry, SendReason.ConnectFailed) { Detail = "ConnectionRefused" }, response.Failure);
    }

    [Fact]
    public async Task Post_UnknownHost_ReportsConnectFailed()
    {
        var response = await PostAsync(new Uri("http://no-such-host.invalid/"));

        Assert.Equal((SendOutcome.Retry, SendReason.ConnectFailed), (response.Failure!.Outcome, response.Failure.Reason));
        Assert.DoesNotContain("invalid", response.Failure.Detail, StringComparison.Ordinal);
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
        // The framework may repeat a request on a new connection when a pooled one is dead, but not after it began to send the body.
        await using var server = new ScriptedServer(async connection =>
        {
            await connection.ReadRequestAsync();
            await connection.WriteAsync(Scripts.Response(200, "ok"));
            await connection.ReadRequestAsync();
        });

        Assert.Null((await PostAsync(server.Address)).Failure);
        await AssertConnectionLostAsync(server);

        Assert.Equal(2, server.Requests.Count);
    }

    [Theory]
    [InlineData("HTTP/1.1 20")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Le")]
    [InlineData("SSH-2.0-OpenSSH_9.9\r\n\r\n")]
    [InlineData("HTTP/1.1 abc OK\r\n\r\n")]
    public async Task Post_IncompleteOrMalformedHeaders_IsAmbiguous(string response)
    {
        await using var server = new ScriptedServer(Scripts.Raw(response));

        await AssertConnectionLostAsync(server);
    }

    [Fact]
    public async Task Post_EndlessHeaders_IsAmbiguous()
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
    public async Task Post_ConnectionClosedInsideTheBody_IsIncomplete()
    {
        await using var server = new ScriptedServer(Scripts.Raw("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf"));

        var response = await PostAsync(server.Address);

        Assert.Equal(new ChatHttpResponse(200) { Body = "half", IsComplete = false }, response);
    }

    [Fact]
    public async Task Post_EndlessBody_IsReadUpToTheLimit()
    {
        await using var server = new ScriptedServer(Scripts.EndlessBody);

        var response = await PostAsync(server.Address);

        Assert.Equal(16 * 1024, response.Body.Length);
    }

    [Fact]
    public async Task Post_IgnoredBody_IsNotRead()
    {
        await using var server = new ScriptedServer(Scripts.StalledBody(202, "{"));

        var response = await PostAsync(server.Address, request => request with { IgnoresSuccessBody = true });

        Assert.Equal(202, response.Status);
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

        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => _http.PostAsync(new ChatHttpRequest(server.Address, Json), cancellation.Token));
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

        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => _http.PostAsync(new ChatHttpRequest(server.Address, Json), cancellation.Token));
    }

    [Fact]
    public async Task Post_SelfSignedCertificate_ParksTheDestination()
    {
        using var certificate = SelfSigned();
        await using var server = new ScriptedServer(certificate, Scripts.Answers(Scripts.Response(200, "ok")));

        var response = await PostAsync(server.Address);

        Assert.Equal((SendOutcome.Parked, SendReason.TlsFailed), (response.Failure!.Outcome, response.Failure.Reason));
        Assert.Contains("RemoteCertificateChainErrors", response.Failure.Detail, StringComparison.Ordinal);
        Assert.Empty(server.Requests);
    }

    [Fact]
    public async Task Post_TlsHandshakeReset_ReportsConnectFailed()
    {
        await using var server = new ScriptedServer(Scripts.ResetAtFirstByte);

        await AssertHandshakeFailedAsync(server);
    }

    [Fact]
    public async Task Post_TlsToAServerWithoutTls_ReportsConnectFailed()
    {
        await using var server = new ScriptedServer(connection => connection.WriteAsync("HTTP/1.1 400 Bad Request\r\n\r\n"));

        await AssertHandshakeFailedAsync(server);
    }

    private async Task AssertHandshakeFailedAsync(ScriptedServer server)
    {
        var response = await PostAsync(new UriBuilder(server.Address) { Scheme = "https" }.Uri);

        Assert.Equal(new SendResult(SendOutcome.Retry, SendReason.ConnectFailed) { Detail = "SecureConnectionError" }, response.Failure);
    }

    private async Task AssertConnectionLostAsync(ScriptedServer server)
    {
        var response = await PostAsync(server.Address);

        Assert.Equal((SendOutcome.Ambiguous, SendReason.ConnectionLost), (response.Failure!.Outcome, response.Failure.Reason));
        Assert.True(Enum.TryParse<HttpRequestError>(response.Failure.Detail, out _), response.Failure.Detail);
    }

    private Task<ChatHttpResponse> PostAsync(Uri address, Func<ChatHttpRequest, ChatHttpRequest>? change = null)
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
