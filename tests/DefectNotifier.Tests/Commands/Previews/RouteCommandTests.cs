using System.Text.Json.Nodes;

namespace DefectNotifier.Tests.Commands.Previews;

public sealed class RouteCommandTests : IDisposable
{
    private const string Routes =
        """
        [
          { "ProjectCodes": [ "WEB", "EU*" ], "Events": [ "defect.*" ], "MinSeverity": "major", "To": [ "web-qa" ], "Continue": true },
          { "ProjectCodes": [ "BILL" ], "To": [ "billing" ] },
          { "Events": [ "defect.created" ], "To": [ "web-qa", "billing" ] }
        ]
        """;

    private readonly CommandFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Route_Event_ShowsEachRouteWithTheReason() => Assert.Equal(
        """
        defect.created of project eu, severity critical
        ├── route 0: matched: project code 'eu' matches EU*, event 'defect.created' matches defect.*, severity 'critical' is major or worse
        │   ├── web-qa
        │   └── Continue: later routes are checked too
        ├── route 1: skipped: project code 'eu' matches none of [BILL]
        └── route 2: matched: event 'defect.created' matches defect.created
            ├── web-qa: already taken by route 0
            └── billing
        Would be sent to web-qa, billing.

        """,
        (await RunAsync("--project", "eu", "--event-name", "defect.created", "--severity", "critical")).Output,
        ignoreLineEndingDifferences: true);

    [Fact]
    public async Task Route_ToASlackBot_ShowsTheMessageMode()
    {
        var settings = _folder.Write("bot.json",
            """
            {
              "Destinations": {
                "web": { "Type": "slack", "Token": "xoxb-1-2-abc", "Channel": "C012AB3CD" },
                "lobby": { "Type": "sandbox", "As": "slack-webhook" }
              },
              "Routes": [
                { "To": [ "web", "lobby" ], "MessageMode": "update", "Repeats": { "Within": "24h" }, "Continue": true },
                { "To": [ "lobby" ] }
              ]
            }
            """);

        var run = await CommandRun.OfAsync(["route", "--event-name", "defect.created", "--config", settings]);

        Assert.Equal(
            ["web, message mode update, joins a message about the same title from the last 1 d", "lobby"],
            run.Output.Split('\n').Skip(2).Take(2).Select(line => line.TrimStart('│', '├', '─', ' ').TrimEnd()));
    }

