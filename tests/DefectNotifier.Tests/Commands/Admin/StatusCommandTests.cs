using System.Text.Json.Nodes;
using DefectNotifier.Outbox.Contract;
using DefectNotifier.Testing;
using DefectNotifier.Worker.Commands.Admin;
using DefectNotifier.Worker.Operations.Status;
using DefectNotifier.Worker.Terminal;
using Microsoft.Extensions.Time.Testing;

namespace DefectNotifier.Tests.Commands.Admin;

public sealed class StatusCommandTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Status_ServiceStopped_ReadsTheFileAndFails()
    {
        await using var service = await StoppedService.CreateAsync(async outbox =>
        {
            await outbox.AppendAsync(Some.NewEvent("web-qa", "mobile"), Token);
            await StoppedService.EndAsync(outbox, "mobile", DeliveryState.Held, SendReason.Timeout);
        });

        var run = await service.RunAsync("status");
        var json = JsonNode.Parse((await service.RunAsync("status", "--json")).Output)!;

        Assert.Equal(1, run.ExitCode);
        Assert.Equal(
            "No service is listening at http://127.0.0.1:9/ (Operations:Url).\nThis is read from the outbox.", run.Error.Trim());
        Assert.StartsWith(
            """
            The service is not running; 1 message waits.
              Start it.

            A message to mobile was held for manual review: the chat did not respond in time.
            """,
            run.Output,
            StringComparison.Ordinal);
        Assert.Matches("(?m)^DESTINATION +STATE +REASON +WAITING +OLDEST +NEXT TRY +DEAD +HELD +SENT 1 H *$", run.Output);
        Assert.Matches("(?m)^mobile +stopped +- +0 +- +- +0 +1 +- *$", run.Output);
        Assert.Equal(("stopped", 1L), ((string?)json["state"], (long?)json["held"]));
        Assert.Equal("stopped\n", (await service.RunAsync("status", "-q")).Output);
    }

    [Fact]
    public async Task Status_AnotherProcessUsesTheOutbox_DoesNotSayThatTheServiceIsStopped()
    {
        await using var service = await StoppedService.CreateAsync(outbox => outbox.AppendAsync(Some.NewEvent("web-qa"), Token));

        var run = await WithOutboxOpenAsync(service, () => service.RunAsync("status"));
        var bare = await WithOutboxOpenAsync(service, () => service.RunAsync("status", "-q"));

        Assert.Equal((1, "unreachable\n"), (run.ExitCode, bare.Output));
        Assert.StartsWith(
            """
            A process uses the outbox, but the service can't be asked; 1 message waits.
              Check Operations:Url, or pass the settings of the service with --config.
            """,
            run.Output,
            StringComparison.Ordinal);
        Assert.Matches("(?m)^web-qa +\\? +- +1 ", run.Output);
        Assert.DoesNotContain("not running", run.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Url", "not a URL")]
    [InlineData("SecretsFile", "/no/such/file")]
    public async Task Status_SettingsForTheAccessHaveErrors_ReadsTheFile(string key, string value)
    {
        await using var service = await StoppedService.CreateAsync();
        service.Root["Operations"]![key] = value;

        var run = await service.RunAsync("status");

        Assert.Equal(1, run.ExitCode);
        Assert.StartsWith(
            $"The settings have an error; this command works with the rest.\n  Operations:{key}: ", run.Error, StringComparison.Ordinal);
        Assert.Contains("The service is not asked, because the settings for that have errors.", run.Error, StringComparison.Ordinal);
        Assert.StartsWith("The service is not running.\n  Start it.\n", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Status_WhatListensThereIsNotTheService_ReadsTheFile()
    {
        await using var other = new ScriptedServer(Scripts.CloseAfterReading);
        await using var service = await StoppedService.CreateAsync();
        service.Root["Operations"]!["Url"] = other.Address.ToString();
        var error = $"What listens at {other.Address} (Operations:Url) closed the connection without a response.";

        var status = await service.RunAsync("status");
        var list = await service.RunAsync("outbox", "list");

        Assert.StartsWith(error, status.Error, StringComparison.Ordinal);
        Assert.StartsWith("The service is not running.\n", status.Output, StringComparison.Ordinal);
        Assert.Equal((1, error + "\n", ""), (list.ExitCode, list.Error, list.Output));
    }

    [Fact]
    public async Task Status_UnknownDestinations_ShowsThoseOfTheOutbox()
    {
        await using var service = await StoppedService.CreateAsync(async outbox =>
        {
            await outbox.AppendAsync(Some.NewEvent("web-qa"), Token);
            var claim = await outbox.ClaimAsync("mobile", Token);
            await outbox.SaveLaneAsync(
                claim,
                new LaneState("mobile") { ParkedReason = SendReason.HookGone, ParkedAt = Some.Moment, ParkedSettings = "digest" });
            await outbox.ReleaseAsync(claim);
        });
        var destinations = service.Root["Destinations"]!;
        service.Root["Destinations"] = "nonsense";
        await AssertShowsThemAsync();

        // Without any destination, the built-in one would be used. It is not in this outbox.
        service.Root.Remove("Destinations");
        service.Root.Remove("Routes");
        File.Delete(service.Settings);
        await AssertShowsThemAsync();

        async Task AssertShowsThemAsync()
        {
            var run = await service.RunAsync("status");
            Assert.Matches("(?m)^web-qa +stopped +- +1 ", run.Output);
            Assert.Matches("(?m)^mobile +stopped +hook-gone +0 ", run.Output);
            Assert.DoesNotContain("lobby", run.Output, StringComparison.Ordinal);
            Assert.Equal(
                "unknown", (string?)JsonNode.Parse((await service.RunAsync("status", "--json")).Output)!["destinations"]![0]!["platform"]);
            Assert.Equal(0, (await service.RunAsync("outbox", "resume", "MOBILE")).ExitCode);
        }
    }

    [Fact]
    public async Task Watch_IsEnded_ReturnsTheCodeOfTheLastStatus()
    {
        var (time, shown, codes) = (new FakeTimeProvider(), 0, new[] { 1, 2, 0 });
        using var stop = new CancellationTokenSource();

        var watch = StatusCommand.WatchAsync(
            token =>
            {
                if (shown == codes.Length) stop.Cancel();
                token.ThrowIfCancellationRequested();
                return Task.FromResult(codes[shown++]);
            },
            time,
            stop.Token);
        while (!watch.IsCompleted)
        {
            time.Advance(TimeSpan.FromSeconds(2));
            await Task.Yield();
        }

        Assert.Equal((0, codes.Length), (await watch, shown));
    }

    [Fact]
    public void Head_EachNeed_HasItsCommand()
    {
        var status = Status(
            [
                new StatusItem(StatusKinds.Parked, "Nothing reaches payments: the flow is turned off", "Turn the flow on again.")
                {
                    Destination = "payments",
                    Detail = "WorkflowDisabled",
                    Count = 3,
                    Since = Some.Moment,
                    NextAttempt = Some.Moment.AddMinutes(5),
                },
                new StatusItem(StatusKinds.Dead, "A message to mobile was not delivered", "Fix the template.")
                {
                    Destination = "mobile", DeliveryId = 17, Count = 1,
                },
            ],
            [
                new StatusItem(StatusKinds.Unrouted, "No route takes project LEGACY: 7 events in the last day", "Add a route.")
                {
                    ProjectCode = "LEGACY",
                },
            ]);

        Assert.Equal(
            """
            2 things need a person.

            Nothing reaches payments: the flow is turned off.
              Turn the flow on again.
              WorkflowDisabled
              3 messages waiting, since 2026-03-14 15:09:26Z, next attempt at 2026-03-14 15:14:26Z
              Run outbox resume payments to try it now.

            A message to mobile was not delivered.
              Fix the template.
              Run why 17 to see what happened.

            Good to know:

            No route takes project LEGACY: 7 events in the last day.
              Add a route.
              Run events list --unrouted --project LEGACY to see them.


            """,
            string.Join('\n', StatusText.Head(status).Select(line => line.Text)) + "\n");
    }

    [Fact]
    public void Head_LongDetail_FitsTheTerminal()
    {
        var item = new StatusItem(StatusKinds.Problem, "Retention does not work", "See the log for the cause.")
        {
            Detail = string.Join(' ', Enumerable.Repeat("detail\u001b", 90)),
        };

        Assert.All(StatusText.Head(Status([item], [])), line =>
        {
            Assert.InRange(line.Text.Length, 0, TerminalText.Width);
            Assert.DoesNotContain('\u001b', line.Text);
        });
    }

    [Theory]
    [InlineData(StatusKinds.Service)]
    [InlineData(StatusKinds.Store)]
    [InlineData(StatusKinds.Problem)]
    [InlineData(StatusKinds.Configuration)]
    [InlineData(StatusKinds.Template)]
    [InlineData(StatusKinds.Qase)]
    public void CommandOf_KindsWithoutOne_IsNull(string kind) => Assert.Null(NeedCommands.Of(new StatusItem(kind, "x", null)));

    private static async Task<CommandRun> WithOutboxOpenAsync(StoppedService service, Func<Task<CommandRun>> run)
    {
        await using var outbox = service.Database.Open();
        return await run();
    }

    private static ServiceStatus Status(IReadOnlyList<StatusItem> needs, IReadOnlyList<StatusItem> notes) => new(
        "degraded",
        $"{needs.Count} things need a person.",
        "1.0.0",
        Some.Moment,
        Some.Moment,
        ReadyReport.Writable,
        "/data/outbox.db",
        needs,
        notes,
        Destinations: [],
        Dead: 1,
        Held: 0,
        Unrouted: [],
        Configuration: null,
        Qase: [],
        Problems: [],
        Silences: []);
}
