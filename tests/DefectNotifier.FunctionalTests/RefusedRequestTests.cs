using DefectNotifier.FunctionalTests.Harness;

namespace DefectNotifier.FunctionalTests;

/// <summary>Requests that the operations API refuses, and that change nothing.</summary>
public sealed class RefusedRequestTests(RefusedRequestTests.SharedAdmin shared) : IClassFixture<RefusedRequestTests.SharedAdmin>
{
    private AdminScene Admin => shared.Scene;

    private OperationsClient Operations => Admin.Worker.Operations;

    [Theory]
    [InlineData("https://evil.example")]
    [InlineData("null")]
    [InlineData("http://127.0.0.1:1")]
    [InlineData("http://rebound.example:{port}")]
    [InlineData("https://127.0.0.1:{port}")]
    public async Task Post_FromAForeignOrigin_IsRefusedAndChangesNothing(string origin)
    {
        var sent = origin.Replace("{port}", $"{Operations.Address.Port}", StringComparison.Ordinal);

        foreach (var path in (string[])[$"/deliveries/{Admin.Dead}/retry", $"/deliveries/{Admin.Dead}/discard", "/destinations/web/resume"])
            (await Operations.SendAsync("POST", path, null, ("Origin", sent))).IsProblem(403, "foreign-origin");
        (await Operations.SendAsync(
            "POST", "/deliveries/retry", """{"state":["dead"]}""", ("Origin", sent))).IsProblem(403, "foreign-origin");

        Assert.Equal("dead", await Admin.StateAsync(Admin.Dead));
        Assert.Equal(200, (await Operations.SendAsync("GET", "/deliveries", null, ("Origin", sent))).Status);
    }

    [Theory]
    [InlineData("""{"state":[]}""", "invalid-filter")]
    [InlineData("""{"state":[null]}""", "invalid-filter")]
    public async Task Discard_EmptyStates_IsRefusedAndChangesNothing(string body, string code)
    {
        (await Operations.PostAsync("/deliveries/discard", body)).IsProblem(400, code, "state");

        Assert.Equal("dead", await Admin.StateAsync(Admin.Dead));
    }

    [Theory]
    [InlineData("state=ded", "state")]
    [InlineData("since=soon", "since")]
    [InlineData("limit=0", "limit")]
    [InlineData("before=x", "before")]
    [InlineData("id=x", "id")]
    [InlineData("destnation=web", "destnation")]
    public async Task Deliveries_InvalidParameter_IsNamedInTheProblem(string query, string parameter) =>
        (await Operations.SendAsync("GET", "/deliveries?" + query)).IsProblem(400, "invalid-filter", parameter);

    [Theory]
    [InlineData("limit=abc", "limit")]
    [InlineData("limit=0", "limit")]
    [InlineData("limit=99999", "limit")]
    [InlineData("outcome=dead", "outcome")]
    [InlineData("state=lost", "state")]
    [InlineData("defect=WEB-7", "defect")]
    [InlineData("until=soon", "until")]
    public async Task Events_InvalidParameter_IsNamedInTheProblem(string query, string parameter) =>
        (await Operations.SendAsync("GET", "/events?" + query)).IsProblem(400, "invalid-filter", parameter);

    /// <summary>One worker for all tests of the class.</summary>
    public sealed class SharedAdmin : IAsyncLifetime
    {
        internal AdminScene Scene { get; private set; } = null!;

        public async ValueTask InitializeAsync() => Scene = await AdminScene.OpenAsync();

        public async ValueTask DisposeAsync()
        {
            if (Scene is not null) await Scene.DisposeAsync();
        }
    }
}
