using DefectNotifier.Outbox.Contract;
using DefectNotifier.Testing;

namespace DefectNotifier.Tests.Postgres;

/// <summary>Two nodes on one outbox.</summary>
public sealed class NodeTests : SchemaTests
{
    private readonly OutboxSignals _otherSignals = new();

    [Fact]
    public async Task ClaimAsync_AnotherNodeHasTheLane_GrantsItAfterTheRelease()
    {
        var (one, other) = (Schema.Open(node: "one"), Schema.Open(node: "other"));
        var first = await one.ClaimAsync("web-qa", Token);
        var waiting = other.ClaimAsync("Web-QA", Token);
        await Eventually.HoldsAsync(() => other.Roster.OtherHolderOf("web-qa")?.Name == "one", "the roster names the holder");
        Assert.False(waiting.IsCompleted);

        await one.ReleaseAsync(first);

        var second = await waiting.WaitAsync(Eventually.Deadline, Token);
        Assert.True(second.Epoch > first.Epoch);
        Assert.True(second.MaySend);
    }

    [Fact]
    public async Task LeaseOfANode_Ends_AnotherTakesItsLanesAndItsWritesAreRefused()
    {
        var (one, other) = (Schema.Open(node: "one"), Schema.Open(node: "other"));
        var first = await one.ClaimAsync("web-qa", Token);
        await one.AppendAsync(Some.NewEvent("web-qa"), Token);
        var pending = (await one.ReadPendingAsync(first, 1, Token)).Deliveries[0];
        await one.StartAttemptAsync(first, pending.Id, Some.Moment);
        var waiting = other.ClaimAsync("web-qa", Token);

        await Schema.QueryAsync("UPDATE {schema}.node SET expires_at = clock_timestamp() WHERE name = 'one'");

        var second = await waiting.WaitAsync(Eventually.Deadline, Token);
        Assert.Equal(1, second.Interrupted);
        await Assert.ThrowsAsync<ClaimLostException>(() => one.SaveLaneAsync(first, new LaneState("web-qa")));
        var repeated = Assert.Single((await other.ReadPendingAsync(second, 1, Token)).Deliveries);
        Assert.True(repeated.MayBeRepeat);
        // The node notices it with its next heartbeat, and begins again with another identity.
        await Eventually.HoldsAsync(() => first.Lost.IsCancellationRequested, "the claim is lost");
        Assert.False(first.MaySend);
        await one.ReleaseAsync(first);
        await other.ReleaseAsync(second);
        Assert.True((await one.ClaimAsync("web-qa", Token).WaitAsync(Eventually.Deadline, Token)).Epoch > second.Epoch);
    }

    [Fact]
    public async Task AppendAsync_AtOneNode_WakesTheLaneOfTheOther()
    {
        var one = Schema.Open(node: "one");
        Schema.Open(_otherSignals, "other");
        var woken = _otherSignals.For("web-qa").WaitAsync(Token);

        await one.AppendAsync(Some.NewEvent("web-qa"), Token);

        await woken.WaitAsync(Eventually.Deadline, Token);
    }

    [Fact]
    public async Task ResumeAsync_AtOneNode_ReachesTheOther()
    {
        var one = Schema.Open(node: "one");
        var other = Schema.Open(_otherSignals, "other");
        var claim = await other.ClaimAsync("web-qa", Token);
        await other.SaveLaneAsync(claim, new LaneState("web-qa") { ParkedReason = SendReason.ChannelNotFound, ParkedSettings = "1" });

        Assert.True(await one.ResumeAsync("web-qa"));

        await _otherSignals.For("web-qa").Resumes.WaitAsync(Token).WaitAsync(Eventually.Deadline, Token);
    }

    [Fact]
    public async Task DisposeAsync_OfANode_FreesItsLanesAtOnce()
    {
        var (one, other) = (Schema.Open(node: "one"), Schema.Open(node: "other"));
        await one.ClaimAsync("web-qa", Token);
        var waiting = other.ClaimAsync("web-qa", Token);

        await one.DisposeAsync();

        Assert.Equal("web-qa", (await waiting.WaitAsync(Eventually.Deadline, Token)).Name);
        await Eventually.HoldsAsync(() => other.Roster.Nodes is [{ Name: "other" }], "the roster names only the other node");
        // A node that leaves is not logged as dead.
        Assert.DoesNotContain(239, Schema.Log.EventIds);
    }

    [Fact]
    public async Task DiscardAsync_ALaneOfAnotherNode_LeavesItsPendingDelivery()
    {
        var (one, other) = (Schema.Open(node: "one"), Schema.Open(node: "other"));
        var claim = await other.ClaimAsync("web-qa", Token);
        await one.AppendAsync(Some.NewEvent("web-qa"), Token);
        var pending = (await other.ReadPendingAsync(claim, 1, Token)).Deliveries[0];

        Assert.Equal(DeliveryChangeStatus.WrongState, (await one.DiscardAsync(pending.Id, alsoPending: true, Some.Moment)).Status);
        await other.ReleaseAsync(claim);
        Assert.Equal(DeliveryChangeStatus.Done, (await one.DiscardAsync(pending.Id, alsoPending: true, Some.Moment)).Status);
    }
}
