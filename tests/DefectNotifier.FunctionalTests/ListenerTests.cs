using DefectNotifier.FunctionalTests.Harness;

namespace DefectNotifier.FunctionalTests;

/// <summary>The ingress and the operations listener are separate.</summary>
public sealed class ListenerTests(IngressFixture fixture) : IClassFixture<IngressFixture>
{
    [Theory]
    [InlineData("/health/ready", false)]
    [InlineData("/metrics", true)]
    [InlineData("/health/live", true)]
    [InlineData("/health/ready", true)]
    [InlineData("/events", true)]
    [InlineData("/sandbox/messages", true)]
    public async Task Get_OperationsPathOnTheIngress_IsNotFound(string path, bool isHostForged)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(fixture.Worker.Ingress.Address, path));
        if (isHostForged) request.Headers.Host = fixture.Worker.Operations.Address.Authority;

        var reply = await IngressClient.SendAsync(request);

        reply.IsProblem(404, "not-found");
        Assert.Equal(200, (await fixture.Worker.Operations.GetAsync(path)).Status);
    }

    [Fact]
    public async Task Get_OperationsOnLoopbackWithAForeignHostName_IsMisdirected()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(fixture.Worker.Operations.Address, "/events"));
        request.Headers.Host = "rebound.example";

        (await IngressClient.SendAsync(request)).IsProblem(421, "wrong-host");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Post_WebhookToOperations_IsNotFoundAndNotStored(bool isHostForged)
    {
        var ingress = fixture.Worker.Ingress.Address;
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(fixture.Worker.Operations.Address, ingress.AbsolutePath))
        {
            Content = new StringContent(Webhooks.Created(950)),
        };
        request.Headers.Add("X-Qase-Secret", TestSecrets.Ingress);
        if (isHostForged) request.Headers.Host = ingress.Authority;

        var reply = await IngressClient.SendAsync(request);

        Assert.Equal(404, reply.Status);
        Assert.Empty(await fixture.Worker.Operations.EventsAsync());
    }
}
