using System.Text.Json.Nodes;
using DefectNotifier.FunctionalTests.Harness;

namespace DefectNotifier.FunctionalTests;

/// <summary>Silences of the running worker: deferred messages survive a restart and are sent as one digest.</summary>
public sealed class SilenceTests
{
    [Fact]
    public async Task Silence_AcrossARestart_DefersUntilItIsExpired()
    {
        await using var admin = await AdminScene.OpenAsync();
        var added = await admin.RunAsync(
            "silence", "add", "--project", "web", "--for", "2h", "--by", "anna", "--why", "known outage", "--quiet");
        Assert.Equal((0, "1", ""), added);

        var first = (await admin.Worker.Ingress.PostAsync(Webhooks.Created(2))).Id!;
        await admin.StopAsync();
        Assert.Contains("silence 1 of anna defers it", (await admin.RunAsync("outbox", "why", first)).Output, StringComparison.Ordinal);
        await admin.StartAsync();
        var second = (await admin.Worker.Ingress.PostAsync(Webhooks.Created(3))).Id!;
        Assert.All(
            [await admin.Worker.Operations.DeliveryAsync(first, "web"), await admin.Worker.Operations.DeliveryAsync(second, "web")],
            delivery => Assert.Equal(
                ("deferred", "silenced", "anna"),
                ((string?)delivery["state"], (string?)delivery["reason"], (string?)delivery["silence"]!["by"])));
        await IsDeferredAsync(admin, 2);
        Assert.Equal(200, (await admin.Worker.Operations.GetAsync("/health/ready")).Status);
        Assert.Equal(0, await admin.Worker.Operations.MetricAsync("defectnotifier_waiting", "destination=\"web\""));
        Assert.Empty(admin.Chat.PostedTo("web"));

        Assert.Equal((0, "1", ""), await admin.RunAsync("silence", "expire", "1", "--quiet"));
        await admin.Chat.PostedAsync("web", 1);

        await admin.Worker.Operations.DeliveryIsAsync(first, "web", "digested", admin.Chat.Ledger.ToString);
        var text = Assert.Single(admin.Chat.PostedTo("web")).Body;
        Assert.Contains("known outage", text, StringComparison.Ordinal);
        var digest = (await admin.Worker.Operations.DeliveryAsync(second, "web"))["digest"]!;
        await admin.Worker.Operations.DrainedAsync();
        Assert.Equal("delivered", await admin.StateAsync((long)digest["id"]!));
        await IsDeferredAsync(admin, 0);
        var why = (await admin.RunAsync("outbox", "why", second)).Output;
        Assert.Contains("web received it in a digest.", why, StringComparison.Ordinal);
        Assert.Contains($"Run outbox show {digest["id"]} to see the digest.", why, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Silence_ThatDiscards_PostsNothingAndIsShownAsTheReason()
    {
        await using var admin = await AdminScene.OpenAsync();
        Assert.Equal(200, (await admin.Worker.Operations.PostAsync(
            "/silences", """{"severity":["blocker","critical","major"],"for":"1h","by":"ben","why":"migration","discard":true}""")).Status);

        var id = (await admin.Worker.Ingress.PostAsync(Webhooks.Created(2))).Id!;

        var delivery = await admin.Worker.Operations.DeliveryAsync(id, "web");
        Assert.Equal(("discarded", "silenced"), ((string?)delivery["state"], (string?)delivery["reason"]));
        Assert.Contains("of ben discarded it (migration)", (await admin.RunAsync("outbox", "why", id)).Output, StringComparison.Ordinal);
        Assert.Empty(admin.Chat.PostedTo("web"));
        var silences = JsonNode.Parse((await admin.RunAsync("silence", "list", "--json")).Output)!.AsArray();
        Assert.Equal(1, (int?)Assert.Single(silences)!["matchCount"]);
    }

    // Counted at least every ten seconds, and for each request.
    private static async Task IsDeferredAsync(AdminScene admin, int count)
    {
        var lane = await admin.Worker.Operations.LaneAsync("web");
        Assert.Equal((count, count > 0), ((int?)lane["deferred"], lane["deferredUntil"] is not null));
        Assert.Equal(count, await admin.Worker.Operations.MetricAsync("defectnotifier_deferred", "destination=\"web\""));
    }
}
