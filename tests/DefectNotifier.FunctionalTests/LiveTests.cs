using System.Net;
using System.Text.Json.Nodes;
using DefectNotifier.FunctionalTests.Harness;
using DefectNotifier.Testing;

namespace DefectNotifier.FunctionalTests;

/// <summary>The stream of changes, read without a browser.</summary>
public sealed class LiveTests
{
    [Fact]
    public async Task Stream_WhileEventsArrive_HasEachChangeOnceAlsoOverAKill()
    {
        await using var admin = await AdminScene.OpenAsync();
        var rows = new List<JsonNode>();
        var (counted, last) = (0L, (string?)null);

        await using (var stream = await LiveStream.OpenAsync(admin.Worker.Operations))
        {
            await stream.HasAsync("events");
            await admin.Worker.Ingress.AcceptsAsync([2, 3]);
            await Eventually.HoldsAsync(() => IsDelivered(stream.Rows, 3), () => string.Join('\n', stream.Rows));
            await admin.Worker.KillAsync();
            await stream.EndsAsync();
            (rows, counted, last) = ([.. stream.Rows], stream.More, stream.LastEventId);
        }

        Assert.Equal("3", last);
        await admin.StartAsync();
        // No browser is connected.
        await admin.Worker.Ingress.AcceptsAsync(Enumerable.Range(4, 25));
        await admin.Worker.Operations.DrainedAsync();
        await using (var stream = await LiveStream.OpenAsync(admin.Worker.Operations, last))
        {
            await stream.HasAsync("events");
            await admin.Worker.Ingress.AcceptsAsync([29]);
            await Eventually.HoldsAsync(() => IsDelivered(stream.Rows, 29), () => string.Join('\n', stream.Rows));
            Assert.Equal("29", stream.LastEventId);
            Assert.DoesNotContain("reset", stream.Names);
            rows.AddRange(stream.Rows);
            counted += stream.More;
        }

        // A row is repeated only because it has changed.
        Assert.Equal(rows.Count, rows.Select(row => row.ToJsonString()).Distinct(StringComparer.Ordinal).Count());
        var listed = rows.Select(row => (int)row["sequence"]!).Distinct().ToList();
        Assert.Equal(5, counted);
        Assert.Equal([1, 2, 3, .. Enumerable.Range(9, 21)], listed.Order());
    }

    [Fact]
    public async Task Stream_FirstFrames_AreStatusAndEventsForProxiesToo()
    {
        await using var admin = await AdminScene.OpenAsync();

        await using var stream = await LiveStream.OpenAsync(admin.Worker.Operations);
        await stream.HasAsync("events");

        Assert.Equal("text/event-stream", stream.Response.Content.Headers.ContentType!.MediaType);
        Assert.Equal("no-store", stream.Response.Headers.CacheControl!.ToString());
        Assert.Equal("no", Assert.Single(stream.Response.Headers.GetValues("X-Accel-Buffering")));
        Assert.Equal(["status", "events"], stream.Names);
        Assert.Equal(1, (int?)Assert.Single(stream.DataOf("status"))["dead"]);
        await using var unknown = await LiveStream.OpenAsync(admin.Worker.Operations, "4711");
        await unknown.HasAsync("reset");
    }

    [Fact]
    public async Task Stream_ADestinationIsParked_SendsItsStatus()
    {
        await using var admin = await AdminScene.OpenAsync();
        await using var stream = await LiveStream.OpenAsync(admin.Worker.Operations);
        await stream.HasAsync("status");
        admin.Chat.Script.Always("web", AdminScene.FlowDeleted);

        await admin.Worker.Ingress.AcceptsAsync([2]);

        await Eventually.HoldsAsync(
            () => (string?)stream.DataOf("status").Last()["destinations"]![0]!["state"] == "parked",
            () => stream.DataOf("status").Last().ToJsonString());
        Assert.Equal("parked", (string?)stream.DataOf("status").Last()["needs"]![0]!["kind"]);
    }

    [Fact]
    public async Task Streams_OneTooMany_IsRefusedAndOtherRequestsAreNot()
    {
        await using var admin = await AdminScene.OpenAsync();
        var streams = new List<LiveStream>();
        try
        {
            while (streams.Count < 64) streams.Add(await LiveStream.OpenAsync(admin.Worker.Operations));
            Assert.All(streams, stream => Assert.Equal(HttpStatusCode.OK, stream.Response.StatusCode));

            await using var refused = await LiveStream.OpenAsync(admin.Worker.Operations);

            Assert.Equal(HttpStatusCode.ServiceUnavailable, refused.Response.StatusCode);
            Assert.NotNull(refused.Response.Headers.RetryAfter);
            Assert.Equal(200, (await admin.Worker.Operations.GetAsync("/health/ready")).Status);
            await admin.Worker.Ingress.AcceptsAsync([2]);
            await streams[0].DisposeAsync();
            streams.RemoveAt(0);
            await Eventually.HoldsAsync(
                async () =>
                {
                    await using var next = await LiveStream.OpenAsync(admin.Worker.Operations);
                    return next.Response.StatusCode == HttpStatusCode.OK;
                },
                () => "The place of the closed stream is not free");
        }
        finally
        {
            foreach (var stream in streams) await stream.DisposeAsync();
        }
    }

    [Fact]
    public async Task Terminate_WithAnOpenStream_DoesNotWaitForIt()
    {
        await using var admin = await AdminScene.OpenAsync(settings => settings.Set("Delivery:StopWithin", "5m"));
        await using var stream = await LiveStream.OpenAsync(admin.Worker.Operations);
        await stream.HasAsync("status");

        admin.Worker.Terminate();

        Assert.Equal(0, await admin.Worker.ExitAsync(TimeSpan.FromSeconds(30)));
        await stream.EndsAsync();
    }

    [Fact]
    public async Task SecretIsChanged_EndsTheStream()
    {
        await using var admin = await AdminScene.OpenAsync(settings => settings.Set("Operations:Secrets:0", AdminScene.Secret));
        await using var refused = await LiveStream.OpenAsync(admin.Worker.Operations);
        Assert.Equal(HttpStatusCode.Unauthorized, refused.Response.StatusCode);
        await using var stream = await LiveStream.OpenAsync(admin.Worker.Operations, secret: AdminScene.Secret);
        await stream.HasAsync("status");

        admin.Settings.Set("Operations:Secrets:0", AdminScene.Secret + "X2").Write();

        await stream.EndsAsync();
    }

    private static bool IsDelivered(IEnumerable<JsonNode> rows, int sequence) => rows.Any(row =>
        (int)row["sequence"]! == sequence && (string?)row["deliveries"]![0]!["state"] == "delivered");
}
