using System.Text.Json.Nodes;
using DefectNotifier.FunctionalTests.Harness;

namespace DefectNotifier.FunctionalTests;

/// <summary>Operators' actions on deliveries, through the API of the running worker.</summary>
public sealed class AdminTests(SteadyWorker steady)
{
    private OperationsClient Operations => steady.Worker.Operations;

    [Fact]
    public async Task Retry_Dead_IsSentAgainAndIsInTheHistory()
    {
        var (name, delivery) = await steady.DieAsync();

        var reply = await Operations.PostAsync($"/deliveries/{delivery}/retry");
        await steady.Chat.PostedAsync(name, 1);
        await Operations.DrainedAsync(name);

        Assert.Equal(200, reply.Status);
        Assert.Equal([1, 1], steady.Chat.CallsTo(name).Select(call => call.Marker));
        var timeline = await Operations.JsonAsync($"/deliveries/{delivery}");
        Assert.Equal("delivered", (string?)timeline["delivery"]!["state"]);
        Assert.Equal(["rejected", "delivered"], timeline["history"]!.AsArray().Select(attempt => (string?)attempt!["outcome"]));
        Assert.Equal("retry", (string?)Assert.Single(timeline["actions"]!.AsArray())!["what"]);
        await steady.Worker.Output.SaysAsync($"Operator retried delivery {delivery} to {name}, which was dead");
    }

    [Fact]
    public async Task Retry_SeveralAtOnce_OneSucceedsAndTheMessageIsSentOnce()
    {
        var (name, delivery) = await steady.DieAsync();

        var replies = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Operations.PostAsync($"/deliveries/{delivery}/retry")));
        await Operations.DrainedAsync(name);

        Assert.Single(replies, reply => reply.Status == 200);
        Assert.All(replies.Where(reply => reply.Status != 200), reply => reply.IsProblem(409, "wrong-state"));
        Assert.Single(steady.Chat.PostedTo(name));
        (await Operations.PostAsync($"/deliveries/{delivery}/retry")).IsProblem(409, "wrong-state");
    }

    [Fact]
    public async Task Retry_AsRendered_SendsTheStoredBytes()
    {
        var (name, delivery) = await steady.DieAsync();
        var rejected = steady.Chat.CallsTo(name)[0].Body;

        var stored = await Operations.JsonAsync($"/deliveries/{delivery}/message");
        Assert.Equal(200, (await Operations.PostAsync($"/deliveries/{delivery}/retry?rendered=true")).Status);
        await steady.Chat.PostedAsync(name, 1);

        Assert.True((bool)stored["isExact"]!);
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(rejected), stored["json"]));
        Assert.Equal(rejected, steady.Chat.PostedTo(name)[0].Body);
    }

    [Fact]
    public async Task Retry_Held_IsSentAsAPossibleRepeat()
    {
        await using var admin = await AdminScene.OpenAsync(settings => settings.Set("Destinations:web:WhenUnsure", "hold"));
        admin.Chat.Script.Next("web", ChatResponse.Dropped);
        var eventId = (await admin.Worker.Ingress.PostAsync(Webhooks.Created(2))).Id!;
        await admin.Worker.Operations.DeliveryIsAsync(eventId, "web", "held", admin.Chat.Ledger.ToString);

        var listed = Assert.Single((await admin.Worker.Operations.JsonAsync("/deliveries?state=held"))["deliveries"]!.AsArray())!;
        Assert.Equal(("unconfirmed", true), ((string?)listed["reason"], (bool?)listed["mayBeRepeat"]));
        Assert.Equal(200, (await admin.Worker.Operations.PostAsync($"/deliveries/{listed["id"]}/retry")).Status);
        await admin.Chat.PostedAsync("web", 1);

        Assert.True(Assert.Single(admin.Chat.PostedTo("web")).MayBeRepeat);
    }

    [Fact]
    public async Task RetryAndDiscard_ByFilter_ChangeOnlyMatchingDeliveries()
    {
        await using var admin = await AdminScene.OpenAsync();
        admin.Chat.Script.Next("web", AdminScene.Rejection, AdminScene.Rejection);
        await admin.Worker.Ingress.AcceptsAsync([2, 3], "SHOP");
        await admin.Worker.Operations.DrainedAsync();

        var discarded = JsonNode.Parse((await admin.Worker.Operations.PostAsync("/deliveries/discard", """{"project":"web"}""")).Body)!;
        var retried = JsonNode.Parse((await admin.Worker.Operations.PostAsync(
            "/deliveries/retry", """{"state":["dead"],"reason":"invalid-message","since":"1h"}""")).Body)!;
        await admin.Chat.PostedAsync("web", 2);

        Assert.Equal("[1]", discarded["changed"]!.ToJsonString());
        Assert.Equal("[2,3]", retried["changed"]!.ToJsonString());
        Assert.Equal([2, 3], admin.Chat.PostedTo("web").Select(call => call.Marker));
        Assert.Equal("discarded", await admin.StateAsync(1));
    }

    [Fact]
    public async Task Discard_PendingForARemovedDestination_LeavesNothingPending()
    {
        await using var admin = await AdminScene.OpenAsync();
        admin.Chat.Script.Always("web", AdminScene.FlowDeleted);
        await admin.Worker.Ingress.AcceptsAsync([2]);
        await admin.Chat.CallsAsync("web", 2);
        (await admin.Worker.Operations.PostAsync("/deliveries/2/discard")).IsProblem(409, "wrong-state");
        await admin.StopAsync();
        admin.Settings.Set("Destinations", new JsonObject()).Set("Routes", new JsonArray());
        await admin.StartAsync();
        Assert.Equal(1, (long?)(await admin.Worker.Operations.JsonAsync("/health/ready"))["withoutDestination"]!["web"]);

        Assert.Equal(200, (await admin.Worker.Operations.PostAsync("/deliveries/2/discard")).Status);

        Assert.Empty((await admin.Worker.Operations.JsonAsync("/health/ready"))["withoutDestination"]!.AsObject());
    }

    [Fact]
    public async Task Resume_Parked_SendsAtOnce()
    {
        await using var admin = await AdminScene.OpenAsync();
        admin.Chat.Script.Always(
            "web", new ChatResponse(400, """{"error":{"code":"WorkflowTriggerIsNotEnabled","message":"The flow is off."}}"""));
        await admin.Worker.Ingress.AcceptsAsync([2]);
        await admin.Worker.Operations.LaneIsAsync("web", "parked");
        admin.Chat.Script.Recover("web");

        var (exitCode, output, _) = await admin.RunAsync("resume", "WEB");
        await admin.Chat.PostedAsync("web", 1);

        Assert.Equal(0, exitCode);
        Assert.StartsWith("web: ", output, StringComparison.Ordinal);
        await admin.Worker.Operations.DrainedAsync();
        (await admin.Worker.Operations.PostAsync("/destinations/web/resume")).IsProblem(409, "not-parked");
    }
}
