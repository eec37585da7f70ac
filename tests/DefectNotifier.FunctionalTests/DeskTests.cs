using System.Text.Json.Nodes;
using DefectNotifier.FunctionalTests.Harness;
using DefectNotifier.Testing;

namespace DefectNotifier.FunctionalTests;

/// <summary>Operators' words over deliveries, through the API of the running worker.</summary>
public sealed class DeskTests
{
    [Fact]
    public async Task Retry_Dead_IsSentAgainAndTheHistoryTellsIt()
    {
        await using var desk = await Desk.OpenAsync();

        var reply = await desk.Worker.Operations.PostAsync($"/deliveries/{desk.Dead}/retry");
        await desk.Chat.PostedAsync("web", 1);
        await desk.Worker.Operations.DrainedAsync();

        Assert.Equal(200, reply.Status);
        Assert.Equal([1, 1], desk.Chat.CallsTo("web").Select(call => call.Marker));
        var story = await desk.Worker.Operations.JsonAsync($"/deliveries/{desk.Dead}");
        Assert.Equal("delivered", (string?)story["delivery"]!["state"]);
        Assert.Equal(["refused", "delivered"], story["history"]!.AsArray().Select(attempt => (string?)attempt!["fate"]));
        Assert.Equal("retry", (string?)Assert.Single(story["actions"]!.AsArray())!["what"]);
        await desk.Worker.Output.SaysAsync("An operator has put delivery 1 to web, which was dead, back");
    }

    [Fact]
    public async Task Retry_TwoAtOnce_OneWinsAndTheMessageGoesOutOnce()
    {
        await using var desk = await Desk.OpenAsync();

        var replies = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => desk.Worker.Operations.PostAsync($"/deliveries/{desk.Dead}/retry")));
        await desk.Worker.Operations.DrainedAsync();

        Assert.Single(replies, reply => reply.Status == 200);
        Assert.All(replies.Where(reply => reply.Status != 200), reply => reply.IsProblem(409, "wrong-state"));
        Assert.Single(desk.Chat.PostedTo("web"));
        (await desk.Worker.Operations.PostAsync($"/deliveries/{desk.Dead}/retry")).IsProblem(409, "wrong-state");
    }

    [Fact]
    public async Task Retry_AsRendered_SendsTheKeptBytes()
    {
        await using var desk = await Desk.OpenAsync();
        var refused = desk.Chat.CallsTo("web")[0].Body;

        var kept = await desk.Worker.Operations.GetAsync($"/deliveries/{desk.Dead}/message");
        Assert.Equal(200, (await desk.Worker.Operations.PostAsync($"/deliveries/{desk.Dead}/retry?rendered=true")).Status);
        await desk.Chat.PostedAsync("web", 1);

        Assert.Equal((200, refused), kept);
        Assert.Equal(refused, desk.Chat.PostedTo("web")[0].Body);
    }

    [Fact]
    public async Task Retry_HeldDelivery_IsSentAfterSomebodyLooked()
    {
        await using var desk = await Desk.OpenAsync(settings => settings.Set("Destinations:web:WhenUnsure", "hold").Set("Delivery:FirstRetry", "10ms"));
        desk.Chat.Script.Next("web", ChatAnswer.Dropped);
        var eventId = (await desk.Worker.Ingress.PostAsync(Webhooks.Created(2))).Id!;
        await Eventually.HoldsAsync(
            async () => (string?)(await desk.Worker.Operations.DeliveryAsync(eventId, "web"))["state"] == "held", () => desk.Chat.Ledger.ToString());

        var listed = Assert.Single((await desk.Worker.Operations.JsonAsync("/deliveries?state=held"))["deliveries"]!.AsArray())!;
        Assert.Equal(("unconfirmed", true), ((string?)listed["reason"], (bool?)listed["mayBeRepeat"]));
        Assert.Equal(200, (await desk.Worker.Operations.PostAsync($"/deliveries/{listed["id"]}/retry")).Status);
        await desk.Chat.PostedAsync("web", 1);

        Assert.True(Assert.Single(desk.Chat.PostedTo("web")).MayBeRepeat);
    }

    [Fact]
    public async Task RetryAndDiscard_ByCondition_TakeWhatItFindsAndNoMore()
    {
        await using var desk = await Desk.OpenAsync();
        desk.Chat.Script.Next("web", Desk.Refusal, Desk.Refusal);
        await desk.Worker.Ingress.AcceptsAsync([2, 3], "SHOP");
        await desk.Worker.Operations.DrainedAsync();

        var discarded = JsonNode.Parse((await desk.Worker.Operations.PostAsync("/deliveries/discard", """{"project":"web"}""")).Body)!;
        var retried = JsonNode.Parse((await desk.Worker.Operations.PostAsync("/deliveries/retry", """{"state":["dead"],"reason":"invalid-message","since":"1h"}""")).Body)!;
        await desk.Chat.PostedAsync("web", 2);

        Assert.Equal("[1]", discarded["changed"]!.ToJsonString());
        Assert.Equal("[2,3]", retried["changed"]!.ToJsonString());
        Assert.Equal([2, 3], desk.Chat.PostedTo("web").Select(call => call.Marker));
        Assert.Equal("discarded", await desk.StateAsync(1));
    }

    [Fact]
    public async Task Discard_PendingForADestinationThatIsGone_LeavesNothingWaiting()
    {
        await using var desk = await Desk.OpenAsync();
        desk.Chat.Script.Always("web", new ChatAnswer(404, "no_flow"));
        await desk.Worker.Ingress.AcceptsAsync([2]);
        await desk.Chat.CallsAsync("web", 2);
        (await desk.Worker.Operations.PostAsync("/deliveries/2/discard")).IsProblem(409, "wrong-state");
        await desk.StopAsync();
        desk.Settings.Set("Destinations", new JsonObject()).Set("Routes", new JsonArray());
        await desk.StartAsync();
        Assert.Equal(1, (long?)(await desk.Worker.Operations.JsonAsync("/health/ready"))["withoutDestination"]!["web"]);

        Assert.Equal(200, (await desk.Worker.Operations.PostAsync("/deliveries/2/discard")).Status);

        Assert.Empty((await desk.Worker.Operations.JsonAsync("/health/ready"))["withoutDestination"]!.AsObject());
    }

    [Fact]
    public async Task Resume_Parked_AsksNow()
    {
        await using var desk = await Desk.OpenAsync();
        desk.Chat.Script.Always("web", new ChatAnswer(400, """{"error":{"code":"WorkflowTriggerIsNotEnabled","message":"The flow is off."}}"""));
        await desk.Worker.Ingress.AcceptsAsync([2]);
        await desk.Worker.Operations.LaneIsAsync("web", "parked");
        desk.Chat.Script.Recover("web");

        var (exitCode, output, _) = await desk.RunAsync("resume", "WEB");
        await desk.Chat.PostedAsync("web", 1);

        Assert.Equal(0, exitCode);
        Assert.StartsWith("web: ", output, StringComparison.Ordinal);
        await desk.Worker.Operations.DrainedAsync();
        (await desk.Worker.Operations.PostAsync("/destinations/web/resume")).IsProblem(409, "not-parked");
    }
}
