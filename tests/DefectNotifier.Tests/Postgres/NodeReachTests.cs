using DefectNotifier.Outbox.Contract;
using DefectNotifier.Postgres;
using DefectNotifier.Testing;

namespace DefectNotifier.Tests.Postgres;

/// <summary>Two nodes of which one does not reach the chats.</summary>
public sealed class NodeReachTests : SchemaTests
{
    private readonly MachineTime _time = new(speed: 20);

    [Fact]
    public async Task Report_OnlyFailedConnectionsForAMinute_TheOtherNodeTakesTheWholeGroup()
    {
        var cutOff = Open("cut-off");
        var unreachable = await ClaimAsync(cutOff, "web");
        var silent = await ClaimAsync(cutOff, "web-2");
        var other = Open("other");
        // It has its share already.
        await ClaimAsync(other, "mail");
        Task<Claim>[] waiting = [other.ClaimAsync("web", Token), other.ClaimAsync("web-2", Token)];

        await Eventually.HoldsAsync(() => IsGivenUpAfterAFailure(unreachable), "the lane is given up");
        Assert.True(silent.HandOver.IsCancellationRequested);
        Task<Claim>[] again = [await ReleaseAsync(cutOff, silent), await ReleaseAsync(cutOff, unreachable)];

        var taken = await Task.WhenAll(waiting).WaitAsync(Eventually.Deadline, Token);
        Assert.DoesNotContain(again, claim => claim.IsCompleted);
        Assert.All(taken, claim => Assert.False(claim.HandOver.IsCancellationRequested));
    }

    [Fact]
    public async Task Report_NoOtherNodeLives_KeepsTheLane()
    {
        var only = Open("only");
        var claim = await ClaimAsync(only, "web");
        var begun = _time.GetTimestamp();

        await Eventually.HoldsAsync(
            () => IsGivenUpAfterAFailure(claim) || _time.GetElapsedTime(begun) > TimeSpan.FromSeconds(90), "the lane is given up or kept");

        Assert.False(claim.HandOver.IsCancellationRequested);
    }

    private static bool IsGivenUpAfterAFailure(Claim claim)
    {
        claim.Report(SendReason.ConnectFailed);
        return claim.HandOver.IsCancellationRequested;
    }

    // As a lane does.
    private static async Task<Task<Claim>> ReleaseAsync(PostgresOutbox node, Claim claim)
    {
        await node.ReleaseAsync(claim);
        return node.ClaimAsync(claim.Name, Token);
    }

    private static Task<Claim> ClaimAsync(PostgresOutbox node, string lane) =>
        node.ClaimAsync(lane, Token).WaitAsync(Eventually.Deadline, Token);

    private PostgresOutbox Open(string name)
    {
        Schema.NodeTime = _time;
        var node = Schema.Open(node: name, lease: TimeSpan.FromSeconds(60));
        node.Group(new Dictionary<string, string> { ["web"] = "web", ["web-2"] = "web" });
        return node;
    }
}