    [Fact]
    public async Task Route_NothingMatches_SaysSoAndSucceeds()
    {
        var run = await RunAsync("--event-name", "run.completed", "--project", "WEB");

        Assert.Equal((0, ""), (run.ExitCode, run.Error));
        Assert.Contains("run.completed of project WEB, no severity", run.Output, StringComparison.Ordinal);
        Assert.EndsWith("No route matches: nothing would be sent.", run.Output.TrimEnd(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Route_Quiet_WritesOnlyTheDestinations()
    {
        Assert.Equal(
            ["web-qa", "billing"],
            (await RunAsync("--event", "defect.created", "--quiet")).Output.Split(
                Environment.NewLine, StringSplitOptions.RemoveEmptyEntries));
        Assert.Equal("", (await RunAsync("--event-name", "case.updated", "-q")).Output);
    }

    [Fact]
    public async Task Route_LaterEventOfTheSample_HasTheSeverityOfTheEarlierOne()
    {
        var output = (await RunAsync("--event", "defect.resolved")).Output;

        Assert.Contains("severity major (from earlier events of the defect)", output, StringComparison.Ordinal);
        Assert.Contains("severity 'major' (from earlier events of the defect) is major or worse", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Route_Announced_ReceivesTheEvent()
    {
        var settings = _folder.Write("follow.json",
            """
            {
              "Destinations": {
                "web": { "Type": "slack", "Token": "xoxb-1-2-abc", "Channel": "C012AB3CD" },
                "team": { "Type": "sandbox" },
                "lobby": { "Type": "sandbox" }
              },
              "Routes": [
                { "MinSeverity": "blocker", "To": [ "team" ] },
                { "Events": [ "defect.created" ], "To": [ "web" ] },
                { "To": [ "lobby" ] }
              ]
            }
            """);

        var run = await CommandRun.OfAsync(
            ["route", "--event", "defect.resolved", "--announced", "team", "--announced", "web", "--config", settings]);

        Assert.Contains("team: the defect was announced there (settings of route 0)", run.Output, StringComparison.Ordinal);
        Assert.Contains("web: the defect was announced there; its message is updated", run.Output, StringComparison.Ordinal);
        Assert.EndsWith("Would be sent to lobby, team, web.", run.Output.TrimEnd(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("2026-03-14T21:00Z", "minor", "web", "lobby")]
    [InlineData(
        "2026-03-14T22:00Z",
        "minor",
        "web, deferred until 2026-03-15 07:00:00Z by quiet hours",
        "lobby, deferred until 2026-03-15 07:00:00Z by quiet hours")]
    [InlineData("2026-03-14T22:00Z", "critical", "web, sent before others (critical)", "lobby")]
    [InlineData(
        "2026-03-15T00:00+01:00",
        "blocker",
        "web, deferred until 2026-03-15 07:00:00Z by quiet hours",
        "lobby, sent before others (blocker), deferred until 2026-03-15 07:00:00Z by quiet hours")]
    public async Task Route_AtATime_ShowsWhenEachDestinationIsSent(string at, string severity, params string[] lines)
    {
        var run = await CommandRun.OfAsync(
            ["route", "--event", "defect.created", "--severity", severity, "--at", at, "--config", WriteNight()]);

        Assert.Equal(
            lines,
            run.Output.Replace(", message mode thread-and-update", "", StringComparison.Ordinal).Split('\n').Skip(2).Take(2)
                .Select(line => line.TrimStart('│', '├', '└', '─', ' ').TrimEnd()));
    }

    // Without --at, it is now: quiet hours that never end include it.
    [Fact]
    public async Task Route_WithoutATime_IsNow()
    {
        var settings = _folder.WriteSettings("""[ { "To": [ "web-qa" ], "QuietHours": [ { "From": "00:00", "To": "00:00" } ] } ]""");

        var run = await CommandRun.OfAsync(["route", "--event", "defect.created", "--config", settings]);

        Assert.Contains("web-qa, deferred until ", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Route_Followed_IsDeferredByItsRouteUnlessItOnlyUpdates()
    {
        var settings = _folder.Write("quiet-follow.json",
            """
            {
              "Destinations": {
                "web": { "Type": "slack", "Token": "xoxb-1-2-abc", "Channel": "C012AB3CD" }, "team": { "Type": "sandbox" }
              },
              "Routes": [
                { "MinSeverity": "blocker", "To": [ "team" ], "QuietHours": [ { "From": "22:00", "To": "07:00" } ] },
                { "Events": [ "defect.created" ], "To": [ "web" ], "QuietHours": [ { "From": "22:00", "To": "07:00" } ] }
              ]
            }
            """);

        var run = await CommandRun.OfAsync(
            [
                "route", "--event", "defect.resolved", "--announced", "team", "--announced", "web", "--at", "2026-03-14T23:00Z",
                "--config", settings,
            ]);

        Assert.Contains("(settings of route 0), deferred until 2026-03-15 07:00:00Z by quiet hours", run.Output, StringComparison.Ordinal);
        Assert.EndsWith("its message is updated, and nothing is posted", run.Output.Split('\n').Single(line => line.Contains("web: ")));
    }

    [Fact]
    public async Task Route_JsonAtATime_NamesTheUrgentAndTheDeferredDestinations()
    {
        var run = await CommandRun.OfAsync(
            [
                "route", "--event", "defect.created", "--severity", "blocker", "--at", "2026-03-14 23:00", "--json",
                "--config", WriteNight(),
            ]);

        var response = JsonNode.Parse(run.Output)!;
        Assert.Equal(["lobby"], response["urgent"]!.AsArray().Select(name => (string?)name));
        Assert.Equal(["web", "lobby"], response["deferred"]!.AsObject().Select(pair => pair.Key));
        Assert.Equal(
            DateTimeOffset.Parse("2026-03-15T07:00Z"), (DateTimeOffset)response["deferred"]!["web"]!["until"]!);
    }

    [Theory]
    [InlineData("tonight")]
    [InlineData("2d")]
    [InlineData("22:00")]
    [InlineData("9999-12-31")]
    [InlineData("0001-01-01")]
    public async Task Route_WrongTime_IsReported(string at)
    {
        var run = await RunAsync("--event", "defect.created", "--at", at);

        Assert.Equal((2, ""), (run.ExitCode, run.Output));
        Assert.StartsWith("--at: Must be a time such as 2026-03-14T15:00:00Z.", run.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("defect.resolved", "no route to it with Follow takes this project and event")]
    [InlineData("run.completed", "the event is not about a defect")]
    public async Task Route_AnnouncedButNotSent_SaysWhy(string eventName, string why)
    {
        var run = await RunAsync("--event-name", eventName, "--project", "OTHER", "--announced", "billing");

        Assert.Contains($"billing: announced there, but not sent: {why}", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Route_AnnouncedUnknown_NamesTheOption()
    {
        var run = await RunAsync("--event", "defect.resolved", "--announced", "biling");

        Assert.Equal(2, run.ExitCode);
        Assert.StartsWith("--announced: there is no destination 'biling'.", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Route_Json_ContainsTheDecision()
    {
        var response = JsonNode.Parse((await RunAsync("--event", "defect.created", "--project", "BILL", "--json")).Output)!;

        Assert.Equal(
            ("defect.created", "BILL", "major", false),
            (
                (string?)response["eventName"],
                (string?)response["projectCode"],
                (string?)response["severity"],
                (bool)response["isUnrouted"]!));
        Assert.Equal("billing", (string?)response["deliveries"]!.AsArray().Single()!["destination"]);
        Assert.Equal([false, true, false], response["verdicts"]!.AsArray().Select(verdict => (bool)verdict!["matched"]!));
        Assert.Equal("not evaluated: route 1 matched and does not continue", (string?)response["verdicts"]![2]!["reason"]);
    }

    [Fact]
    public async Task Route_ProjectWithControlCharacters_IsShownAsText()
    {
        var run = await RunAsync("--event", "defect.created", "--project", "[red]W[/]\u001b[31m\u202e");

        Assert.Equal(0, run.ExitCode);
        Assert.StartsWith("defect.created of project [red]W[/]\uFFFD[31m\uFFFD, severity major", run.Output, StringComparison.Ordinal);
        Assert.DoesNotContain(run.Output, character => character is '\u001b' or '\u202e');
    }

    [Fact]
    public async Task Route_NoEvent_SaysWhichOptionIsMissing()
    {
        var run = await RunAsync("--project", "WEB");

        Assert.Equal(2, run.ExitCode);
        Assert.Contains("Pass an event: --event or --event-name.", run.Error, StringComparison.Ordinal);
    }

    // A bot for which critical defects are urgent and not quiet, and a sandbox for which blockers are urgent, but quiet.
    private string WriteNight() => _folder.Write("night.json",
        """
        {
          "Destinations": {
            "web": {
              "Type": "slack", "Token": "xoxb-1-2-abc", "Channel": "C012AB3CD", "Digest": { "Always": [ "critical" ] }
            },
            "lobby": { "Type": "sandbox" }
          },
          "Routes": [ { "To": [ "web", "lobby" ], "QuietHours": [ { "From": "22:00", "To": "07:00", "Except": [ "critical" ] } ] } ]
        }
        """);

    private Task<CommandRun> RunAsync(params string[] arguments) =>
        CommandRun.OfAsync(["route", .. arguments, "--config", _folder.WriteSettings(Routes)]);
}
