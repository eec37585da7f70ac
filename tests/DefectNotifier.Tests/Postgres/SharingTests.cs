using CsCheck;
using DefectNotifier.Postgres.Nodes;

namespace DefectNotifier.Tests.Postgres;

/// <summary>Nodes that join, leave and want different lanes, in a model of the store.</summary>
public sealed class SharingTests
{
    private const int Rounds = 400;

    // Each node wants some of the groups; a bit for each.
    private static readonly Gen<(int Groups, int[] Wants)> Clusters =
        Gen.Select(Gen.Int[1, 12], Gen.Int[1, (1 << 12) - 1].Array[1, 5]);

    [Fact]
    public void Decide_AnyNodes_HasOneOwnerForEachGroupThatIsWantedAndThenRests() => Clusters.Sample(
        cluster =>
        {
            var model = new Model(cluster.Groups, cluster.Wants);
            for (var round = 0; round < Rounds; round++) model.Step();

            Assert.All(Enumerable.Range(0, cluster.Groups), group => Assert.True(model.IsServedIfWanted(group)));
            var before = model.Owners.ToArray();
            for (var round = 0; round < 20; round++) model.Step();
            Assert.Equal(before, model.Owners);
        },
        iter: PropertyCases.Of(200));

    [Theory]
    [InlineData(12, 3, 4)]
    [InlineData(7, 2, 4)]
    [InlineData(1, 5, 1)]
    public void Decide_NodesThatWantAll_ShareEqually(int groups, int nodes, int most)
    {
        var model = new Model(groups, [.. Enumerable.Repeat((1 << groups) - 1, nodes)]);

        for (var round = 0; round < Rounds; round++) model.Step();

        Assert.All(Enumerable.Range(1, nodes), node => Assert.InRange(model.Owners.Count(owner => owner == node), groups / nodes, most));
    }

    [Fact]
    public void Decide_ANodeJoinsAndAnotherLeaves_TheirGroupsGoOn()
    {
        var model = new Model(8, [255, 255, 255]);
        model.Leave(3);
        for (var round = 0; round < Rounds; round++) model.Step();
        Assert.Equal([4, 4, 0], Enumerable.Range(1, 3).Select(node => model.Owners.Count(owner => owner == node)));

        model.Join(3);
        for (var round = 0; round < Rounds; round++) model.Step();
        model.Leave(1);
        for (var round = 0; round < 3; round++) model.Step();

        Assert.Equal([0, 4, 4], Enumerable.Range(1, 3).Select(node => model.Owners.Count(owner => owner == node)));
    }

    [Theory]
    [InlineData(2, 0, false, true)]
    [InlineData(2, 0, true, false)]
    [InlineData(2, 9.9, true, false)]
    [InlineData(2, 10, true, true)]
    [InlineData(1, 0, true, true)]
    public void Decide_AFreeGroupThatIsAvoided_LeavesItToOtherNodesFirst(int nodes, double freeFor, bool isAvoided, bool takes)
    {
        Sharing.Group[] groups =
        [
            new("free", IsWanted: true, Owner: 0, TimeSpan.FromSeconds(freeFor)) { IsAvoided = isAvoided },
            new("other", IsWanted: true, Owner: 0, TimeSpan.Zero),
            new("third", IsWanted: true, Owner: nodes, TimeSpan.Zero),
        ];

        var decision = Sharing.Decide([.. Enumerable.Range(1, nodes).Select(id => (long)id)], 1, groups, TimeSpan.Zero);

        Assert.Equal(takes, decision.Take.Contains("free"));
        Assert.Contains("other", decision.Take);
    }

    /// <summary>The store and the views of all nodes; one second for each step.</summary>
    private sealed class Model(int groups, int[] wants)
    {
        private readonly HashSet<long> _living = [.. Enumerable.Range(1, wants.Length).Select(node => (long)node)];
        private readonly int[] _freeFor = new int[groups];
        private readonly Dictionary<(long, int), bool> _givenUp = [];
        private int _stableFor;

        /// <summary>The node that has each group; 0: none.</summary>
        public long[] Owners { get; } = new long[groups];

        public void Join(long node)
        {
            _living.Add(node);
            Change();
        }

        public void Leave(long node)
        {
            _living.Remove(node);
            for (var group = 0; group < groups; group++)
                if (Owners[group] == node) Owners[group] = 0;
            Change();
        }

        public bool IsServedIfWanted(int group) => Owners[group] == 0
            ? !_living.Any(node => Wants(node, group))
            : Wants(Owners[group], group);

        public void Step()
        {
            _stableFor++;
            for (var group = 0; group < groups; group++) _freeFor[group] = Owners[group] == 0 ? _freeFor[group] + 1 : 0;
            foreach (var node in _living.Order().ToList())
            {
                var decision = Sharing.Decide([.. _living.Order()], node, ViewOf(node), TimeSpan.FromSeconds(_stableFor));
                foreach (var key in decision.Take)
                    if (Owners[int.Parse(key)] == 0) Owners[int.Parse(key)] = node;
                if (decision.GiveUp is not { } given) continue;
                Owners[int.Parse(given)] = 0;
                _givenUp[(node, int.Parse(given))] = true;
            }
        }

        private List<Sharing.Group> ViewOf(long node) =>
        [
            .. Enumerable.Range(0, groups).Where(group => Owners[group] != 0 || Wants(node, group)).Select(group => new Sharing.Group(
                group.ToString(),
                Wants(node, group) && Owners[group] != node,
                Owners[group],
                TimeSpan.FromSeconds(_freeFor[group]))
            {
                IsRefused = Owners[group] == node && _givenUp.ContainsKey((node, group)),
            }),
        ];

        private bool Wants(long node, int group) => (wants[node - 1] & (1 << group)) != 0;

        private void Change()
        {
            _stableFor = 0;
            _givenUp.Clear();
        }
    }
}
