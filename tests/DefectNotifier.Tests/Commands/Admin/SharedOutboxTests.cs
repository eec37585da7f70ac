using System.Text.Json.Nodes;
using DefectNotifier.Outbox.Contract;
using DefectNotifier.Postgres;
using DefectNotifier.Testing;
using DefectNotifier.Tests.Postgres;

namespace DefectNotifier.Tests.Commands.Admin;

/// <summary>Commands in the folder of a node that is stopped, while others may run.</summary>
public sealed class SharedOutboxTests : IAsyncLifetime
{
    private TemporarySchema _schema = null!;
    private StoppedService _service = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _schema = await TemporarySchema.CreateAsync();
        _service = await StoppedService.CreateAsync();
        _service.Root["Outbox"] = new JsonObject { ["ConnectionString"] = _schema.Server.ConnectionString(), ["Schema"] = _schema.Name };
    }

    public async ValueTask DisposeAsync()
    {
        if (_service is not null) await _service.DisposeAsync();
        if (_schema is not null) await _schema.DisposeAsync();
    }

    [Fact]
    public async Task Resume_AnotherNodeHasTheDestination_ReachesItAndNamesIt()
    {
        var signals = new OutboxSignals();
        await ParkAsync(_schema.Open(signals, "other"));

        var run = await _service.RunAsync("outbox", "resume", "WEB-QA");

        Assert.Equal((0, "web-qa: Node other tries its next delivery now."), (run.ExitCode, run.Output.Trim()));
        await signals.For("web-qa").Resumes.WaitAsync(Token).WaitAsync(Eventually.Deadline, Token);
    }

    [Fact]
    public async Task Resume_AnotherNodeHasTheDestinationAndItIsNotParked_Fails()
    {
        await _schema.Open(node: "other").ClaimAsync("web-qa", Token);

        var run = await _service.RunAsync("outbox", "resume", "web-qa");

        Assert.Equal(1, run.ExitCode);
        Assert.Contains("Destination web-qa is not parked", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Resume_NoNodeRuns_SaysThatTheStartTriesAnyway()
    {
        var node = _schema.Open(node: "other");
        await ParkAsync(node);
        await node.DisposeAsync();

        var run = await _service.RunAsync("outbox", "resume", "web-qa");

        Assert.Equal(0, run.ExitCode);
        Assert.Contains("it retries parked destinations when it starts", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nodes_ANodeRunsOrNone_NamesDestinationsBeforeDutiesOrSaysThatNoneRuns()
    {
        var node = _schema.Open(node: "other");
        await node.ClaimAsync("@prune", Token);
        await node.ClaimAsync("web-qa", Token);

        Assert.Matches("(?m)^other .* web-qa, @prune *$", (await _service.RunAsync("outbox", "nodes")).Output);
        await node.DisposeAsync();
        Assert.Equal("No node is running.\n", (await _service.RunAsync("outbox", "nodes")).Output);
    }

    [Fact]
    public async Task Nodes_AFile_SaysThatOneProcessUsesIt()
    {
        await using var service = await StoppedService.CreateAsync();

        Assert.Equal(
            "The outbox is a file, which only one process uses.\n", (await service.RunAsync("outbox", "nodes")).Output);
    }

    [Fact]
    public async Task Status_TheDatabaseIsAway_DoesNotSayThatTheOutboxWasRead()
    {
        _service.Root["Outbox"]!["ConnectionString"] = "Host=127.0.0.1;Port=9;Database=defects;Username=notifier";

        var run = await _service.RunAsync("status");

        Assert.Equal(1, run.ExitCode);
        Assert.Contains("can't be opened", run.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("This is read from the outbox", run.Error, StringComparison.Ordinal);
    }

    private static async Task ParkAsync(PostgresOutbox node)
    {
        var claim = await node.ClaimAsync("web-qa", Token);
        await node.SaveLaneAsync(
            claim, new LaneState("web-qa") { ParkedReason = SendReason.ChannelNotFound, ParkedSettings = "1" });
    }
}
