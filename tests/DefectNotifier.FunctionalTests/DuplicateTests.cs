using DefectNotifier.FunctionalTests.Harness;

namespace DefectNotifier.FunctionalTests;

/// <summary>A webhook that is sent again.</summary>
public sealed class DuplicateTests
{
    [Fact]
    public async Task Post_SameWebhookAgain_IsADuplicateWithTheSameIdEvenAfterARestart()
    {
        using var folder = new TestFolder();
        using var chat = ChatServer.Start();
        var settings = new WorkerSettings(folder).Destination("web", chat, ChatKind.Teams).Route("web");
        string? id;
        await using (var worker = await WorkerProcess.ServeAsync(settings))
        {
            var first = await worker.Ingress.PostAsync(Webhooks.Created(1));
            var second = await worker.Ingress.PostAsync(Webhooks.Created(1));
            id = first.Id;
            Assert.Equal((202, "accepted"), (first.Status, first.EventStatus));
            Assert.Equal((202, "duplicate", id), (second.Status, second.EventStatus, second.Id));
            await worker.KillAsync();
        }

        await using var restarted = await WorkerProcess.ServeAsync(settings);
        var third = await restarted.Ingress.PostAsync(Webhooks.Created(1));
        await restarted.Ingress.AcceptsAsync([2]);
        await restarted.Operations.DrainedAsync();

        Assert.Equal((202, "duplicate", id), (third.Status, third.EventStatus, third.Id));
        // The kill may follow the start of the attempt. The message then says that it may be a repeat, even when it did not arrive before.
        var calls = chat.CallsTo("web");
        Assert.Equal([1, 2], calls.Select(call => call.Marker).Distinct());
        Assert.All(calls.GroupBy(call => call.Marker).SelectMany(same => same.Skip(1)), call => Assert.True(call.MayBeRepeat));
        Assert.False(calls[^1].MayBeRepeat);
    }

    [Fact]
    public async Task Post_SameWebhookTwentyTimesAtOnce_SendsOneMessage()
    {
        using var folder = new TestFolder();
        using var chat = ChatServer.Start();
        await using var worker = await WorkerProcess.ServeAsync(
            new WorkerSettings(folder).Destination("web", chat, ChatKind.SlackBot).Route("web"));

        var replies = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => worker.Ingress.PostAsync(Webhooks.Created(1))));
        await worker.Ingress.AcceptsAsync([2]);
        await worker.Operations.DrainedAsync();

        Assert.All(replies, reply => Assert.Equal(202, reply.Status));
        Assert.Single(replies, reply => reply.EventStatus == "accepted");
        Assert.Equal(19, replies.Count(reply => reply.EventStatus == "duplicate"));
        Assert.Single(replies.Select(reply => reply.Id).Distinct());
        Assert.Equal([1, 2], chat.CallsTo("web").Select(call => call.Marker));
        Assert.Equal(19, await worker.Operations.MetricAsync("defectnotifier_events_total", "outcome=\"duplicate\""));
    }
}
