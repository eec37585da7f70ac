using DefectNotifier.Outbox.Contract;
using DefectNotifier.Testing;

namespace DefectNotifier.Tests.Outbox;

public abstract partial class OutboxContractTests
{
    [Fact]
    public async Task AppendAsync_NewKey_IsAcceptedWithItsDeliveries()
    {
        var newEvent = Some.NewEvent("web-qa", "mobile");

        var result = await Outbox.AppendAsync(newEvent, Token);

        Assert.Equal(new AppendResult(AppendStatus.Accepted, newEvent.Id, 2), result);
        Assert.Single(await Outbox.ReadPendingAsync("web-qa", 10, Token));
        Assert.Single(await Outbox.ReadPendingAsync("mobile", 10, Token));
    }

    [Fact]
    public async Task AppendAsync_NoDestination_IsAcceptedWithoutDeliveries()
    {
        var newEvent = Some.NewEvent();

        var result = await Outbox.AppendAsync(newEvent, Token);

        Assert.Equal(new AppendResult(AppendStatus.Accepted, newEvent.Id, 0), result);
        Assert.Empty(await Outbox.ReadBacklogAsync(Token));
    }

    [Fact]
    public async Task AppendAsync_KnownKey_ReturnsTheFirstEventAndWritesNothing()
    {
        var first = Some.NewEvent("web-qa", "mobile");
        await Outbox.AppendAsync(first, Token);

        var result = await Outbox.AppendAsync(Some.NewEvent("billing") with { DedupKey = first.DedupKey }, Token);

        Assert.Equal(new AppendResult(AppendStatus.Duplicate, first.Id, 2), result);
        Assert.Single(await History.ReadEventsAsync(new EventQuery(), Token));
        Assert.Empty(await Outbox.ReadPendingAsync("billing", 10, Token));
    }

    [Fact]
    public async Task AppendAsync_HundredAtOnceWithTenKeys_AcceptsTenAndReturnsTheFirstForDuplicates()
    {
        var events = Enumerable.Range(0, 100)
            .Select(i => Some.NewEvent("web-qa") with { DedupKey = Some.DedupKey($"at once {i % 10}") }).ToList();

        var results = await Task.WhenAll(events.Select(newEvent => Task.Run(() => Outbox.AppendAsync(newEvent, Token), Token)));

        Assert.Equal(10, results.Count(result => result.Status == AppendStatus.Accepted));
        Assert.Equal(90, results.Count(result => result.Status == AppendStatus.Duplicate));
        Assert.All(results, result => Assert.Equal(1, result.Deliveries));
        foreach (var sameKey in results.Select((result, i) => (result, Key: i % 10)).GroupBy(pair => pair.Key, pair => pair.result))
        {
            var accepted = sameKey.Single(result => result.Status == AppendStatus.Accepted);
            Assert.All(sameKey, result => Assert.Equal(accepted.EventId, result.EventId));
        }

        Assert.Equal(10, (await Outbox.ReadPendingAsync("web-qa", 100, Token)).Count);
    }

    [Fact]
    public async Task AppendAsync_AlreadyCancelled_WritesNothing()
    {
        var newEvent = Some.NewEvent("web-qa");

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Outbox.AppendAsync(newEvent, new CancellationToken(canceled: true)));

        Assert.Empty(await History.ReadEventsAsync(new EventQuery(), Token));
    }

    [Fact]
    public async Task ProbeAsync_WorkingStore_Completes()
    {
        await Outbox.ProbeAsync(Token);
        await Outbox.ProbeAsync(Token);

        Assert.Empty(await History.ReadEventsAsync(new EventQuery(), Token));
    }
}
