using System.Net;
using System.Text;
using DefectNotifier.Worker.Commands.Admin;

namespace DefectNotifier.Tests.Commands.Admin;

public sealed class OutboxAdminClientTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(HttpStatusCode.OK, "hello")]
    [InlineData(HttpStatusCode.NotFound, "live")]
    public async Task IsRunningAsync_AnotherProgramResponds_Throws(HttpStatusCode status, string body)
    {
        using var client = ClientOf(status, body, "text/plain");

        await Assert.ThrowsAsync<OutboxAdminException>(() => new OutboxAdminClient(client).IsRunningAsync(Token));
    }

    [Fact]
    public async Task IsRunningAsync_TheServiceResponds_IsTrue()
    {
        using var client = ClientOf(HttpStatusCode.OK, "live", "text/plain");

        Assert.True(await new OutboxAdminClient(client).IsRunningAsync(Token));
    }

    [Fact]
    public async Task ReadLanesAsync_ProblemResponse_ReturnsNoLanes()
    {
        using var client = ClientOf(
            HttpStatusCode.ServiceUnavailable,
            """{"type":"urn:defect-notifier:store-unavailable","title":"x","status":503,"detail":"y"}""",
            "application/problem+json");

        Assert.Empty(await new OutboxAdminClient(client).ReadLanesAsync(Token));
    }

    private static HttpClient ClientOf(HttpStatusCode status, string body, string contentType) =>
        new(new FixedResponse(() => new HttpResponseMessage(status) { Content = new StringContent(body, Encoding.UTF8, contentType) }))
        {
            BaseAddress = new Uri("http://127.0.0.1:8081"),
        };

    private sealed class FixedResponse(Func<HttpResponseMessage> response) : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
            Task.FromResult(response());
    }
}
