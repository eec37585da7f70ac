using DefectNotifier.Outbox.Contract;
using DefectNotifier.Routing;
using DefectNotifier.Testing;
using DefectNotifier.Worker.Http;
using DefectNotifier.Worker.Operations;
using DefectNotifier.Worker.Settings;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace DefectNotifier.Tests.Operations;

public sealed class OutboxAdminTests
{
    private readonly OutboxSignals _signals = new();
    private readonly InMemoryOutbox _outbox;
    private readonly OutboxAdmin _admin;
    private RouteTable? _routes;

    public OutboxAdminTests()
    {
        _outbox = new InMemoryOutbox(_signals);
        _admin = new OutboxAdmin(
            _outbox,
            () => _routes,
            name => string.Equals(name, "web-qa", StringComparison.OrdinalIgnoreCase),
            new FakeTimeProvider(Some.Moment),
            NullLogger<OutboxAdmin>.Instance);
    }

    [Fact]
    public async Task FindEventAsync_RoutedByTheActiveRoutes_HasTheirReasons()
    {
        RouteOptions[] routes = [new RouteOptions { To = ["web-qa"] }];
        var newEvent = Some.NewEvent("web-qa") with { Decision = new RouteTable(routes, "1a2b3c4d").Plan(Some.DefectEvent) };
        await _outbox.AppendAsync(newEvent, Token);
        Assert.Null((await _admin.FindEventAsync(newEvent.Id, Token)).Value!.Decision.Verdicts);

        _routes = new RouteTable(routes, "5e6f7a8b");

        Assert.Equal(
            "takes every event", Assert.Single((await _admin.FindEventAsync(newEvent.Id, Token)).Value!.Decision.Verdicts!).Reason);
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task RetryAsync_Dead_WakesItsLane()
    {
        var id = await EndedAsync(DeliveryState.Dead);

        var (response, _) = await _admin.RetryAsync(id, asRendered: false, dryRun: false, Token);

        Assert.Equal(new ChangeResult(id, "web-qa", DeliveryState.Dead, DeliveryState.Pending, DryRun: false), response);
        Assert.Equal(1, _signals.For("web-qa").Waiting);
        await _signals.For("web-qa").WaitAsync(Token);
    }

    [Fact]
    public async Task RetryAsync_DryRun_ReturnsTheSameAndChangesNothing()
    {
        var id = await EndedAsync(DeliveryState.Dead);

        Assert.Equal(
            new ChangeResult(id, "web-qa", DeliveryState.Dead, DeliveryState.Pending, DryRun: true),
            (await _admin.RetryAsync(id, asRendered: false, dryRun: true, Token)).Value);
        Assert.Equal("urn:defect-notifier:no-message", (await _admin.RetryAsync(id, asRendered: true, dryRun: true, Token)).Problem!.Type);

        Assert.Equal(DeliveryState.Dead, (await _admin.FindAsync(id, Token)).Value!.Delivery.State);
        Assert.Equal(0, _signals.For("web-qa").Waiting);
    }

    [Theory]
    [InlineData(DeliveryState.Pending, "Delivery 1 is pending")]
    [InlineData(DeliveryState.Delivered, "Delivery 1 is already delivered")]
    public async Task RetryAsync_WrongState_NamesIt(DeliveryState state, string expected)
    {
        var id = await EndedAsync(state);

        var problem = (await _admin.RetryAsync(id, asRendered: false, dryRun: false, Token)).Problem!;

        Assert.Equal((409, "urn:defect-notifier:wrong-state"), (problem.Status, problem.Type));
        Assert.StartsWith(expected, problem.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task DiscardAsync_PendingForARemovedDestination_ReducesTheCount()
    {
        var gone = await EndedAsync(DeliveryState.Pending, "gone");
        var known = await EndedAsync(DeliveryState.Pending, "Web-QA");
        Assert.Equal(1, _signals.For("gone").Waiting);

        Assert.Equal(DeliveryState.Discarded, (await _admin.DiscardAsync(gone, dryRun: false, Token)).Value!.State);
        Assert.Equal(409, (await _admin.DiscardAsync(known, dryRun: false, Token)).Problem!.Status);

        Assert.Equal(0, _signals.For("gone").Waiting);
    }

    [Fact]
    public async Task RetryAsync_MoreThanAThousand_ChangesTheOldestAndCountsTheRest()
    {
        for (var i = 0; i < 1205; i++) await EndedAsync(i % 3 == 0 ? DeliveryState.Held : DeliveryState.Dead);
        await EndedAsync(DeliveryState.Discarded);
        var request = new BulkRequest { Destination = "web-qa" };

        var (would, _) = await _admin.RetryAsync(request with { DryRun = true }, Token);
        var (first, _) = await _admin.RetryAsync(request, Token);
        var (second, _) = await _admin.RetryAsync(request, Token);
        var (third, _) = await _admin.RetryAsync(request, Token);

        Assert.Equal(Enumerable.Range(1, 1000).Select(id => (long)id), would!.Changed);
        Assert.Equal((true, 0, 205), (would.DryRun, would.Refused, would.Remaining));
        Assert.Equal(would.Changed, first!.Changed);
        Assert.Equal((205, 205), (first.Remaining, second!.Changed.Count));
        Assert.Equal((0, 0), (second.Remaining, third!.Changed.Count));
        Assert.Equal(1205, _signals.For("web-qa").Waiting);
    }

    [Fact]
    public async Task RetryAsync_AsRenderedByCondition_SkipsThoseWithoutAMessage()
    {
        var kept = await EndedAsync(DeliveryState.Dead, message: "{}"u8.ToArray());
        await EndedAsync(DeliveryState.Dead);

        var (response, _) = await _admin.RetryAsync(new BulkRequest { State = ["dead"], Rendered = true }, Token);

        Assert.Equal([kept], response!.Changed);
        Assert.Equal((1, 0), (response.Refused, response.Remaining));
    }

    [Fact]
    public async Task DiscardAsync_ByIds_ChangesThemAndSaysWhyNot()
    {
        var dead = await EndedAsync(DeliveryState.Dead);
        var other = await EndedAsync(DeliveryState.Held, "mobile");
        await EndedAsync(DeliveryState.Dead);
        var pending = await EndedAsync(DeliveryState.Pending);
        var request = new BulkRequest { Ids = [4711, other, pending, dead, dead], DryRun = true };

        var (would, _) = await _admin.DiscardAsync(request, Token);
        var (done, _) = await _admin.As(new Operator("anna", Permissions.Act)).DiscardAsync(request with { DryRun = false }, Token);

        foreach (var result in (BulkResult[])[would!, done!])
        {
            Assert.Equal([dead, other], result.Changed);
            Assert.Equal((2, 0), (result.Refused, result.Remaining));
            Assert.Equal(
                [
                    new BulkRow(dead, DeliveryState.Dead, DeliveryState.Discarded, Problem: null),
                    new BulkRow(other, DeliveryState.Held, DeliveryState.Discarded, Problem: null),
                    new BulkRow(4711, Before: null, After: null, "There is no delivery 4711."),
                ],
                result.Results!.Take(3));
            var refused = result.Results![3];
            Assert.Equal((pending, DeliveryState.Pending, null), (refused.Id, refused.Before, refused.After));
            Assert.Contains("is pending", refused.Problem, StringComparison.Ordinal);
        }

        Assert.Equal(new StoredAction(Some.Moment, OperatorAction.Discard, "anna"), Assert.Single((await FindAsync(dead)).Actions));
        var (narrow, _) = await _admin.RetryAsync(new BulkRequest { Ids = [dead, other], Destination = "Mobile" }, Token);
        Assert.Equal([other], narrow!.Changed);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1001)]
    public async Task RetryAsync_NoIdsOrTooMany_IsRefused(int count)
    {
        var request = new BulkRequest { Ids = [.. Enumerable.Range(1, count).Select(id => (long)id)] };

        Assert.Equal("ids", (await _admin.RetryAsync(request, Token)).Problem!.Field);
    }

    private async Task<DeliveryTimeline> FindAsync(long id) => (await _admin.FindAsync(id, Token)).Value!;

    [Fact]
    public async Task FindAsync_Ended_ReturnsItsHistory()
    {
        var id = await EndedAsync(DeliveryState.Held);
        await _admin.RetryAsync(id, asRendered: false, dryRun: false, Token);

        var (timeline, _) = await _admin.FindAsync(id, Token);

        Assert.Single(timeline!.History);
        Assert.Equal(new StoredAction(Some.Moment, OperatorAction.Retry), Assert.Single(timeline.Actions));
        Assert.Equal(404, (await _admin.FindAsync(4711, Token)).Problem!.Status);
    }

    private async Task<long> EndedAsync(DeliveryState state, string destination = "web-qa", byte[]? message = null)
    {
        var newEvent = Some.NewEvent(destination);
        await _outbox.AppendAsync(newEvent, Token);
        var pending = (await _outbox.ReadPendingAsync(destination, 1, Token)).Single(delivery => delivery.EventId == newEvent.Id);
        if (state == DeliveryState.Pending) return pending.Id;
        await _outbox.RecordAsync(
            Some.Outcome(pending) with { State = state, Message = message is null ? default(ReadOnlyMemory<byte>?) : message });
        return pending.Id;
    }
}
