using System.Text.Json.Nodes;
using DefectNotifier.Outbox.Contract;
using DefectNotifier.Sqlite;
using DefectNotifier.Testing;

namespace DefectNotifier.Tests.Commands.Admin;

/// <summary><c>outbox list</c> and <c>events list</c> on an outbox file, without the service.</summary>
public sealed class ListCommandTests : IAsyncDisposable
{
    private StoppedService? _service;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask DisposeAsync()
    {
        if (_service is not null) await _service.DisposeAsync();
    }

    [Fact]
    public async Task OutboxList_NothingFailed_SaysWhatWaitsAndWhy()
    {
        _service = await StoppedService.CreateAsync(async outbox =>
        {
            await outbox.AppendAsync(Some.NewEvent("web-qa", "mobile", "gone"), Token);
            await outbox.AppendAsync(Some.NewEvent("web-qa"), Token);
            await ParkAsync(outbox);
        });

        var list = await _service.RunAsync("outbox", "list");
        var one = await _service.RunAsync("outbox", "list", "--destination", "MOBILE");

        Assert.Equal((0, ""), (list.ExitCode, list.Error));
        Assert.Equal(
            """
            No delivery is dead or held.
            1 message to mobile waits since 2026-03-14 15:09:26Z.
              Sending continues when the service starts.
            2 messages to web-qa wait since 2026-03-14 15:09:26Z: the flow is turned off.
              Turn the flow on again, or create a new one and put its address into the settings.
              Sending continues when the service starts.
            1 message waits for gone, which is not configured.
              Configure the destination again, or discard them.
              Run outbox discard --state pending --destination gone to discard them.
            The service is not running.

            """,
            list.Output);
        Assert.Equal(
            """
            No delivery is dead or held.
            1 message to mobile waits since 2026-03-14 15:09:26Z.
              Sending continues when the service starts.
            The service is not running.

            """,
            one.Output);
        Assert.Equal("", (await _service.RunAsync("outbox", "list", "--quiet")).Output);
    }

