using DefectNotifier.FunctionalTests.Harness;

namespace DefectNotifier.FunctionalTests;

/// <summary>Who may ask, and who may change something.</summary>
public sealed class OperationsAccessTests
{
    [Fact]
    public async Task Post_FromTheListenersOwnOrigin_IsTaken()
    {
        await using var desk = await Desk.OpenAsync();
        var origin = desk.Worker.Operations.Address.GetLeftPart(UriPartial.Authority);

        Assert.Equal(200, (await desk.Worker.Operations.SendAsync("POST", $"/deliveries/{desk.Dead}/retry", null, ("Origin", origin))).Status);
    }

    [Fact]
    public async Task AnyRequest_SecretIsSet_NeedsItButForHealthAndMetrics()
    {
        await using var desk = await Desk.OpenAsync(settings => settings.Set("Operations:Secrets:0", Desk.Secret));
        var operations = desk.Worker.Operations;

        foreach (var (method, path) in ((string, string)[])[("GET", "/deliveries"), ("GET", "/events"), ("GET", "/openapi.json"), ("GET", "/sandbox/messages"), ("POST", "/deliveries/1/retry")])
        {
            (await operations.SendAsync(method, path)).IsProblem(401, "wrong-secret");
            (await operations.SendAsync(method, path, null, ("Authorization", "Bearer " + Desk.Secret[..^1]))).IsProblem(401, "wrong-secret");
            (await operations.SendAsync(method, path, null, ("Authorization", "Basic " + Desk.Secret))).IsProblem(401, "wrong-secret");
            Assert.Equal(200, (await operations.SendAsync(method, path, null, ("Authorization", "Bearer " + Desk.Secret))).Status);
        }

        foreach (var path in (string[])["/health/live", "/health/ready", "/metrics"]) Assert.Equal(200, (await operations.GetAsync(path)).Status);
        Assert.Equal(0, (await desk.RunAsync("show", $"{desk.Dead}")).ExitCode);
        Assert.DoesNotContain("operationsSecret", desk.Worker.Output.All, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Command_WrongSecret_SaysSo()
    {
        await using var desk = await Desk.OpenAsync(settings => settings.Set("Operations:Secrets:0", Desk.Secret));
        desk.Settings.Set("Operations:Secrets:0", "another-one");

        var (exitCode, _, error) = await desk.RunAsync("list");

        Assert.Equal(1, exitCode);
        Assert.Contains("Operations:Secrets", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Post_BeyondLoopbackWithoutASecret_SaysWhichSettingToSet()
    {
        await using var desk = await Desk.OpenAsync(settings => settings.Set("Operations:Url", $"http://0.0.0.0:{FreePort.Next()}"));

        var reply = await desk.Worker.Operations.PostAsync($"/deliveries/{desk.Dead}/retry");

        reply.IsProblem(403, "secret-needed");
        await desk.Worker.Output.SaysAsync("can read the messages");
        Assert.Contains("Operations:Secrets", reply.Body, StringComparison.Ordinal);
        Assert.Equal(200, (await desk.Worker.Operations.GetAsync("/deliveries")).Status);
        var (exitCode, _, error) = await desk.RunAsync("discard", $"{desk.Dead}");
        Assert.Equal(1, exitCode);
        Assert.Contains("Operations:Secrets", error, StringComparison.Ordinal);
    }
}
