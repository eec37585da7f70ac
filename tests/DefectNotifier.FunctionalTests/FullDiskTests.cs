using DefectNotifier.FunctionalTests.Harness;
using DefectNotifier.Testing;
using DefectNotifier.Worker.Commands.Execution;

namespace DefectNotifier.FunctionalTests;

/// <summary>The disk of the outbox is full, and then has space again.</summary>
public sealed class FullDiskTests
{
    [Fact]
    public async Task Post_DiskFull_Responds503UntilThereIsSpaceAndLosesNothing()
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
        await PostUntilRefusedAsync(worker, accepted);
        Assert.Equal(200, (await worker.Operations.GetAsync("/health/live")).Status);

        File.Delete(disk.File("filler"));
        await Eventually.HoldsAsync(async () => (await worker.Operations.GetAsync("/health/ready")).Status == 200, () => worker.Output.All);
        await worker.Ingress.AcceptsAsync(Enumerable.Range(1001, 10));
        await worker.Operations.DrainedAsync();

        Assert.Equal([.. accepted, .. Enumerable.Range(1001, 10)], chat.CallsTo("web").Select(call => call.Marker));
    }

    [Fact]
    public async Task Send_DiskFull_DeliversOnceWhatWasAcceptedBefore()
    {
        using var disk = SmallDisk.MountOrSkip("size=16m");
        using var folder = new TestFolder();
        using var chat = ChatServer.Start();
        var isFull = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        chat.Script.Next("web", ChatResponse.Good(ChatKind.SlackWebhook) with { Until = isFull.Task });
        var settings = new WorkerSettings(folder).Destination("web", chat, ChatKind.SlackWebhook).Route("web")
            .Set("Outbox:Path", disk.File("outbox.db"));
        await using var worker = await WorkerProcess.ServeAsync(settings);
        var accepted = new List<string>();
        for (var number = 1; number <= 30; number++) accepted.Add((await worker.Ingress.PostAsync(Webhooks.Created(number))).Id!);
        await chat.CallsAsync("web", 1);

        disk.Fill("filler");
        isFull.SetResult();
        await worker.Operations.DrainedAsync();

        Assert.Equal(Enumerable.Range(1, 30), chat.CallsTo("web").Select(call => call.Marker));
        foreach (var id in accepted) Assert.Equal("delivered", (string?)(await worker.Operations.DeliveryAsync(id, "web"))["state"]);
        var numbers = Enumerable.Range(1, 30).ToList();
        await PostUntilRefusedAsync(worker, numbers);

        File.Delete(disk.File("filler"));
        await Eventually.HoldsAsync(async () => (await worker.Operations.GetAsync("/health/ready")).Status == 200, () => worker.Output.All);
        await worker.Ingress.AcceptsAsync([1001]);
        await worker.Operations.DrainedAsync();
        Assert.Equal([.. numbers, 1001], chat.CallsTo("web").Select(call => call.Marker));
    }

    // Events that fit into the write-ahead log may still be accepted, and a checkpoint may make room for a few more, once or twice.
    private static async Task PostUntilRefusedAsync(WorkerProcess worker, List<int> accepted)
    {
        for (var tries = 0; tries < 2000; tries++)
        {
            var reply = await worker.Ingress.PostAsync(Webhooks.Created(accepted.Count + 1));
            if (reply.Status == 202)
            {
                accepted.Add(accepted.Count + 1);
                continue;
            }

            reply.IsProblem(503, "store-unavailable");
            Assert.Equal("10", reply.RetryAfter);
            var (status, ready) = await worker.Operations.GetAsync("/health/ready");
            if (status == 200) continue;
            Assert.Equal(503, status);
            Assert.Contains("disk full", ready, StringComparison.Ordinal);
            return;
        }

        throw new InvalidOperationException("The disk never was full.");
    }
}
