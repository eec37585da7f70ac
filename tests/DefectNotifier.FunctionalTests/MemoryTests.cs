using System.Text.Json.Nodes;
using DefectNotifier.FunctionalTests.Harness;

namespace DefectNotifier.FunctionalTests;

/// <summary>A burst of large webhooks to a process with little memory.</summary>
public sealed class MemoryTests
{
    [Theory]
    [InlineData(96, 250, 100_000)]
    [InlineData(192, 60, 1_000_000)]
    public async Task Burst_OfLargeWebhooks_IsAcceptedOrRefusedAndAllAcceptedAreSent(int heapMegabytes, int count, int size)
    {
        using var folder = new TestFolder();
        using var chat = ChatServer.Start();
        await using var worker = await WorkerProcess.ServeAsync(Settings(folder, chat, heapMegabytes));

        var replies = await Task.WhenAll(Enumerable.Range(1, count).Select(number => worker.Ingress.PostAsync(Large(number, size))));

        Assert.All(replies, reply => Assert.True(reply is { Status: 202 } or { Status: 503, RetryAfter: not null }, reply.Body));
        // How many are refused depends on how fast the worker is.
        Assert.Contains(replies, reply => reply.Status == 202);
        await worker.Operations.DrainedAsync();
        var accepted = replies.Select((reply, index) => (reply.Status, Number: index + 1)).Where(sent => sent.Status == 202);
        Assert.Equal(accepted.Select(sent => sent.Number), chat.CallsTo("web").Select(call => call.Marker).Order());
        Assert.Equal(202, (await worker.Ingress.PostAsync(Webhooks.Created(count + 1))).Status);
    }

    [Fact]
    public async Task Requests_ThatUseUpTheMemory_EndTheProcessAndLoseNothing()
    {
        using var folder = new TestFolder();
        using var chat = ChatServer.Start();
        var settings = Settings(folder, chat, heapMegabytes: 96).Set("Ingress:MaxWaitingBytes", 1_000_000_000_000);
        await using (var worker = await WorkerProcess.ServeAsync(settings))
        {
            await worker.Ingress.AcceptsAsync(Enumerable.Range(1, 20));
            // Each holds the memory of its body while it is incomplete, so the speed of the worker does not matter.
            using var held = new OpenConnections();
            await held.HoldAsync(worker.Ingress, count: 200, contentLength: 1_000_000);
            Assert.NotEqual(0, await worker.ExitAsync(Testing.Eventually.Deadline));
            Assert.Contains("Out of memory", worker.Output.All, StringComparison.Ordinal);
        }

        settings.Environment.Remove("DOTNET_GCHeapHardLimit");
        await using var restarted = await WorkerProcess.ServeAsync(settings);
        await restarted.Operations.DrainedAsync();

        Assert.Equal(Enumerable.Range(1, 20), chat.CallsTo("web").Select(call => call.Marker).Distinct().Order());
    }

    private static WorkerSettings Settings(TestFolder folder, ChatServer chat, int heapMegabytes)
    {
        var settings = new WorkerSettings(folder).Destination("web", chat, ChatKind.SlackWebhook).Route("web");
        // Hexadecimal; a native executable does not read a value with 0x.
        settings.Environment["DOTNET_GCHeapHardLimit"] = $"{heapMegabytes * 1024 * 1024:X}";
        return settings;
    }

    private static string Large(int number, int size)
    {
        var webhook = JsonNode.Parse(Webhooks.Created(number))!;
        webhook["payload"]!["actual_result"] = new string('x', size);
        return webhook.ToJsonString();
    }
}
