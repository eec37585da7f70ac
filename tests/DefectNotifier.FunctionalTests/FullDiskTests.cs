using DefectNotifier.FunctionalTests.Harness;
using DefectNotifier.Testing;
using DefectNotifier.Tests.Storage;

namespace DefectNotifier.FunctionalTests;

/// <summary>The disk under the outbox is full, and then is not.</summary>
public sealed class FullDiskTests
{
    [Fact]
    public async Task Post_DiskFull_AnswersWith503UntilThereIsSpaceAndLosesNothing()
    {
        using var disk = SmallDisk.MountOrSkip("size=3m");
        using var folder = new TestFolder();
        using var chat = ChatServer.Start();
        var settings = new WorkerSettings(folder).Destination("web", chat, ChatKind.SlackWebhook).Route("web").Set("Outbox:Path", disk.File("outbox.db"));
        await using var worker = await WorkerProcess.ServeAsync(settings);
        await worker.Ingress.AcceptsAsync([1]);
        await worker.Operations.DrainedAsync();

        disk.Fill("filler");
        var accepted = new List<int> { 1 };
        var refusal = await PostUntilRefusedAsync(worker, accepted);
        refusal.IsProblem(503, "store-unavailable");
        Assert.Equal("10", refusal.RetryAfter);
        var (readyStatus, ready) = await worker.Operations.GetAsync("/health/ready");
        Assert.Equal(503, readyStatus);
        Assert.Contains("disk full", ready, StringComparison.Ordinal);
        Assert.Equal(200, (await worker.Operations.GetAsync("/health/live")).Status);

        File.Delete(disk.File("filler"));
        await Eventually.HoldsAsync(async () => (await worker.Operations.GetAsync("/health/ready")).Status == 200, () => worker.Output.All);
        await worker.Ingress.AcceptsAsync(Enumerable.Range(1001, 10));
        await worker.Operations.DrainedAsync();

        Assert.Equal([.. accepted, .. Enumerable.Range(1001, 10)], chat.CallsTo("web").Select(call => call.Marker));
    }

    // What the write-ahead log has room for may still be accepted.
    private static async Task<WebhookReply> PostUntilRefusedAsync(WorkerProcess worker, List<int> accepted)
    {
        for (var number = 2; number < 1000; number++)
        {
            var reply = await worker.Ingress.PostAsync(Webhooks.Created(number));
            if (reply.Status != 202) return reply;
            accepted.Add(number);
        }

        throw new InvalidOperationException("The disk never was full.");
    }
}
