using DefectNotifier.Outbox.Contract;
using DefectNotifier.Routing;
using DefectNotifier.Testing;

namespace DefectNotifier.Tests.Outbox;

public abstract partial class OutboxContractTests
{
    [Fact]
    public async Task ReadRateLimitAsync_NeverSaved_IsNull() => Assert.Null(await Outbox.ReadRateLimitAsync("slack:1", Token));

    [Fact]
    public async Task RecordAsync_WithLimits_SavesThemAndAnOlderOneNeverReplacesANewerOne()
    {
        var pending = await PendingAsync();
        var newer = new RateLimitState("slack:1")
        {
            Revision = 7,
            SavedAt = Some.Moment,
            ClosedFor = TimeSpan.FromSeconds(30),
            Deficit = TimeSpan.FromMilliseconds(1500),
        };

        await Outbox.RecordAsync(Some.Outcome(pending) with { State = DeliveryState.Pending, RateLimits = [newer] });
        await Outbox.RecordAsync(
            Some.Outcome(pending) with
            {
                RateLimits = [newer with { Revision = 6, ClosedFor = TimeSpan.Zero }, newer with { Key = "slack:2", Revision = 1 }],
            });

        Assert.Equal(newer, await Outbox.ReadRateLimitAsync("slack:1", Token));
        Assert.Equal(1, (await Outbox.ReadRateLimitAsync("slack:2", Token))?.Revision);
    }

    [Fact]
    public async Task ReadOverdueAsync_WaitsTooLong_IsReportedOnceToItsFallback()
    {
        for (var i = 0; i < 12; i++) await Outbox.AppendAsync(WithFallback("web-qa", "lobby", minutes: 10), Token);
        await Outbox.AppendAsync(WithFallback("mobile", "lobby", minutes: 20), Token);
        await Outbox.AppendAsync(Some.NewEvent("web-qa"), Token);
        var delivered = (await Outbox.ReadPendingAsync("web-qa", 1, Token))[0];
        await Outbox.RecordAsync(Some.Outcome(delivered));
        var now = Some.Moment.AddMinutes(10);

        Assert.Empty(await Outbox.ReadOverdueAsync(now.AddMilliseconds(-1), Token));
        var overdue = Assert.Single(await Outbox.ReadOverdueAsync(now, Token));
        var notice = Some.NewEvent("lobby") with { Name = "notifier.delayed" };
        await Outbox.AnnounceAsync(overdue, now, notice);

        Assert.Equal(
            ("web-qa", "lobby", 11L, OverdueDeliveries.MaxShown),
            (overdue.Destination, overdue.Fallback, overdue.Count, overdue.Oldest.Count));
        Assert.Equal(
            overdue.Oldest.Select(delivery => delivery.Id),
            (await Outbox.ReadPendingAsync("web-qa", 10, Token)).Select(delivery => delivery.Id));
        Assert.Equal(notice.Id, Assert.Single(await Outbox.ReadPendingAsync("lobby", 10, Token)).EventId);
        Assert.Empty(await Outbox.ReadOverdueAsync(now, Token));
        Assert.Equal("mobile", Assert.Single(await Outbox.ReadOverdueAsync(now.AddMinutes(10), Token)).Destination);
    }

    private static NewEvent WithFallback(string destination, string fallback, int minutes) => Some.NewEvent() with
    {
        Decision = new RoutingDecision(
            [0],
            [
                new PlannedDelivery(destination, 0, TemplateSet: null)
                {
                    Fallback = fallback, FallbackAfter = TimeSpan.FromMinutes(minutes),
                }]),
    };
}
