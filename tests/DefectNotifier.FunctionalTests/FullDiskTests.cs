using DefectNotifier.FunctionalTests.Harness;
using DefectNotifier.Testing;
using DefectNotifier.Tests.Sqlite;

namespace DefectNotifier.FunctionalTests;

/// <summary>The disk under the outbox is almost full, or full, and then is not.</summary>
public sealed class FullDiskTests
{
    private const int MinFree = 4 * 1024 * 1024;

    [Fact]
    public async Task Post_DiskAlmostFull_Returns503UntilThereIsSpaceWhileAcceptedEventsAreSent()
    {
        using var disk = SmallDisk.MountOrSkip("size=16m");
        using var folder = new TestFolder();
        using var chat = ChatServer.Start();
        var isFull = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        chat.Script.Next("web", ChatResponse.Good(ChatKind.SlackWebhook) with { Until = isFull.Task });
        await using var worker = await WorkerProcess.ServeAsync(SettingsOn(disk, folder, chat));
        var ids = new List<string>();
        for (var number = 1; number <= 30; number++) ids.Add((await worker.Ingress.PostAsync(Webhooks.Created(number))).Id!);
        await chat.CallsAsync("web", 1);

        disk.Fill("filler", spare: MinFree / 2);
        // Free space is measured once a second.
        await Eventually.HoldsAsync(async () => (await worker.Operations.GetAsync("/health/ready")).Status == 503, () => worker.Output.All);
        isFull.SetResult();
        var accepted = Enumerable.Range(1, 30).ToList();
        await PostUntilRefusedAsync(worker, accepted, "disk almost full");
        await worker.Operations.DrainedAsync();

        Assert.Equal(accepted, chat.CallsTo("web").Select(call => call.Marker));
        foreach (var id in ids) Assert.Equal("delivered", (string?)(await worker.Operations.DeliveryAsync(id, "web"))["state"]);
        Assert.Equal(200, (await worker.Operations.GetAsync("/health/live")).Status);

        File.Delete(disk.File("filler"));
        await AcceptsAgainAsync(worker, chat, accepted);
    }

    [Fact]
    public async Task Send_DiskFull_SendsNothingThatCannotBeRecordedAndGoesOnWithSpace()
    {
        using var disk = SmallDisk.MountOrSkip("size=16m");
        using var folder = new TestFolder();
        using var chat = ChatServer.Start();
        var isFull = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        chat.Script.Next("web", ChatResponse.Good(ChatKind.SlackWebhook) with { Until = isFull.Task });
        // Without a minimum: the log is filled by what is still accepted.
        await using var worker = await WorkerProcess.ServeAsync(SettingsOn(disk, folder, chat).Set("Outbox:MinFreeBytes", 0));
        await worker.Ingress.AcceptsAsync([1]);
        await chat.CallsAsync("web", 1);

        disk.Fill("filler");
        var accepted = new List<int> { 1 };
        await PostUntilRefusedAsync(worker, accepted, "disk full");
        isFull.SetResult();
        // Each of these refusals has passed the writer, as does what the lane tries to write.
        for (var tries = 0; tries < 200; tries++)
            (await worker.Ingress.PostAsync(Webhooks.Created(accepted.Count + 1))).IsProblem(503, "store-unavailable");

        // Its attempt was on disk before the disk was full; of the others, only those whose attempt could be recorded.
        var sent = chat.CallsTo("web").Count;
        var attempts = OutboxFile.CountAttempts(disk.File("outbox.db"));
        Assert.True(sent <= attempts, $"{sent} sent, {attempts} attempts stored");

        File.Delete(disk.File("filler"));
        await AcceptsAgainAsync(worker, chat, accepted);
    }

    private static WorkerSettings SettingsOn(SmallDisk disk, TestFolder folder, ChatServer chat) => new WorkerSettings(folder)
        .Destination("web", chat, ChatKind.SlackWebhook)
        .Route("web")
        .Set("Outbox:Path", disk.File("outbox.db"))
        .Set("Outbox:MinFreeBytes", MinFree);

    private static async Task AcceptsAgainAsync(WorkerProcess worker, ChatServer chat, List<int> accepted)
    {
        await Eventually.HoldsAsync(async () => (await worker.Operations.GetAsync("/health/ready")).Status == 200, () => worker.Output.All);
        await worker.Ingress.AcceptsAsync(Enumerable.Range(3001, 10));
        await worker.Operations.DrainedAsync();
        Assert.Equal([.. accepted, .. Enumerable.Range(3001, 10)], chat.CallsTo("web").Select(call => call.Marker));
    }

    // The write-ahead log may have space for a few more.
    private static async Task PostUntilRefusedAsync(WorkerProcess worker, List<int> accepted, string reason)
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
            Assert.Contains(reason, ready, StringComparison.Ordinal);
            return;
        }

        throw new InvalidOperationException("The disk was never full.");
    }
}
