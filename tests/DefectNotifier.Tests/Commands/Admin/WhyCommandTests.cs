using System.Text;
using System.Text.Json.Nodes;
using DefectNotifier.Events;
using DefectNotifier.Outbox.Contract;
using DefectNotifier.Sqlite;
using DefectNotifier.Testing;
using DefectNotifier.Worker.Terminal;

namespace DefectNotifier.Tests.Commands.Admin;

/// <summary><c>why</c> on an outbox file, without the service.</summary>
public sealed class WhyCommandTests : IAsyncLifetime
{
    private const string Created = "0198f3a1b2c37000a000000000000001";
    private const string Resolved = "0198f3a1b2c37000a000000000000002";
    private const string OtherSource = "0198ffffffff7000a000000000000003";

    private StoppedService _service = null!;

    private static DefectEvent Defect { get; } = Some.DefectEvent with { SubjectId = 97 };

    public async ValueTask InitializeAsync() => _service = await StoppedService.CreateAsync(async outbox =>
    {
        await AppendAsync(outbox, Created, Defect, "web-qa", "mobile");
        await StoppedService.EndAsync(outbox, "web-qa", DeliveryState.Delivered, SendReason.Ok);
        await StoppedService.EndAsync(outbox, "mobile", DeliveryState.Dead, SendReason.InvalidMessage);
        await AppendAsync(outbox, Resolved, Defect with { Name = "defect.resolved", Title = null, Severity = null }, "web-qa");
        await AppendAsync(outbox, OtherSource, Defect with { Source = "apps", SubjectId = 12, ProjectCode = "WEB" });
        await AppendAsync(
            outbox, "0198ffffffff7000a000000000000004", Defect with { SubjectId = 12, Title = "Another", ProjectCode = "web" });
    });

    public ValueTask DisposeAsync() => _service.DisposeAsync();

    [Theory]
    [InlineData("WEB-97")]
    [InlineData("web-97")]
    [InlineData("WEB D-97")]
    [InlineData("WEB", "D-97")]
    [InlineData("WEB", "97")]
    [InlineData("web-d-97")]
    [InlineData("D-97")]
    public async Task Why_Defect_ShowsItsEventsAndTheNewestInFull(params string[] target)
    {
        var run = await _service.RunAsync(["why", .. target]);

        Assert.Equal((0, ""), (run.ExitCode, run.Error));
        Assert.StartsWith(
            """
            Defect WEB-97: Checkout ignores the coupon
              resolved, major

            2026-03-14 15:09:26Z defect.resolved by team member 418
              It waits for the service to start; then it is sent to web-qa.

            2026-03-14 15:09:26Z defect.created by team member 418
              web-qa received it 1 s after it arrived.
              mobile did not receive it: the chat rejected the message.

            Event 0198f3a1b2c37000a000000000000002: defect.resolved of project WEB, defect 97
              Checkout ignores the coupon
              major, by team member 418

            """,
            run.Output,
            StringComparison.Ordinal);
        Assert.Contains("Delivery 3 to web-qa: pending", run.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("2")]
    [InlineData(Created)]
    [InlineData("0198F3A1-B2C3-7000-A000-000000000001")]
    [InlineData("0198F3A1B2C37000A000000000000001")]
    public async Task Why_DeliveryOrId_ShowsTheEvent(string target)
    {
        var run = await _service.RunAsync("why", target);

        Assert.Equal((0, ""), (run.ExitCode, run.Error));
        Assert.StartsWith($"Event {Created}: defect.created of project WEB, defect 97", run.Output, StringComparison.Ordinal);
        Assert.Contains("Run outbox retry 2 to send it again, or outbox discard 2 to discard it.", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Why_BeginningOfAnId_MustBeUnique()
    {
        var one = await _service.RunAsync("why", "0198ff", "--source", "apps");
        Assert.StartsWith($"Event {OtherSource}", one.Output, StringComparison.Ordinal);
        Assert.Equal(one, await _service.RunAsync("outbox", "why", OtherSource));

        var several = await _service.RunAsync("why", "0198f3");

        Assert.Equal((2, ""), (several.ExitCode, several.Output));
        Assert.Equal(
            $"Several event ids start with '0198f3'. Pass more of the id.\nThe newest of them is {Resolved}.", several.Error.Trim());
    }

    [Fact]
    public async Task Why_DefectOfSeveralEndpoints_AsksForOne()
    {
        var several = await _service.RunAsync("why", "WEB-12");

        Assert.Equal((2, ""), (several.ExitCode, several.Output));
        Assert.Equal(
            """
            Several defects have this number:
              web-12 at the default endpoint: Another
              WEB-12 at endpoint apps: Checkout ignores the coupon
            Pass the project, for example why WEB-97, or the endpoint: --source NAME (--source "": the default).
            """,
            several.Error.Trim());
        var ofDefault = await _service.RunAsync("why", "WEB-12", "--source", "");
        Assert.StartsWith("Defect web-12: Another", ofDefault.Output, StringComparison.Ordinal);
        var ofApps = await _service.RunAsync("why", "WEB-12", "--source", "apps");
        Assert.Contains("No route matched, so nothing is sent.", ofApps.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(
        "WEB-98",
        "No event of defect WEB-98 is stored.\nCheck in Qase that the webhook of project WEB is active and its URL points here.")]
    [InlineData("shop 3", "Run events list --project SHOP to see what has arrived from this project.")]
    [InlineData("4711", "There is no delivery 4711, and no event id starts with 4711.\nPass a defect such as WEB-97 or D-97.")]
    [InlineData("nobody", "No event id starts with 'nobody'.\nPass a defect such as WEB-97 or D-97.")]
    [InlineData("what happened", "No event id starts with 'what happened'.")]
    public async Task Why_NothingFound_SaysWhatToTry(string target, string expected)
    {
        var run = await _service.RunAsync("why", target);

        Assert.Equal((1, ""), (run.ExitCode, run.Output));
        Assert.Contains(expected, run.Error.ReplaceLineEndings("\n"), StringComparison.Ordinal);
        Assert.All(run.Error.Split('\n'), line => Assert.InRange(line.Length, 0, TerminalText.Width));
    }

    [Fact]
    public async Task Why_ForScripts_WritesTheBareResult()
    {
        Assert.Equal("3 web-qa pending\n1 web-qa delivered\n2 mobile dead\n", (await _service.RunAsync("why", "WEB-97", "-q")).Output);
        var events = JsonNode.Parse((await _service.RunAsync("why", "WEB-97", "--json")).Output)!.AsArray();
        Assert.Equal([Resolved, Created], events.Select(one => (string?)one!["id"]));
        Assert.Equal("resolved", (string?)events[1]!["defectStatus"]);
        Assert.Equal(2, (await CommandRun.OfAsync("why", " ")).ExitCode);
        Assert.Equal(2, (await CommandRun.OfAsync("why")).ExitCode);
    }

    private static Task AppendAsync(SqliteOutbox outbox, string id, DefectEvent defectEvent, params string[] destinations)
    {
        var body = new JsonObject
        {
            ["event_name"] = defectEvent.Name,
            ["team_member_id"] = defectEvent.TeamMemberId,
            ["payload"] = new JsonObject
            {
                ["id"] = defectEvent.SubjectId,
                ["title"] = defectEvent.Title,
                ["severity"] = defectEvent.Severity?.Slug,
            },
        };
        return outbox.AppendAsync(
            Some.NewDefectEvent(defectEvent, destinations) with { Id = id, Body = Encoding.UTF8.GetBytes(body.ToJsonString()) },
            TestContext.Current.CancellationToken);
    }
}
