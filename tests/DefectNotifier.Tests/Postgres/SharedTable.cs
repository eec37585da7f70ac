using DefectNotifier.Outbox.Contract;
using DefectNotifier.Postgres.Leases;
using DefectNotifier.Postgres.Nodes;
using DefectNotifier.Testing;

namespace DefectNotifier.Tests.Postgres;

/// <summary>The claims of several nodes, decided as in the product, over a table in memory in place of the database.</summary>
internal sealed class SharedTable(TimeProvider time, Random random)
{
    private readonly SortedDictionary<string, (long Owner, long Epoch)> _claims = new(StringComparer.Ordinal);
    private readonly List<Node> _nodes = [];
    private readonly Random _random = random;

    public IReadOnlyList<Node> Nodes => _nodes;

    /// <summary>How many claims were taken.</summary>
    public int Taken { get; private set; }

    /// <summary>The number of claims that were refused.</summary>
    public int Refused { get; private set; }

    public Node Start(long id, IReadOnlyDictionary<string, string> groups)
    {
        var node = new Node(this, id, groups, time);
        _nodes.Add(node);
        return node;
    }

    public void Kill(Node node) => _nodes.Remove(node);

    public long OwnerOf(string lane) => _claims.TryGetValue(lane, out var held) && Lives(held.Owner) ? held.Owner : 0;

    public override string ToString() => string.Join('\n', _nodes.Select(node =>
        $"node {node.Id} wants {string.Join(' ', node.Groups.Select(one => $"{one.Key}/{one.Value}"))}, "
        + $"holds {string.Join(' ', node.Groups.Keys.Where(lane => OwnerOf(lane) == node.Id))}"));

    private bool Lives(long id) => _nodes.Any(node => node.Id == id);

    // As the statement does it.
    private bool TryTake(string lane, IReadOnlyList<string> group, long id)
    {
        var isFree = OwnerOf(lane) == 0 && group.All(one => OwnerOf(one) == 0 || OwnerOf(one) == id);
        if (isFree) _claims[lane] = (id, _claims.GetValueOrDefault(lane).Epoch + 1);
        Taken += isFree ? 1 : 0;
        Refused += isFree ? 0 : 1;
        return isFree;
    }

    private NodeRoster Read(long me)
    {
        var living = _nodes.OrderBy(node => node.Id).ToList();
        return new NodeRoster(
            [.. living.Select(node => new LivingNode(node.Id, $"{node.Id}", 1, TimeSpan.FromSeconds(10), node.IsClockRight))],
            new Roster([.. living.Select(node => Some.Node($"{node.Id}") with { Configuration = node.Digest, IsThis = node.Id == me })]),
            [.. _claims.Select(one => new HeldName(one.Key, one.Value.Owner, one.Value.Epoch, 0))]);
    }

    /// <summary>One node.</summary>
    internal sealed class Node
    {
        private readonly SharedTable _table;
        private readonly WantedNames _names = new();
        private readonly SharingView _view;
        // Lanes that finish what they are sending, each with the number of looks after which it is released.
        private readonly List<(string Lane, long Epoch, int In)> _ending = [];

        public Node(SharedTable table, long id, IReadOnlyDictionary<string, string> groups, TimeProvider time)
        {
            (_table, Id, _view, Groups) = (table, id, new SharingView(time), groups);
            Configure(groups);
        }

        public long Id { get; }

        public bool IsClockRight { get; set; } = true;

        /// <summary>The lanes that it serves, each with its group.</summary>
        public IReadOnlyDictionary<string, string> Groups { get; private set; }

        public string Digest => string.Join(
            ',', Groups.OrderBy(one => one.Key, StringComparer.Ordinal).Select(one => $"{one.Key}={one.Value}"));

        public void Configure(IReadOnlyDictionary<string, string> groups)
        {
            foreach (var lane in Groups.Keys.Except(groups.Keys)) Release(lane);
            Groups = groups;
            _names.Group(groups);
        }

        /// <summary>A lane was restarted.</summary>
        public void Release(string lane)
        {
            if (_table.OwnerOf(lane) == Id) _table._claims[lane] = (0, _table._claims[lane].Epoch);
        }

        /// <summary>A look at the table, as each node takes one about each second.</summary>
        public void Look()
        {
            var roster = _table.Read(Id);
            foreach (var lane in _names.All.Select(one => one.Name).Union(Groups.Keys).ToList())
            {
                var wanted = _names.GetOrAdd(lane);
                var waits = Groups.ContainsKey(lane) && _table.OwnerOf(lane) != Id;
                (wanted.Name, wanted.Waiting) = (lane, waits ? new TaskCompletionSource<PostgresClaim>() : null);
            }

            ReleaseEnded();
            if (!IsClockRight)
            {
                if (roster.Takers.Count > 0) Groups.Keys.ToList().ForEach(HandOver);
                return;
            }

            var groups = _view.GroupsOf(roster, _names, Id);
            var decision = Sharing.Decide(roster.Takers, Id, groups, _view.StableFor);
            foreach (var wanted in _names.WaitingIn(decision.Take).Where(one => roster.IsFree(one.Name)))
                _table.TryTake(wanted.Name, _names.LanesWith(wanted.Name), Id);
            foreach (var wanted in _view.Left) _table.TryTake(wanted.Name, [wanted.Name], Id);
            foreach (var group in (string?[])[decision.GiveUp, .. _view.Split])
            {
                if (group is null) continue;
                _view.GaveUp(group);
                foreach (var wanted in _names.In(group)) HandOver(wanted.Name);
            }
        }

        private void ReleaseEnded()
        {
            for (var i = _ending.Count - 1; i >= 0; i--)
            {
                var one = _ending[i];
                _ending[i] = one with { In = one.In - 1 };
                if (one.In > 0) continue;
                _ending.RemoveAt(i);
                if (_table._claims[one.Lane] == (Id, one.Epoch)) Release(one.Lane);
            }
        }

        private void HandOver(string lane)
        {
            if (_table.OwnerOf(lane) != Id || _ending.Any(one => one.Lane == lane)) return;
            _ending.Add((lane, _table._claims[lane].Epoch, _table._random.Next(4) > 0 ? 0 : _table._random.Next(20)));
        }
    }
}
