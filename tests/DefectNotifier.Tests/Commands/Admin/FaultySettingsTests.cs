using System.Text.Json.Nodes;
using DefectNotifier.Outbox.Contract;
using DefectNotifier.Testing;

namespace DefectNotifier.Tests.Commands.Admin;

/// <summary>The commands for operators while the saved settings have errors that do not concern the access to the outbox.</summary>
public sealed class FaultySettingsTests : IAsyncLifetime
{
    private StoppedService _service = null!;

    public async ValueTask InitializeAsync() => _service = await StoppedService.CreateAsync(async outbox =>
    {
        await outbox.AppendAsync(Some.NewEvent("web-qa", "removed"), TestContext.Current.CancellationToken);
        await StoppedService.EndAsync(outbox, "web-qa", DeliveryState.Dead, SendReason.InvalidMessage);
    });

    public ValueTask DisposeAsync() => _service.DisposeAsync();

    [Theory]
    [InlineData("Routes", "\"nonsense\"")]
    [InlineData("Routes", """[{"To":["nobody"]}]""")]
    [InlineData("Routes", """{"a":{"b":3}}""")]
    [InlineData("Destinations", """{"web-qa":{"Type":"slak"}}""")]
    [InlineData("Ingress", """{"Url":"http://127.0.0.1:9"}""")]
    [InlineData("Delivery", """{"MaxAge":"soon"}""")]
    [InlineData("Outbox:MinFreeBytes", "\"some\"")]
    [InlineData("Unknown", "1")]
    public async Task AnyCommand_AnotherSettingIsInvalid_WorksWithAWarning(string path, string value)
    {
        Set(path, JsonNode.Parse(value));

        foreach (var command in (string[])
            ["outbox list", "outbox list --state waiting", "outbox show 1", "outbox why 1", "why WEB-42", "events list", "silence list",
                "outbox check", "outbox retry 1 --dry-run"])
        {
            var run = await _service.RunAsync(command.Split(' '));

            Assert.Equal((command, 0), (command, run.ExitCode));
            Assert.StartsWith("The settings have ", run.Error, StringComparison.Ordinal);
            Assert.Contains("this command works with the rest.", run.Error, StringComparison.Ordinal);
            Assert.Contains(path == "Ingress" ? "Operations:Url" : path.Split(':')[^1], run.Error, StringComparison.Ordinal);
        }

        var status = await _service.RunAsync("status");
        Assert.StartsWith("The service is not running; 1 message waits.", status.Output, StringComparison.Ordinal);
    }

    // The settings may lack a destination that the service still has.
    [Fact]
    public async Task Discard_SettingsWithErrors_KeepsPendingDeliveries()
    {
        Set("Delivery", new JsonObject { ["MaxAge"] = "soon" });

        Assert.Equal(1, (await _service.RunAsync("outbox", "discard", "2")).ExitCode);
        Assert.Contains(
            "It waits for the service to start", (await _service.RunAsync("outbox", "show", "2")).Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AnyCommand_FileIsNoJson_UsesTheDefaultsAndSaysSo()
    {
        await File.WriteAllTextAsync(_service.Settings, "{ \"Outbox\": ", TestContext.Current.CancellationToken);

        var run = await _service.RunAsync("events", "list");

        // The default outbox does not exist here.
        Assert.Equal(1, run.ExitCode);
        Assert.Contains("None of the file's settings are used, only environment variables", run.Error, StringComparison.Ordinal);
        Assert.Contains("settings.json:1:", run.Error, StringComparison.Ordinal);
        Assert.Contains("http://127.0.0.1:8081", run.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Operations:Url", "not a URL")]
    [InlineData("Operations:SecretsFile", "/no/such/file")]
    [InlineData("Outbox:Schema", "other")]
    [InlineData("Outbox:ConnectionString", "Host=db1;Database=defects")]
    [InlineData("Outbox:ConnectionStringFile", "/no/such/file")]
    public async Task AnyCommand_TheAccessIsInvalid_IsAnError(string path, string value)
    {
        Set(path, value);
        Set("Routes", "nonsense");

        var run = await _service.RunAsync("outbox", "list");

        Assert.Equal((2, ""), (run.ExitCode, run.Output));
        Assert.Contains(path == "Outbox:ConnectionString" ? "Outbox:Path" : path, run.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("Routes", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AnyCommand_FileDoesNotExist_IsAnError() =>
        Assert.Equal(2, (await CommandRun.OfAsync("events", "list", "--config", _service.Settings + ".other")).ExitCode);

    private void Set(string path, JsonNode? value)
    {
        var keys = path.Split(':');
        var node = _service.Root;
        foreach (var key in keys[..^1]) node = node[key]!.AsObject();
        node[keys[^1]] = value;
    }
}
