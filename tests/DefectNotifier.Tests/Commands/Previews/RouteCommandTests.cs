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
                "lobby": { "Type": "sandbox" }
              },
              "Routes": [ { "To": [ "web", "lobby" ], "MessageMode": "update", "Continue": true }, { "To": [ "lobby" ] } ]
            }
            """);

        var run = await CommandRun.OfAsync(["route", "--event-name", "defect.created", "--config", settings]);

        Assert.Equal(
            ["web, message mode update", "lobby"],
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

    private Task<CommandRun> RunAsync(params string[] arguments) =>
        CommandRun.OfAsync(["route", .. arguments, "--config", _folder.WriteSettings(Routes)]);
}
