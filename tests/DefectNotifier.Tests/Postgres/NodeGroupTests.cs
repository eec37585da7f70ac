using DefectNotifier.Outbox.Contract;
using DefectNotifier.Testing;

namespace DefectNotifier.Tests.Postgres;

/// <summary>Lanes that share a limit are of one node, also when several nodes take them at the same moment.</summary>
public sealed class NodeGroupTests : IAsyncLifetime
{
    private const int Lanes = 10;
    private const int Rounds = 4;

    private TemporarySchema _schema = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _schema = await TemporarySchema.CreateAsync();

    public async ValueTask DisposeAsync()
    {
        if (_schema is not null) await _schema.DisposeAsync();
    }

    [Fact]
    public async Task Leave_WhileTwoNodesWaitForAGroup_OneTakesAllOfIt()
    {
        for (var round = 0; round < Rounds; round++)
        {
            string[] lanes = [.. Enumerable.Range(0, Lanes).Select(lane => $"round-{round}-lane-{lane}")];
            var groups = lanes.ToDictionary(lane => lane, _ => lanes[0]);
            var leaving = _schema.Open(node: "leaving");
            leaving.Group(groups);
            foreach (var lane in lanes) await leaving.ClaimAsync(lane, Token).WaitAsync(Eventually.Deadline, Token);
            var (first, second) = (_schema.Open(node: "first"), _schema.Open(node: "second"));
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

    // As after a reload that gives destinations a common limit and adds one.
    [Fact]
    public async Task Group_OfLanesThatTwoNodesHold_BecomesOfOneNode()
    {
        var (first, second) = (_schema.Open(node: "first"), _schema.Open(node: "second"));
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
