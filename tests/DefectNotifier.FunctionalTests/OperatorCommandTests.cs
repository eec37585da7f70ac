using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using DefectNotifier.FunctionalTests.Harness;
using DefectNotifier.Testing;

namespace DefectNotifier.FunctionalTests;

/// <summary>The way from "it does not arrive" to the cause, with the commands and the running service.</summary>
public sealed class OperatorCommandTests
{
    private const int Columns = 100;

    private static readonly JsonSerializerOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Commands_DestinationIsParked_LeadToTheCause()
    {
        await using var admin = await ParkedAsync();

        var status = await RunAsync(admin, "status");
        var list = await RunAsync(admin, "outbox", "list", "--destination", "web");
        var parked = await RunAsync(admin, "outbox", "list", "--state", "parked");
        var why = await RunAsync(admin, "why", "WEB-97");
        var events = await RunAsync(admin, "events", "list");
        var unrouted = await RunAsync(admin, "events", "list", "--unrouted");
        var json = JsonNode.Parse((await admin.RunAsync("status", "--json")).Output)!;

        Assert.Equal(1, status.ExitCode);
        Assert.StartsWith(
            "1 thing needs a person.\n\nNothing reaches web: the webhook or flow was deleted.\n", status.Output, StringComparison.Ordinal);
        Assert.Contains("Run outbox resume web to try it now.", status.Output, StringComparison.Ordinal);
        Assert.Contains("No route takes project LEGACY: 1 event in the last day.", status.Output, StringComparison.Ordinal);
        Assert.Matches("(?m)^web +parked +hook-gone +2 ", status.Output);
        var need = json["needs"]![0]!;
        Assert.Equal(("parked", "web"), ((string?)need["kind"], (string?)need["destination"]));
        Assert.Matches(
            "^No delivery is dead or held.\n2 messages to web wait since .*Z: the webhook or flow was deleted.\n"
            + "  Create a new webhook or flow and put its address into Destinations:web:Url.\n"
            + "  The next attempt is at .*Z.\n  Run outbox resume web to try it now.\n"
            + "The service is running.$",
            list.Output);
        Assert.Equal(3, parked.Output.Split('\n').Length);
        Assert.Matches("^Defect WEB-97: .*\n +open, ", why.Output);
        Assert.Contains("It waits, because nothing reaches web: the webhook or flow was deleted.", why.Output, StringComparison.Ordinal);
        Assert.Matches("(?m)^[-0-9]+ [:0-9]+Z +unrouted +- +defect.created +LEGACY-1 ", events.Output);
        Assert.Matches("(?m)^[-0-9]+ [:0-9]+Z +pending +web +defect.created +WEB-97 ", events.Output);
        Assert.Equal(4, unrouted.Output.Split('\n').Length);
    }

    [Fact]
    public async Task GetEvent_Parked_HasTheSentenceAndEachMatcher()
    {
        await using var admin = await ParkedAsync();
        var listed = Assert.Single(await admin.Worker.Operations.EventsAsync("project=WEB&defect=97"))!;

        var stored = await admin.Worker.Operations.JsonAsync($"/events/{listed["id"]}");

        var delivery = stored["deliveries"]![0]!;
        Assert.Equal(((string?)listed["title"], (string?)listed["severity"]), ((string?)stored["title"], (string?)stored["severity"]));
        Assert.StartsWith("It waits, because nothing reaches web: ", (string?)delivery["sentence"], StringComparison.Ordinal);
        Assert.StartsWith("Create a new webhook", (string?)delivery["advice"], StringComparison.Ordinal);
        Assert.Equal("teams", (string?)delivery["platform"]);
        var verdict = stored["decision"]!["verdicts"]![0]!;
        Assert.True((bool?)verdict["evaluated"]);
        Assert.Equal(
            """{"key":"ProjectCodes","text":"project code 'WEB' matches WEB","passed":true}""",
            verdict["tests"]![0]!.ToJsonString(Plain));
    }

