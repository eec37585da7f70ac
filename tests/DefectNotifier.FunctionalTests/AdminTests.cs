using System.Text.Json.Nodes;
using DefectNotifier.FunctionalTests.Harness;
using DefectNotifier.Testing;

namespace DefectNotifier.FunctionalTests;

/// <summary>Operators' words over deliveries, through the API of the running worker.</summary>
public sealed class AdminTests
{
    [Fact]
    public async Task Retry_Dead_IsSentAgainAndTheHistoryTellsIt()
    {
        await using var admin = await Admin.OpenAsync();

        var reply = await admin.Worker.Operations.PostAsync($"/deliveries/{admin.Dead}/retry");
        await admin.Chat.PostedAsync("web", 1);
        await admin.Worker.Operations.DrainedAsync();

        Assert.Equal(200, reply.Status);
        Assert.Equal([1, 1], admin.Chat.CallsTo("web").Select(call => call.Marker));
        var timeline = await admin.Worker.Operations.JsonAsync($"/deliveries/{admin.Dead}");
        Assert.Equal("delivered", (string?)timeline["delivery"]!["state"]);
        Assert.Equal(["refused", "delivered"], timeline["history"]!.AsArray().Select(attempt => (string?)attempt!["outcome"]));
        Assert.Equal("retry", (string?)Assert.Single(timeline["actions"]!.AsArray())!["what"]);
        await admin.Worker.Output.SaysAsync("Operator retried delivery 1 to web, which was dead");
    }

    [Fact]
    public async Task Retry_TwoAtOnce_OneWinsAndTheMessageGoesOutOnce()
    {
        await using var admin = await Admin.OpenAsync();

        var replies = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => admin.Worker.Operations.PostAsync($"/deliveries/{admin.Dead}/retry")));
        await admin.Worker.Operations.DrainedAsync();

        Assert.Single(replies, reply => reply.Status == 200);
        Assert.All(replies.Where(reply => reply.Status != 200), reply => reply.IsProblem(409, "wrong-state"));
        Assert.Single(admin.Chat.PostedTo("web"));
        (await admin.Worker.Operations.PostAsync($"/deliveries/{admin.Dead}/retry")).IsProblem(409, "wrong-state");
    }

    [Fact]
    public async Task Retry_AsRendered_SendsTheKeptBytes()
    {
        await using var admin = await Admin.OpenAsync();
        var refused = admin.Chat.CallsTo("web")[0].Body;

        var kept = await admin.Worker.Operations.GetAsync($"/deliveries/{admin.Dead}/message");
        Assert.Equal(200, (await admin.Worker.Operations.PostAsync($"/deliveries/{admin.Dead}/retry?rendered=true")).Status);
        await admin.Chat.PostedAsync("web", 1);

        Assert.Equal((200, refused), kept);
        Assert.Equal(refused, admin.Chat.PostedTo("web")[0].Body);
    }

    [Fact]
    public async Task Retry_HeldDelivery_IsSentAfterSomebodyLooked()
    {
        await using var admin = await Admin.OpenAsync(settings => settings.Set("Destinations:web:WhenUnsure", "hold").Set("Delivery:InitialBackoff", "10ms"));
        admin.Chat.Script.Next("web", ChatResponse.Dropped);
        var eventId = (await admin.Worker.Ingress.PostAsync(Webhooks.Created(2))).Id!;
        await Eventually.HoldsAsync(
            async () => (string?)(await admin.Worker.Operations.DeliveryAsync(eventId, "web"))["state"] == "held", () => admin.Chat.Ledger.ToString());

        var listed = Assert.Single((await admin.Worker.Operations.JsonAsync("/deliveries?state=held"))["deliveries"]!.AsArray())!;
        Assert.Equal(("unconfirmed", true), ((string?)listed["reason"], (bool?)listed["mayBeRepeat"]));
        Assert.Equal(200, (await admin.Worker.Operations.PostAsync($"/deliveries/{listed["id"]}/retry")).Status);
        await admin.Chat.PostedAsync("web", 1);

        Assert.True(Assert.Single(admin.Chat.PostedTo("web")).MayBeRepeat);
    }

    [Fact]
    public async Task RetryAndDiscard_ByCondition_TakeWhatItFindsAndNoMore()
    {
        await using var admin = await Admin.OpenAsync();
        admin.Chat.Script.Next("web", Admin.Refusal, Admin.Refusal);
        await admin.Worker.Ingress.AcceptsAsync([2, 3], "SHOP");
        await admin.Worker.Operations.DrainedAsync();

        var discarded = JsonNode.Parse((await admin.Worker.Operations.PostAsync("/deliveries/discard", """{"project":"web"}""")).Body)!;
        var retried = JsonNode.Parse((await admin.Worker.Operations.PostAsync("/deliveries/retry", """{"state":["dead"],"reason":"invalid-message","since":"1h"}""")).Body)!;
        await admin.Chat.PostedAsync("web", 2);

        Assert.Equal("[1]", discarded["changed"]!.ToJsonString());
        Assert.Equal("[2,3]", retried["changed"]!.ToJsonString());
        Assert.Equal([2, 3], admin.Chat.PostedTo("web").Select(call => call.Marker));
        Assert.Equal("discarded", await admin.StateAsync(1));
    }

    [Fact]
    public async Task Discard_PendingForADestinationThatIsGone_LeavesNothingWaiting()
    {
        await using var admin = await Admin.OpenAsync();
        admin.Chat.Script.Always("web", new ChatResponse(404, "no_flow"));
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
    public async Task Resume_Parked_AsksNow()
    {
        await using var admin = await Admin.OpenAsync();
        admin.Chat.Script.Always("web", new ChatResponse(400, """{"error":{"code":"WorkflowTriggerIsNotEnabled","message":"The flow is off."}}"""));
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
