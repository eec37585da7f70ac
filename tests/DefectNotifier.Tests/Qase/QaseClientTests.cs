using System.Text;
using DefectNotifier.Delivery.Sending;
using DefectNotifier.Enrichment;
using DefectNotifier.Testing;
using DefectNotifier.Worker.Qase;

namespace DefectNotifier.Tests.Qase;

public sealed class QaseClientTests : IDisposable
{
    private const string Token = "qase-token-1f6a";

    private readonly QaseHttp _http = new();

    public void Dispose() => _http.Dispose();

    [Fact]
    public async Task Get_Response_IsReadAndTheTokenIsInItsHeader()
    {
        await using var qase = new ScriptedServer(Scripts.Answers(Scripts.Response(200, "{\"result\":{}}")));

        var reply = await GetAsync(qase.Address, "defect/WEB/73");

        Assert.Equal(
            (200, "{\"result\":{}}", null, ""), (reply.Status, Encoding.UTF8.GetString(reply.Body.Span), reply.RetryAfter, reply.Error));
        var head = Assert.Single(qase.Requests).Head;
        Assert.StartsWith("GET /v1/defect/WEB/73 HTTP/1.1", head, StringComparison.Ordinal);
        Assert.Contains($"Token: {Token}\r\n", head, StringComparison.Ordinal);
        Assert.DoesNotContain("Authorization", head, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("traceparent", head, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("User-Agent: DefectNotifier/", head, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(429, "Retry-After: 61", 61)]
    [InlineData(503, "Retry-After: 2.5", 3)]
    [InlineData(429, "Retry-After: soon", null)]
    [InlineData(429, "X-RateLimit-Reset: 1", null)]
    public async Task Get_RetryAfter_IsRead(int status, string header, int? seconds)
    {
        await using var qase = new ScriptedServer(Scripts.Answers(Scripts.Response(status, "x", header)));

        var reply = await GetAsync(qase.Address, "user/1");

        Assert.Equal(
            (status, seconds is { } wait ? TimeSpan.FromSeconds(wait) : default(TimeSpan?), 0),
            (reply.Status, reply.RetryAfter, reply.Body.Length));
    }

    [Theory]
    [InlineData(401, "{\"status\":false}", QaseOutcome.Refused)]
    [InlineData(403, "<html>", QaseOutcome.Unexpected)]
    public async Task Get_4xx_IsClassifiedByItsBody(int status, string body, QaseOutcome outcome)
    {
        await using var qase = new ScriptedServer(Scripts.Answers(Scripts.Response(status, body)));

        Assert.Equal(outcome, QaseResponses.Classify(await GetAsync(qase.Address, "user/1")).Outcome);
    }

    [Fact]
    public async Task Get_Redirect_IsNotFollowed()
    {
        await using var elsewhere = new ScriptedServer(Scripts.Answers(Scripts.Response(200, "{}")));
        await using var qase = new ScriptedServer(Scripts.Answers(Scripts.Response(307, "", $"Location: {elsewhere.Address}")));

        Assert.Equal(307, (await GetAsync(qase.Address, "user/1")).Status);
        Assert.Empty(elsewhere.Requests);
    }

    [Fact]
    public async Task Get_EndlessBody_IsCutOff()
    {
        await using var qase = new ScriptedServer(Scripts.EndlessBody);

        var reply = await GetAsync(qase.Address, "user/1");

        Assert.InRange(reply.Body.Length, 1024 * 1024, 1100 * 1024);
        Assert.Equal(QaseOutcome.Unexpected, QaseResponses.Classify(reply).Outcome);
    }

    [Fact]
    public async Task Get_NoListenerOrABrokenConnection_IsAnErrorWithoutTheAddress()
    {
        await using var reset = new ScriptedServer(Scripts.ResetAfterReading);

        QaseHttpResponse[] replies = [await GetAsync(new Uri("http://127.0.0.1:9/"), "user/1"), await GetAsync(reset.Address, "user/1")];
        foreach (var reply in replies)
        {
            Assert.Equal((0, QaseOutcome.Unreachable), (reply.Status, QaseResponses.Classify(reply).Outcome));
            Assert.Matches("^[A-Za-z]+$", reply.Error);
        }
    }

    [Fact]
    public async Task Get_NoResponse_EndsWhenTheCallerCancels()
    {
        await using var qase = new ScriptedServer(Scripts.Silence);
        using var limit = new CancellationTokenSource();
        var asking = GetAsync(qase.Address, "user/1", limit.Token);
        await Eventually.HoldsAsync(() => qase.Requests.Count == 1, "the request");

        await limit.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => asking);
    }

    private Task<QaseHttpResponse> GetAsync(Uri address, string path, CancellationToken? token = null) =>
        new QaseClient(_http, new Uri(address, "v1/"), new Secret(Token), TimeProvider.System)
            .GetAsync(path, token ?? TestContext.Current.CancellationToken);
}
