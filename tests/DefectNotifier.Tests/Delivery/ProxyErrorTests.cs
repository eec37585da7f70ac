using DefectNotifier.Chat.Http;
using DefectNotifier.Outbox.Contract;
using DefectNotifier.Testing;
using DefectNotifier.Tests.Http;

namespace DefectNotifier.Tests.Delivery;

/// <summary>A proxy between the service and the chat fails for a while: every message arrives afterwards, in order.</summary>
public sealed class ProxyErrorTests
{
    private const int Messages = 20;

    private static readonly TimeSpan Outage = TimeSpan.FromSeconds(12);

    public static TheoryData<string, int> Cases()
    {
        int[] statuses = [400, 401, 403, 404, 405, 407, 408, 409, 410, 411, 413, 415, 418, 422, 425, 431, 451, 499];
        return [.. AnyChat.Kinds.SelectMany(kind => statuses, (kind, status) => (kind, status))];
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task RunAsync_ProxyRespondsForTwelveSeconds_AllMessagesArriveInOrder(string kind, int status)
    {
        using var world = new LaneWorld();
        var arrived = new List<int>();
        using var http = new ChatHttp(world.Time, new RespondingHandler((_, body) =>
        {
            if (world.Time.GetUtcNow() < Some.Moment + Outage) return (status, "<html>The request was blocked</html>");
            lock (arrived) arrived.Add(LaneWorld.DefectIn(body));
            return AnyChat.GoodResponse(kind);
        }));
        var destination = world.Destination with { Platform = AnyChat.PlatformOf(kind), Sender = AnyChat.Sender(kind, http) };
        var lane = world.NewLane(destination: destination, formatter: AnyChat.FormatterFor(kind));
        for (var id = 1; id <= Messages; id++) await world.AcceptAsync(id);
        using var stop = new CancellationTokenSource();

        var running = world.RunAsync(lane, stop.Token, stop.Token);
        await world.Time.UntilAsync(
            () =>
            {
                lock (arrived) return arrived.Count >= Messages;
            },
            () => $"{arrived.Count} of {Messages} arrived, {lane.Status}");
        await Eventually.HoldsAsync(() => lane.Status.Waiting == 0, "an empty lane");
        await stop.CancelAsync();
        await running;

        Assert.Equal(Enumerable.Range(1, Messages), arrived);
        var deliveries = (await world.StoredAsync()).Select(stored => stored.Deliveries[0]).ToList();
        Assert.All(deliveries, delivery => Assert.Equal(DeliveryState.Delivered, delivery.State));
        // Only the message at the head was tried meanwhile, and none of its attempts can have been posted.
        Assert.Equal(Enumerable.Repeat(1, Messages - 1), deliveries.Take(Messages - 1).Select(delivery => delivery.Attempts));
        var failed = deliveries[^1].History.SkipLast(1).ToList();
        Assert.InRange(failed.Count, 4, 6);
        Assert.All(failed, attempt => Assert.Equal(
            (SendOutcome.Retry, status == 413 ? SendReason.MessageTooLarge : SendReason.UnexpectedResponse),
            (attempt.Outcome, attempt.Reason)));
    }
}