    [Fact]
    public async Task Commands_SavedSettingsAreBroken_StillAskTheService()
    {
        await using var admin = await ParkedAsync();
        foreach (var broken in (string[])["Routes", "json"])
        {
            var file = admin.Folder.File("broken.json");
            var settings = JsonNode.Parse(await File.ReadAllTextAsync(admin.Settings.Write("command.json"), Token))!;
            settings["Routes"] = "nonsense";
            await File.WriteAllTextAsync(file, broken == "json" ? "{ not JSON" : settings.ToJsonString(), Token);
            // Without the file, the environment has what the access needs.
            var environment = new Dictionary<string, string>(StringComparer.Ordinal)
            {
                ["Operations__Url"] = admin.Worker.Operations.Address.ToString(),
                ["Operations__Secrets__0"] = AdminScene.Secret,
                ["Outbox__Path"] = admin.Folder.File("outbox.db"),
            };

            foreach (var command in (string[])["status", "outbox list", "events list", "why WEB-97", "silence list"])
            {
                var (exitCode, output) = await WorkerProcess.RunAsync(
                    admin.Folder.Path, environment, [.. command.Split(' '), "--config", file]);

                Assert.True(exitCode == (command == "status" ? 1 : 0), $"{command}: {output.All}");
                Assert.StartsWith("The settings have ", output.Error, StringComparison.Ordinal);
                Assert.NotEmpty(output.Standard);
            }
        }
    }

    [Fact]
    public async Task Status_EverythingWorks_Succeeds()
    {
        await using var admin = await AdminScene.OpenAsync();
        Assert.Equal(0, (await admin.RunAsync("discard", "1")).ExitCode);

        var status = await RunAsync(admin, "status");

        Assert.Equal((0, ""), (status.ExitCode, status.Error));
        Assert.StartsWith("web works.\n", status.Output, StringComparison.Ordinal);
        Assert.Equal("ready", (await admin.RunAsync("status", "--quiet")).Output);
    }

    [Fact]
    public async Task Status_Watch_ShowsEachChangeUntilItIsEnded()
    {
        await using var admin = await AdminScene.OpenAsync();
        await using var watch = WorkerProcess.Start(
            admin.Folder.Path, "status", "--watch", "--config", admin.Settings.Write("watch.json"));
        await watch.Output.SaysAsync("1 thing needs a person.");

        Assert.Equal(0, (await admin.RunAsync("discard", "1")).ExitCode);
        await watch.Output.SaysAsync("web works.");
        await admin.StopAsync();
        await watch.Output.SaysAsync("The service is not running.");
        // The file is only read.
        await admin.StartAsync();

        watch.Terminate();
        await watch.ExitAsync(Eventually.Deadline);
    }

    private static async Task<AdminScene> ParkedAsync()
    {
        var admin = await AdminScene.OpenAsync(settings => settings.Set("Routes:0:ProjectCodes", new JsonArray("WEB")));
        Assert.Equal(0, (await admin.RunAsync("discard", "1")).ExitCode);
        admin.Chat.Script.Always("web", AdminScene.FlowDeleted);
        await admin.Worker.Ingress.AcceptsAsync([97, 98]);
        Assert.Equal("unrouted", (await admin.Worker.Ingress.PostAsync(Webhooks.Created(1, "LEGACY"))).EventStatus);
        await admin.Worker.Operations.LaneIsAsync("web", "parked");
        // The backlog is counted every few seconds, and for each request of the readiness.
        await Eventually.HoldsAsync(
            async () => (long)(await admin.Worker.Operations.JsonAsync("/health/ready"))["lanes"]![0]!["waiting"]! == 2,
            () => admin.Worker.Output.All);
        return admin;
    }

    private static async Task<(int ExitCode, string Output, string Error)> RunAsync(AdminScene admin, params string[] arguments)
    {
        var run = await admin.RunAsync(arguments);
        // A path is as long as it is.
        Assert.All(
            run.Output.Split('\n').Where(line => !line.Contains(admin.Folder.Path, StringComparison.Ordinal)),
            line => Assert.InRange(line.TrimEnd().Length, 0, Columns));
        return run;
    }
}
