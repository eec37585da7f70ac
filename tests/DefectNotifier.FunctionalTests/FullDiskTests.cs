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
        using var disk = SmallDisk.MountOrSkip("size=4m");
        using var folder = new TestFolder();
        using var chat = ChatServer.Start();
        var settings = new WorkerSettings(folder).Destination("web", chat, ChatKind.SlackWebhook).Route("web")
            .Set("Outbox:Path", disk.File("outbox.db")).Set("Outbox:ReserveBytes", 1024 * 1024);
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

    [Fact]
    public async Task Send_DiskFull_DeliversAndRecordsOnceWhatWasAcceptedBefore()
    {
        using var disk = SmallDisk.MountOrSkip("size=16m");
        using var folder = new TestFolder();
        using var chat = ChatServer.Start();
        chat.Script.Next("web", ChatAnswer.Good(ChatKind.SlackWebhook) with { Delay = TimeSpan.FromSeconds(2) });
        var settings = new WorkerSettings(folder).Destination("web", chat, ChatKind.SlackWebhook).Route("web").Set("Outbox:Path", disk.File("outbox.db"));
        await using var worker = await WorkerProcess.ServeAsync(settings);
        var accepted = new List<string>();
        for (var number = 1; number <= 30; number++) accepted.Add((await worker.Ingress.PostAsync(Webhooks.Created(number))).Id!);
        await chat.CallsAsync("web", 1);

        disk.Fill("filler");
        await worker.Operations.DrainedAsync();

        Assert.Equal(Enumerable.Range(1, 30), chat.CallsTo("web").Select(call => call.Marker));
        foreach (var id in accepted) Assert.Equal("delivered", (string?)(await worker.Operations.DeliveryAsync(id, "web"))["state"]);
        (await worker.Ingress.PostAsync(Webhooks.Created(1001))).IsProblem(503, "store-unavailable");
        var (readyStatus, ready) = await worker.Operations.GetAsync("/health/ready");
        Assert.Equal(503, readyStatus);
        Assert.Contains("disk full", ready, StringComparison.Ordinal);

        File.Delete(disk.File("filler"));
        await Eventually.HoldsAsync(async () => (await worker.Operations.GetAsync("/health/ready")).Status == 200, () => worker.Output.All);
        await worker.Ingress.AcceptsAsync([1001]);
        await worker.Operations.DrainedAsync();
        Assert.Equal([.. Enumerable.Range(1, 30), 1001], chat.CallsTo("web").Select(call => call.Marker));
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
