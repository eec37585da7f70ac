using System.Text.Json.Nodes;
using DefectNotifier.FunctionalTests.Harness;
using DefectNotifier.Testing;

namespace DefectNotifier.FunctionalTests;

/// <summary>SIGTERM, as a deployment sends it.</summary>
public sealed class ShutdownTests
{
    /// <summary>Longer than every <c>Delivery:StopWithin</c> here, and shorter than the host's own limit.</summary>
    private static readonly TimeSpan InTime = TimeSpan.FromSeconds(25);

    [Fact]
    public async Task Terminate_DuringABurst_EndsCleanlyAndLosesAndRepeatsNothing()
    {
        using var folder = new TestFolder();
        using var chat = ChatServer.Start();
        chat.Script.Always("web", ChatResponse.Good(ChatKind.SlackWebhook) with { Delay = TimeSpan.FromMilliseconds(50) });
        var settings = new WorkerSettings(folder).Destination("web", chat, ChatKind.SlackWebhook).Route("web");
        Burst burst;
        string log;
        await using (var worker = await WorkerProcess.ServeAsync(settings))
        {
            burst = Burst.Start(worker.Ingress, 200);
            await chat.PostedAsync("web", 3);
            worker.Terminate();
            Assert.Equal(0, await worker.ExitAsync(InTime));
            await burst.EndAsync();
            log = worker.Output.Standard;
        }

        var unsent = burst.Accepted.Except(chat.PostedTo("web").Select(call => call.Marker)).ToList();
        Assert.NotEmpty(unsent);
        Assert.Contains(
            $"DefectNotifier stops. Deliveries that stay pending: {unsent.Count}\n",
            log,
            StringComparison.Ordinal);
        chat.Script.Recover("web");
        await using var restarted = await WorkerProcess.ServeAsync(settings);
        await restarted.Operations.DrainedAsync();

        var markers = chat.CallsTo("web").Select(call => call.Marker).ToList();
        Assert.Empty(burst.Accepted.Except(markers));
        Assert.Equal(markers.Distinct(), markers);
        Assert.DoesNotContain(chat.CallsTo("web"), call => call.MayBeRepeat);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Terminate_WhileNobodyReadsTheOutput_EndsInTime(bool isSandbox)
    {
        using var folder = new TestFolder();
        using var chat = ChatServer.Start();
        var settings = new WorkerSettings(folder).Destination("web", chat, ChatKind.SlackWebhook).Route("web")
            .Set("Delivery:StopWithin", "2s").Set("Logging:LogLevel:Default", "Trace").Set("Logging:LogLevel:Microsoft", "Trace")
            .Set("Ingress:Url", $"http://127.0.0.1:{FreePort.Next()}");
        if (isSandbox) settings.Set("Destinations:web", new JsonObject { ["Type"] = "sandbox", ["Digest"] = false });
        await using var worker = await WorkerProcess.ServeUnreadAsync(settings);
        // Far more lines than the pipe and the queue hold.
        for (var number = 1; number <= 300; number++) Assert.Equal(202, (await worker.Ingress.PostAsync(Webhooks.Created(number))).Status);

        worker.Terminate();

        Assert.Equal(0, await worker.ExitAsync(InTime));
    }

    [Fact]
    public async Task Terminate_WhileARequestIsIncomplete_StopsSendingAndEndsInTime()
    {
        using var folder = new TestFolder();
        using var chat = ChatServer.Start();
        chat.Script.Always("web", ChatResponse.Good(ChatKind.SlackWebhook) with { Delay = TimeSpan.FromMilliseconds(100) });
        var settings = new WorkerSettings(folder).Destination("web", chat, ChatKind.SlackWebhook).Route("web")
            .Set("Delivery:StopWithin", "3s").Set("Logging:LogLevel:Microsoft.Hosting.Lifetime", "Information");
        await using var worker = await WorkerProcess.ServeAsync(settings);
        await worker.Ingress.AcceptsAsync(Enumerable.Range(1, 100));
        using var incomplete = await worker.Ingress.BeginPostAsync(contentLength: 1000);
        await chat.CallsAsync("web", 2);

        worker.Terminate();
        // The signal may arrive late on a busy machine.
        await worker.Output.SaysAsync("Application is shutting down");
        var before = chat.CallsTo("web").Count;

        Assert.Equal(0, await worker.ExitAsync(InTime));
        // In three seconds of further sending there would be thirty messages. Those in flight may still finish.
        Assert.InRange(chat.CallsTo("web").Count - before, 0, 10);
        Assert.DoesNotContain("ended within", worker.Output.All, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Terminate_WhileASendHangs_EndsInTimeAndSendsAgainAsAPossibleRepeat()
    {
        using var folder = new TestFolder();
        using var chat = ChatServer.Start();
        chat.Script.Next("web", ChatResponse.Withheld);
        var settings = new WorkerSettings(folder).Destination("web", chat, ChatKind.Teams).Route("web")
            .Set("Delivery:StopWithin", "1s").Set("Destinations:web:Timeout", "5m");
        WebhookReply reply;
        await using (var worker = await WorkerProcess.ServeAsync(settings))
        {
            reply = await worker.Ingress.PostAsync(Webhooks.Created(1));
            await chat.CallsAsync("web", 1);
            worker.Terminate();
            Assert.Equal(0, await worker.ExitAsync(InTime));
        }

        await using var restarted = await WorkerProcess.ServeAsync(settings);
        await restarted.Operations.DrainedAsync();

        Assert.Equal([false, true], chat.CallsTo("web").Select(call => call.MayBeRepeat));
        var delivery = await restarted.Operations.DeliveryAsync(reply.Id!, "web");
        Assert.Equal(2, (int)delivery["attempts"]!);
        Assert.Equal(["ambiguous interrupted", "delivered ok"], OperationsClient.HistoryOf(delivery));
    }
}
