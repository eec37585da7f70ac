using DefectNotifier.Outbox.Contract;
using DefectNotifier.Testing;

namespace DefectNotifier.Tests.Outbox;

public abstract partial class OutboxContractTests
{
    private IOutboxStatistics Statistics => (IOutboxStatistics)_outbox!;

    [Fact]
    public async Task ReadFailedAsync_EachState_CountsDeadAndHeldByDestinationWithTheNewest()
    {
        foreach (var state in Enum.GetValues<DeliveryState>().Where(state => state < DeliveryState.Digested)) await EndedAsync(state);
        await EndedAsync(DeliveryState.Dead, Some.NewEvent("Web-QA"));
        var newest = await EndedAsync(DeliveryState.Dead, reason: SendReason.Expired);
        var mobile = await EndedAsync(DeliveryState.Dead, Some.NewEvent("mobile"));

        var failed = await Statistics.ReadFailedAsync(Token);

        Assert.Equal(
            [("mobile", DeliveryState.Dead, 1), ("web-qa", DeliveryState.Dead, 3), ("web-qa", DeliveryState.Held, 1)],
            failed.Select(one => (one.Destination.ToLowerInvariant(), one.State, one.Count)).OrderBy(one => one));
        var web = failed.First(one => one.Count == 3).Newest;
        Assert.Equal((newest.Id, newest.EventId, SendReason.Expired), (web.Id, web.EventId, web.Reason));
        Assert.Equal(mobile.Id, failed.First(one => one.Destination == "mobile").Newest.Id);
    }

    [Fact]
    public async Task ReadFailedAsync_NothingFailed_IsEmpty()
    {
        await EndedAsync(DeliveryState.Delivered);

        Assert.Empty(await Statistics.ReadFailedAsync(Token));
    }

    [Fact]
    public async Task ReadUnroutedAsync_SeveralProjects_CountsThemSinceTheTimeAndTheLatestProjectComesFirst()
    {
        await AppendUnroutedAsync("OLD", minute: -10);
        await AppendUnroutedAsync("LEGACY", minute: 1);
        await AppendUnroutedAsync(project: null, minute: 2);
        var last = await AppendUnroutedAsync("LEGACY", minute: 3);
        await PendingAsync();

        var unrouted = await Statistics.ReadUnroutedAsync(Some.Moment, Token);

        Assert.Equal([("LEGACY", 2), (null, 1)], unrouted.Select(one => (one.ProjectCode, one.Count)));
        Assert.Equal((last, Some.Moment.AddMinutes(3)), (unrouted[0].LastEventId, unrouted[0].LastAt));
    }

    [Fact]
    public async Task ReadRecentAsync_SentAndFailed_CountsThemByMinuteWithinTheTime()
    {
        await EndedAsync(DeliveryState.Delivered);
        await EndedAsync(DeliveryState.Delivered, Some.NewEvent("WEB-QA"));
        await EndedAsync(DeliveryState.Dead);
        await EndedAsync(DeliveryState.Discarded);
        await PendingAsync();
        var ended = (await History.ReadEventsAsync(new EventQuery(), Token)).SelectMany(one => one.Deliveries)
            .Max(one => one.EndedAt)!.Value;

        var recent = await Statistics.ReadRecentAsync(ended.AddMinutes(-1), ended.AddMinutes(1), Token);

        Assert.Equal((2, 1), (recent.Sum(one => one.Sent), recent.Sum(one => one.Failed)));
        Assert.All(recent, one => Assert.Equal("web-qa", one.Destination, ignoreCase: true));
        Assert.Contains(recent, one => one.Minute == RecentCount.MinuteOf(ended));
        Assert.Empty(await Statistics.ReadRecentAsync(ended.AddMinutes(1), ended.AddMinutes(2), Token));
        Assert.Empty(await Statistics.ReadRecentAsync(ended.AddMinutes(-5), ended.AddMinutes(-4), Token));
    }

    private async Task<string> AppendUnroutedAsync(string? project, int minute)
    {
        var unrouted = Some.NewEvent() with { ProjectCode = project, ReceivedAt = Some.Moment.AddMinutes(minute) };
        await Outbox.AppendAsync(unrouted, Token);
        return unrouted.Id;
    }
}
