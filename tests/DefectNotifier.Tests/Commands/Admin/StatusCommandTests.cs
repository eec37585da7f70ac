using System.Text.Json.Nodes;
using DefectNotifier.Outbox.Contract;
using DefectNotifier.Testing;
using DefectNotifier.Worker.Commands.Admin;
using DefectNotifier.Worker.Operations.Status;
using DefectNotifier.Worker.Terminal;

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
        // As long as another process has the outbox, too.
        var json = JsonNode.Parse((await WithOutboxOpenAsync(service, () => service.RunAsync("status", "--json"))).Output)!;

        Assert.Equal(1, run.ExitCode);
        Assert.Equal(
            "No service is listening at http://127.0.0.1:9/ (Operations:Url). This is read from the outbox file.", run.Error.Trim());
        Assert.StartsWith(
            """
            The service is not running; 1 message waits.

            The service is not running.
              Start it.

            A message to mobile was held for manual review: the chat did not respond in time.
            """,
            run.Output,
            StringComparison.Ordinal);
        Assert.Matches("(?m)^DESTINATION +STATE +REASON +WAITING +OLDEST +NEXT TRY +DEAD +HELD +LAST HOUR *$", run.Output);
        Assert.Matches("(?m)^mobile +stopped +- +0 +- +- +0 +1 +- *$", run.Output);
        Assert.Equal(("stopped", 1L), ((string?)json["state"], (long?)json["held"]));
        Assert.Equal("stopped\n", (await service.RunAsync("status", "-q")).Output);
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
