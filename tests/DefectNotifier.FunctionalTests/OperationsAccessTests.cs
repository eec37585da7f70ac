using DefectNotifier.FunctionalTests.Harness;
using DefectNotifier.Testing;

namespace DefectNotifier.FunctionalTests;

/// <summary>Which requests may read, and which may change something.</summary>
public sealed class OperationsAccessTests
{
    [Fact]
    public async Task Post_FromTheListenersOwnOrigin_IsAccepted()
    {
        await using var admin = await AdminScene.OpenAsync();
        var origin = admin.Worker.Operations.Address.GetLeftPart(UriPartial.Authority);

        var path = $"/deliveries/{admin.Dead}/retry";

        (await admin.Worker.Operations.SendAsync("POST", path, null, ("Origin", origin))).IsProblem(403, "header-needed");
        Assert.Equal(200, (await admin.Worker.Operations.SendAsync("POST", path, null, ("Origin", origin), ("X-Console", "1"))).Status);
    }

    [Fact]
    public async Task AnyRequest_SecretIsSet_NeedsItExceptForHealthAndMetrics()
    {
        await using var admin = await AdminScene.OpenAsync(settings => settings.Set("Operations:Secrets:0", AdminScene.Secret));
        var operations = admin.Worker.Operations;

        (string Method, string Path)[] requests =
        [
            ("GET", "/deliveries"), ("GET", "/events"), ("GET", "/openapi.json"), ("GET", "/sandbox/messages"),
            ("POST", "/deliveries/1/retry"),
        ];
        foreach (var (method, path) in requests)
        {
            (await operations.SendAsync(method, path)).IsProblem(401, "wrong-secret");
            (await operations.SendAsync(method, path, null, ("Authorization", "Bearer " + AdminScene.Secret[..^1])))
                .IsProblem(401, "wrong-secret");
            (await operations.SendAsync(method, path, null, ("Authorization", "Basic " + AdminScene.Secret)))
                .IsProblem(401, "wrong-secret");
            Assert.Equal(200, (await operations.SendAsync(method, path, null, ("Authorization", "Bearer " + AdminScene.Secret))).Status);
        }

        foreach (var path in (string[])["/health/live", "/health/ready", "/metrics"])
        {
            Assert.Equal(200, (await operations.GetAsync(path)).Status);
            (await operations.SendAsync("POST", path, null, ("Authorization", "Bearer " + AdminScene.Secret)))
                .IsProblem(405, "method-not-allowed");
        }

        Assert.Equal(0, (await admin.RunAsync("show", $"{admin.Dead}")).ExitCode);
        Assert.DoesNotContain("operationsSecret", admin.Worker.Output.All, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Command_WrongSecret_NamesTheSetting()
    {
        await using var admin = await AdminScene.OpenAsync(settings => settings.Set("Operations:Secrets:0", AdminScene.Secret));
        admin.Settings.Set("Operations:Secrets:0", TestSecrets.Operations + "x");

        var (exitCode, _, error) = await admin.RunAsync("list");

        Assert.Equal(1, exitCode);
        Assert.Contains("Operations:Secrets", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AnyRequest_BeyondLoopbackWithoutASecret_NamesTheSetting()
    {
        await using var admin = await AdminScene.OpenAsync(settings => settings.Set("Operations:Url", $"http://0.0.0.0:{FreePort.Next()}"));

        var reply = await admin.Worker.Operations.PostAsync($"/deliveries/{admin.Dead}/retry");

        reply.IsProblem(403, "secret-needed");
        await admin.Worker.Output.SaysAsync("only /health and /metrics respond there");
        Assert.DoesNotContain("Console: ", admin.Worker.Output.Standard, StringComparison.Ordinal);
        Assert.Contains("Operations:Secrets", reply.Body, StringComparison.Ordinal);
        foreach (var path in (string[])["/deliveries", "/events", "/console/", "/console/session", "/openapi.json", "/nothing"])
            (await admin.Worker.Operations.SendAsync("GET", path)).IsProblem(403, "secret-needed");
        foreach (var path in (string[])["/health/live", "/health/ready", "/metrics"])
            Assert.Equal(200, (await admin.Worker.Operations.GetAsync(path)).Status);
        var (exitCode, _, error) = await admin.RunAsync("discard", $"{admin.Dead}");
        Assert.Equal(1, exitCode);
        Assert.Contains("Operations:Secrets", error, StringComparison.Ordinal);
    }
}
