using System.Text.Json.Nodes;
using DefectNotifier.FunctionalTests.Harness;

namespace DefectNotifier.FunctionalTests;

/// <summary>A route in its quiet hours, beside one without.</summary>
public sealed class QuietHoursTests
{
    [Fact]
    public async Task Accept_InQuietHours_DefersTheMessageAndSendsTheOthers()
    {
        using var folder = new TestFolder();
        using var chat = ChatServer.Start();
        var settings = new WorkerSettings(folder).Destination("web", chat, ChatKind.SlackWebhook).Route("web", "NIGHT").Route("web")
            .Set("Routes:0:QuietHours", new JsonArray(new JsonObject { ["From"] = "00:00", ["To"] = "00:00" }));
        await using var worker = await WorkerProcess.ServeAsync(settings);

        var deferred = await worker.Ingress.PostAsync(Webhooks.Created(1, "NIGHT"));
        await worker.Ingress.AcceptsAsync([2]);
        await chat.PostedAsync("web", 1);
        await worker.Operations.DrainedAsync();

        Assert.Equal([2], chat.PostedTo("web").Select(call => call.Marker));
        var delivery = await worker.Operations.DeliveryAsync(deferred.Id!, "web");
        Assert.Equal("deferred", (string?)delivery["state"]);
        Assert.Empty(delivery["history"]!.AsArray());
        Assert.Equal(200, (await worker.Operations.GetAsync("/health/ready")).Status);
    }
}
