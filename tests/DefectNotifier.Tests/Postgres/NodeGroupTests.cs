using DefectNotifier.Outbox.Contract;
using DefectNotifier.Testing;

namespace DefectNotifier.Tests.Postgres;

/// <summary>Lanes that share a limit are of one node, also when several nodes take them at the same moment.</summary>
public sealed class NodeGroupTests : SchemaTests
{
    private const int Lanes = 10;
    private const int Rounds = 4;


    [Fact]
    public async Task Leave_WhileTwoNodesWaitForAGroup_OneTakesAllOfIt()
    {
        for (var round = 0; round < Rounds; round++)
        {
            string[] lanes = [.. Enumerable.Range(0, Lanes).Select(lane => $"round-{round}-lane-{lane}")];
            var groups = lanes.ToDictionary(lane => lane, _ => lanes[0]);
            var leaving = Schema.Open(node: "leaving");
            leaving.Group(groups);
            foreach (var lane in lanes) await leaving.ClaimAsync(lane, Token).WaitAsync(Eventually.Deadline, Token);
            var (first, second) = (Schema.Open(node: "first"), Schema.Open(node: "second"));
            first.Group(groups);
            second.Group(groups);
            var ofFirst = lanes.Select(lane => first.ClaimAsync(lane, Token)).ToList();
            var ofSecond = lanes.Select(lane => second.ClaimAsync(lane, Token)).ToList();
            await Eventually.HoldsAsync(
                () => first.Roster.Nodes.Count == 3 && second.Roster.Nodes.Count == 3, "all nodes know each other");

            await leaving.DisposeAsync();

            await Eventually.HoldsAsync(
                () => ofFirst.Concat(ofSecond).Count(claim => claim.IsCompletedSuccessfully) == Lanes, "all lanes are taken");
            Assert.Contains(ofFirst.Count(claim => claim.IsCompletedSuccessfully), (int[])[0, Lanes]);
            await first.DisposeAsync();
            await second.DisposeAsync();
        }
    }

    // As in a rolling restart that adds a destination to the workspace of another one.
    [Fact]
    public async Task ClaimAsync_NodeWithTheRestOfTheGroupDoesNotKnowTheLane_AnotherNodeTakesIt()
    {
        var old = Schema.Open(node: "old");
        await old.ClaimAsync("web", Token).WaitAsync(Eventually.Deadline, Token);
        Schema.Configuration = "2";
        // Several times the pace, so that the ten seconds of patience are short.
        Schema.NodeTime = new MachineTime(speed: 20);
        var changed = Schema.Open(node: "changed", lease: TimeSpan.FromSeconds(60));
        changed.Group(new Dictionary<string, string> { ["web"] = "web", ["added"] = "web" });

        var added = await changed.ClaimAsync("added", Token).WaitAsync(Eventually.Deadline, Token);

        Assert.True(added.MaySend);
        Assert.False(added.HandOver.IsCancellationRequested);
    }

    // As after a reload that gives destinations a common limit and adds one.
    [Fact]
    public async Task Group_OfLanesThatTwoNodesHold_BecomesOfOneNode()
    {
        var (first, second) = (Schema.Open(node: "first"), Schema.Open(node: "second"));
        Dictionary<Claim, IClaims> held = new()
        {
            [await first.ClaimAsync("web", Token).WaitAsync(Eventually.Deadline, Token)] = first,
            [await second.ClaimAsync("mobile", Token).WaitAsync(Eventually.Deadline, Token)] = second,
        };
        var groups = new Dictionary<string, string> { ["web"] = "web", ["mobile"] = "web", ["added"] = "web" };
        first.Group(groups);
        second.Group(groups);
        List<Task<Claim>> waiting = [.. ((IClaims[])[first, second]).Select(node => node.ClaimAsync("added", Token))];

        // One of the two is asked to hand over, and the other node takes what becomes free.
        await Eventually.HoldsAsync(() => held.Keys.Any(claim => claim.HandOver.IsCancellationRequested), "one is asked to hand over");
        var given = held.Keys.Single(claim => claim.HandOver.IsCancellationRequested);
        var taker = held[given] == first ? second : first;
        waiting.Add(taker.ClaimAsync(given.Name, Token));
        await held[given].ReleaseAsync(given);

        await Eventually.HoldsAsync(
            () => taker.Roster.Nodes.Any(node => node.IsThis && groups.Keys.All(node.Holds.Contains)), "one node has all lanes");
    }
}
