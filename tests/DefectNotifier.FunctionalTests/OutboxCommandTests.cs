using System.Text.Json.Nodes;
using DefectNotifier.FunctionalTests.Harness;
using DefectNotifier.Testing;

namespace DefectNotifier.FunctionalTests;

/// <summary>The outbox commands, while the service is running and while it is stopped.</summary>
public sealed class OutboxCommandTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task ListShowWhy_ServiceRunningOrStopped_ShowTheSame(bool isUp)
    {
        await using var admin = await AdminScene.OpenAsync();
        var rejected = admin.Chat.CallsTo("web")[0].Body;
        if (!isUp) await admin.StopAsync();

        var list = await admin.RunAsync("list");
        var json = await admin.RunAsync("list", "--state", "all", "--json");
        var show = await admin.RunAsync("show", "1");
        var message = await admin.RunAsync("show", "1", "--message");
        var why = await admin.RunAsync("why", admin.DeadEvent);
        var quiet = await admin.RunAsync("list", "--quiet");
        var quietWhy = await admin.RunAsync("why", admin.DeadEvent, "-q");
        var whyJson = await admin.RunAsync("why", admin.DeadEvent, "--json");

        Assert.All([list, json, show, message, why, quiet, quietWhy, whyJson], end => Assert.Equal((0, ""), (end.ExitCode, end.Error)));
        var lines = list.Output.Split('\n');
        Assert.Equal(2, lines.Length);
        Assert.Matches("^ID +STATE +REASON +DESTINATION +DEFECT +EVENT +RECEIVED +TRIES$", lines[0].Trim());
        Assert.Matches("^1 +dead +invalid-message +web +WEB-1 +defect.created +[-0-9]+ [:0-9]+Z +1$", lines[1].Trim());
        Assert.Equal(1, (long?)JsonNode.Parse(json.Output)!["deliveries"]![0]!["id"]);
        Assert.Contains("attempt 1: rejected, invalid-message", show.Output, StringComparison.Ordinal);
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(rejected), JsonNode.Parse(message.Output)), message.Output);
        Assert.Contains("0: to web: takes every event", why.Output, StringComparison.Ordinal);
        Assert.Contains("Run outbox retry 1 to send it again, or outbox discard 1 to discard it.", why.Output, StringComparison.Ordinal);
        Assert.Equal(admin.DeadEvent, (string?)JsonNode.Parse(whyJson.Output)!["id"]);
        Assert.Equal(("1", "1 web dead"), (quiet.Output, quietWhy.Output));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task ShowMessage_Delivered_IsRenderedNowAndSaysSo(bool isRunning)
    {
        await using var admin = await AdminScene.OpenAsync();
        await admin.Worker.Ingress.AcceptsAsync([2]);
        await admin.Worker.Operations.DrainedAsync();
        if (!isRunning) await admin.StopAsync();

        var (exitCode, output, error) = await admin.RunAsync("show", "2", "--message");

        Assert.Equal(0, exitCode);
        Assert.Contains("This message is not stored. It was rendered now", error, StringComparison.Ordinal);
        var sent = JsonNode.Parse(Assert.Single(admin.Chat.PostedTo("web")).Body);
        Assert.True(JsonNode.DeepEquals(sent, JsonNode.Parse(output)), output);
    }

    [Fact]
    public async Task Retry_ServiceRunning_SendsAtOnce()
    {
        await using var admin = await AdminScene.OpenAsync();

        var dry = await admin.RunAsync("retry", "1", "--dry-run", "--rendered");
        var done = await admin.RunAsync("retry", "1", "--rendered");
        await admin.Chat.PostedAsync("web", 1);

        Assert.Equal((0, "Delivery 1 to web is dead and would be pending again, with the stored message."), (dry.ExitCode, dry.Output));
        Assert.Equal((0, "Delivery 1 to web was dead and is now pending again, with the stored message."), (done.ExitCode, done.Output));
        Assert.Equal(admin.Chat.CallsTo("web")[0].Body, admin.Chat.PostedTo("web")[0].Body);
    }

    [Fact]
    public async Task Retry_ServiceStopped_IsSentAfterTheNextStart()
    {
        await using var admin = await AdminScene.OpenAsync();
        await admin.StopAsync();

        var done = await admin.RunAsync("retry", "1");
        var why = await admin.RunAsync("why", admin.DeadEvent);
        Assert.Equal(0, done.ExitCode);
        Assert.Contains("operator action: retry, rendered again", why.Output, StringComparison.Ordinal);
        Assert.Contains("It waits for the service to start", why.Output, StringComparison.Ordinal);
        await admin.StartAsync();
        await admin.Chat.PostedAsync("web", 1);

        Assert.Equal([1, 1], admin.Chat.CallsTo("web").Select(call => call.Marker));
    }

    [Fact]
    public async Task RetryDiscardResume_Json_PrintOneObjectOfTheSameShape()
    {
        await using var admin = await AdminScene.OpenAsync();
        await admin.StopAsync();

        var dry = await admin.RunAsync("retry", "1", "4711", "--dry-run", "--json");
        var found = await admin.RunAsync("discard", "--destination", "web", "--dry-run", "--json");
        var done = await admin.RunAsync("discard", "--destination", "web", "--json");
        var none = await admin.RunAsync("retry", "--destination", "web", "--state", "dead", "--json");
        var resumed = await admin.RunAsync("resume", "web", "--json");

        Assert.Equal((1, "There is no delivery 4711."), (dry.ExitCode, dry.Error));
        AssertIs("""{"dryRun":true,"changed":[1],"refused":1,"remaining":0}""", dry.Output);
        AssertIs("""{"dryRun":true,"changed":[1],"refused":0,"remaining":0}""", found.Output);
        AssertIs("""{"dryRun":false,"changed":[1],"refused":0,"remaining":0}""", done.Output);
        AssertIs("""{"dryRun":false,"changed":[],"refused":0,"remaining":0}""", none.Output);
        Assert.Equal("web", (string?)JsonNode.Parse(resumed.Output)!["destination"]);

        static void AssertIs(string expected, string output) => Assert.Equal(expected, JsonNode.Parse(output)!.ToJsonString());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Discard_ByFilter_NeedsYesForMoreThanOne(bool isUp)
    {
        await using var admin = await AdminScene.OpenAsync();
        admin.Chat.Script.Next("web", AdminScene.Rejection);
        await admin.Worker.Ingress.AcceptsAsync([2]);
        await admin.Worker.Operations.DrainedAsync();
        if (!isUp) await admin.StopAsync();

        var unsure = await admin.RunAsync("discard", "--destination", "WEB");
        var dry = await admin.RunAsync("discard", "--destination", "web", "--dry-run");
        var sure = await admin.RunAsync("discard", "--destination", "web", "--yes");
        var again = await admin.RunAsync("discard", "--destination", "web", "--yes");
        var list = await admin.RunAsync("list");

        Assert.Equal((2, "2 deliveries would be discarded: 1 2", "No changes made. Pass --yes to apply."), unsure);
        Assert.Equal((0, "2 deliveries would be discarded: 1 2", ""), dry);
        Assert.Equal((0, "2 deliveries: discarded.", ""), sure);
        Assert.Equal((0, "No matching deliveries.", ""), again);
        var service = $"The service is {(isUp ? "" : "not ")}running.";
        Assert.Equal((0, $"No delivery is dead or held.\nNothing waits.\n{service}", ""), list);
    }

    [Fact]
    public async Task AnyCommand_InvalidOrUnknownArgument_HasTheExitCode()
    {
        await using var admin = await AdminScene.OpenAsync();

        Assert.Equal((1, "", "There is no delivery 4711."), await admin.RunAsync("retry", "4711"));
        Assert.Equal((1, "", "There is no delivery 4711."), await admin.RunAsync("show", "4711"));
        Assert.Equal(1, (await admin.RunAsync("why", "nobody")).ExitCode);
        Assert.Equal(2, (await admin.RunAsync("list", "--state", "waitng")).ExitCode);
        Assert.Equal((1, "", "There is no destination of this name. Available: web."), await admin.RunAsync("resume", "nobody"));
        Assert.Equal((1, "", "Destination web is not parked, so there is nothing to resume."), await admin.RunAsync("resume", "web"));
        Assert.Equal(2, (await admin.RunAsync("why", "")).ExitCode);
        Assert.Equal(2, (await admin.RunAsync("list", "--since", "soon")).ExitCode);
        Assert.Equal(2, (await admin.RunAsync("list", "--no-such-option")).ExitCode);
        Assert.Equal(2, (await admin.RunAsync("show", "first")).ExitCode);
        Assert.Equal(2, (await admin.RunAsync("retry")).ExitCode);
        Assert.Equal(2, (await admin.RunAsync("retry", "1", "--state", "dead")).ExitCode);
        Assert.Equal(2, (await admin.RunAsync("retry", "--state", "delivered")).ExitCode);
        Assert.Equal("dead", await admin.StateAsync(1));
    }

    [Fact]
    public async Task Discard_NoDeliveryCanBeDiscarded_FailsWithAnExplanation()
    {
        await using var admin = await AdminScene.OpenAsync();
        admin.Chat.Script.Always("web", AdminScene.FlowDeleted);
        await admin.Worker.Ingress.AcceptsAsync([2]);
        await admin.Worker.Operations.LaneIsAsync("web", "parked");

        var alone = await admin.RunAsync("discard", "--state", "pending");
        var beside = await admin.RunAsync("discard", "--state", "pending,dead");

        Assert.Equal((1, "", "1 delivery can't be changed; use outbox show to see why."), alone);
        Assert.Equal((1, "1 delivery: discarded.", alone.Error), beside);
    }

    [Fact]
    public async Task Resume_ServiceStopped_SaysThatTheStartTriesAnyway()
    {
        await using var admin = await AdminScene.OpenAsync();
        await admin.StopAsync();

        var (exitCode, output, _) = await admin.RunAsync("resume", "web");

        Assert.Equal(0, exitCode);
        Assert.Contains("it retries parked destinations when it starts", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AnyCommand_OutboxUsedByAServiceAtAnotherAddress_NamesBoth()
    {
        await using var admin = await AdminScene.OpenAsync();
        var other = $"http://127.0.0.1:{FreePort.Next()}";
        admin.Settings.Set("Operations:Url", other);

        var (exitCode, _, error) = await admin.RunAsync("list");

        Assert.Equal(1, exitCode);
        Assert.Contains(other, error, StringComparison.Ordinal);
        Assert.Contains(admin.Folder.File("outbox.db"), error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AnyCommand_NoServiceAndNoOutbox_CreatesNone()
    {
        using var folder = new TestFolder();
        var settings = new WorkerSettings(folder).Set("Operations:Url", $"http://127.0.0.1:{FreePort.Next()}");

        var (exitCode, output) = await WorkerCommand.RunAsync(folder.Path, "outbox", "list", "--config", settings.Write());

        Assert.Equal(1, exitCode);
        Assert.Contains("There is no outbox", output.Error, StringComparison.Ordinal);
        Assert.False(File.Exists(folder.File("outbox.db")));
    }

    [Fact]
    public async Task AnyCommand_InvalidAccess_ReportsTheErrors()
    {
        using var folder = new TestFolder();
        var settings = new WorkerSettings(folder).Set("Operations:Url", "x").Route("nobody");

        var (exitCode, output) = await WorkerCommand.RunAsync(folder.Path, "outbox", "list", "--config", settings.Write());

        Assert.Equal(2, exitCode);
        Assert.Contains("Operations:Url", output.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("Routes", output.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ListAndWhy_ControlCharactersFromAWebhook_NeverReachTheTerminal()
    {
        await using var admin = await AdminScene.OpenAsync();
        var body = """{"event_name":"x\u001b]0;evil\u0007","timestamp":1,"payload":{"id":9},"project_code":"W\u001b[31m\u202eB"}""";
        var reply = await admin.Worker.Ingress.PostAsync(body);
        await admin.Worker.Operations.DrainedAsync();

        string[][] commands =
            [["list", "--state", "all"], ["list", "--state", "all", "--json"], ["why", reply.Id!], ["why", reply.Id!, "--json"]];
        foreach (var command in commands)
        {
            var (exitCode, output, _) = await admin.RunAsync(command);
            Assert.Equal(0, exitCode);
            Assert.Contains("evil", output, StringComparison.Ordinal);
            Assert.DoesNotContain(output, character => character is '\u001b' or '\u0007' or '\u202e');
        }
    }
}