    [Fact]
    public async Task OutboxList_TheWordsOfTheReadme_AreStates()
    {
        _service = await StoppedService.CreateAsync(async outbox =>
        {
            await outbox.AppendAsync(Some.NewEvent("web-qa", "mobile"), Token);
            await outbox.AppendAsync(Some.NewEvent() with { ProjectCode = "LEGACY" }, Token);
            await ParkAsync(outbox);
        });

        Assert.Equal("2\n1\n", (await _service.RunAsync("outbox", "list", "--state", "waiting", "-q")).Output);
        Assert.Equal("1\n", (await _service.RunAsync("outbox", "list", "--state", "parked", "-q")).Output);
        Assert.Matches("(?m)^1 +parked +flow-disabled +web-qa ", (await _service.RunAsync("outbox", "list", "--state", "parked")).Output);
        Assert.Matches("(?m)^2 +waiting +- +mobile ", (await _service.RunAsync("outbox", "list", "--state", "waiting")).Output);
        Assert.Matches("(?m)^1 +pending +flow-disabled +web-qa ", (await _service.RunAsync("outbox", "list", "--state", "all")).Output);
        Assert.Contains("LEGACY", (await _service.RunAsync("outbox", "list", "--state", "unrouted")).Output, StringComparison.Ordinal);
        var wrong = await _service.RunAsync("outbox", "list", "--state", "waitng");
        Assert.Equal(2, wrong.ExitCode);
        Assert.Contains("Did you mean 'waiting'?", wrong.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task EventsList_Events_FitTheTerminal()
    {
        _service = await StoppedService.CreateAsync(async outbox =>
        {
            await outbox.AppendAsync(Some.NewEvent("web-qa", "mobile"), Token);
            await StoppedService.EndAsync(outbox, "mobile", DeliveryState.Dead, SendReason.Expired);
            await outbox.AppendAsync(
                Some.NewEvent("a-destination-with-a-long-name", "another-destination-with-a-long-name") with
                {
                    Body = """
                        {"event_name":"defect.updated","payload":{"id":42,"title":"A title that is far longer than what fits into a row"}}
                        """u8.ToArray(),
                },
                Token);
            await outbox.AppendAsync(
                Some.NewEvent() with { Name = "run.completed", ProjectCode = null, SubjectId = null, Body = "{}"u8.ToArray() }, Token);
        });

        var list = await _service.RunAsync("events", "list");

        Assert.Equal((0, ""), (list.ExitCode, list.Error));
        var lines = list.Output.Split('\n', StringSplitOptions.TrimEntries);
        Assert.Matches("^RECEIVED +STATE +DESTINATION +EVENT +DEFECT +TITLE$", lines[0]);
        Assert.Matches("^03-14 15:09:26Z +unrouted +- +run.completed +- +id event-[0-9]+$", lines[1]);
        Assert.Matches("^03-14 15:09:26Z +pending +a-destination-.*… +defect.created +WEB-42 +A title that.*…$", lines[2]);
        Assert.Matches("^03-14 15:09:26Z +dead +mobile \\+1 +defect.created +WEB-42 +event-[0-9]+$", lines[3]);
        Assert.Matches("^Run why event-[0-9]+ to see what happened to the first of them.$", lines[5]);
        Assert.Contains(
            "Run why WEB-42 to see what happened",
            (await _service.RunAsync("events", "list", "--name", "defect.*")).Output,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task EventsList_Options_AreFilters()
    {
        _service = await StoppedService.CreateAsync(async outbox =>
        {
            await outbox.AppendAsync(Some.NewEvent("web-qa") with { ProjectCode = "WEB", SubjectId = 1 }, Token);
            await outbox.AppendAsync(Some.NewEvent() with { ProjectCode = "SHOP", SubjectId = 2, Source = "apps" }, Token);
        });

        (string Options, int Count)[] filters =
        [
            ("", 2), ("--project W*", 1), ("--name *.created", 2), ("--severity major", 0), ("--destination web-qa", 1),
            ("--state pending", 1), ("--state waiting", 1), ("--reason expired", 0), ("--source apps", 1), ("--since 2026-03-15", 0),
            ("--until 2026-03-15", 2), ("--text event-", 2), ("--defect 2", 1), ("--before 2", 1), ("--limit 1", 1), ("--unrouted", 1),
        ];
        foreach (var (options, count) in filters)
        {
            var run = await _service.RunAsync(["events", "list", "--json", .. options.Split(' ', StringSplitOptions.RemoveEmptyEntries)]);
            Assert.Equal((0, options, count), (run.ExitCode, options, JsonNode.Parse(run.Output)!["events"]!.AsArray().Count));
        }

        Assert.Equal("No matching events.\n", (await _service.RunAsync("events", "list", "--text", "nothing")).Output);
        Assert.StartsWith("--defect: ", (await _service.RunAsync("events", "list", "--defect", "WEB-2")).Error, StringComparison.Ordinal);
        Assert.StartsWith("--state: ", (await _service.RunAsync("events", "list", "--state", "lost")).Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0, "outbox list --destination web-qs")]
    [InlineData(0, "outbox list --state all --destination web-qs")]
    [InlineData(0, "events list --destination web-qs")]
    [InlineData(0, "outbox retry --destination web-qs")]
    [InlineData(1, "outbox resume web-qs")]
    public async Task AnyCommand_UnknownDestination_NamesTheKnownOnes(int exitCode, string command)
    {
        _service = await StoppedService.CreateAsync();

        var run = await _service.RunAsync(command.Split(' '));

        Assert.Equal(exitCode, run.ExitCode);
        Assert.Contains(
            "There is no destination of this name. Available: mobile, web-qa. Did you mean 'web-qa'?",
            run.Output + run.Error,
            StringComparison.Ordinal);
    }

    private static async Task ParkAsync(SqliteOutbox outbox)
    {
        var claim = await outbox.ClaimAsync("web-qa", Token);
        await outbox.SaveLaneAsync(claim, new LaneState("web-qa") { ParkedReason = SendReason.FlowDisabled, ParkedSettings = "digest" });
        await outbox.ReleaseAsync(claim);
    }
}
