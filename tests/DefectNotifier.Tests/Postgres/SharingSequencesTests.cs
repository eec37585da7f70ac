using DefectNotifier.Testing;
using Microsoft.Extensions.Time.Testing;

namespace DefectNotifier.Tests.Postgres;

/// <summary>Random starts, deaths, wrong clocks and changed configurations of nodes that share lanes.</summary>
public sealed class SharingSequencesTests
{
    // The seeds of the sequences that have found faults are among them.
    private const int First = 125;
    private const int Sequences = 40;

    private static readonly string[] Lanes = ["a", "b", "c", "d", "e", "f"];

    private readonly FakeTimeProvider _time = new(Some.Moment);

    [Fact]
    public void Look_TheNodesBecomeEqual_EachGroupIsOfOneNodeAndStays()
    {
        for (var seed = First; seed < First + Sequences; seed++)
        {
            var random = new Random(seed);
            var configuration = ConfigurationOf(random);
            var table = Play(random, [configuration]);
            foreach (var node in table.Nodes) node.Configure(configuration);
            Run(table, random, seconds: 400);

            var text = $"seed {seed}\n{table}";
            foreach (var group in configuration.GroupBy(one => one.Value, one => one.Key))
            {
                var owner = Assert.Single(group.Select(table.OwnerOf).Distinct());
                Assert.True(table.Nodes.Any(node => node.Id == owner), $"{group.Key}, {text}");
            }

            var groups = configuration.Values.Distinct().ToList();
            var counts = table.Nodes.Where(node => node.IsClockRight)
                .Select(node => groups.Count(group => table.OwnerOf(group) == node.Id)).ToList();
            Assert.True(counts.Max() - counts.Min() <= 1, text);

            var tried = table.Taken + table.Refused;
            Run(table, random, seconds: 100);
            Assert.True(tried == table.Taken + table.Refused, text);
        }
    }

    [Fact]
    public void Look_TheNodesStayDifferent_EveryLaneIsOfANodeThatWantsIt()
    {
        for (var seed = First; seed < First + Sequences; seed++)
        {
            var random = new Random(seed);
            var table = Play(random, [ConfigurationOf(random), ConfigurationOf(random)]);
            Run(table, random, seconds: 400);

            var text = $"seed {seed}\n{table}";
            foreach (var lane in table.Nodes.Where(node => node.IsClockRight).SelectMany(node => node.Groups.Keys).Distinct())
                Assert.True(table.Nodes.Any(node => node.Id == table.OwnerOf(lane) && node.Groups.ContainsKey(lane)), $"{lane}, {text}");

            var refused = table.Refused;
            Run(table, random, seconds: 100);
            Assert.True(table.Refused - refused < 10, text);
        }
    }

    private SharedTable Play(Random random, IReadOnlyList<Dictionary<string, string>> known)
    {
        var table = new SharedTable(_time, random);
        for (var step = 0; step < 12; step++)
        {
            Change(table, random, known);
            Run(table, random, seconds: random.Next(1, 90));
        }

        table.Nodes[0].IsClockRight = true;
        return table;
    }

    private static void Change(SharedTable table, Random random, IReadOnlyList<Dictionary<string, string>> known)
    {
        var kind = random.Next(7);
        if (table.Nodes.Count == 0 || (kind <= 1 && table.Nodes.Count < 4))
        {
            table.Start(random.NextInt64(1, long.MaxValue), known[random.Next(known.Count)]);
            return;
        }

        var node = table.Nodes[random.Next(table.Nodes.Count)];
        if (kind == 2 && table.Nodes.Count > 1) table.Kill(node);
        else if (kind == 3) node.Configure(known[random.Next(known.Count)]);
        else if (kind == 4) node.Configure(ConfigurationOf(random));
        else if (kind == 5) node.IsClockRight ^= true;
        else node.Release(Lanes[random.Next(Lanes.Length)]);
    }

    // Some of the lanes, each with one of four limits.
    private static Dictionary<string, string> ConfigurationOf(Random random) => Lanes.Where(_ => random.Next(4) > 0)
        .GroupBy(_ => random.Next(4))
        .SelectMany(group => group.Select(lane => (Lane: lane, Group: group.First())))
        .ToDictionary(one => one.Lane, one => one.Group, StringComparer.OrdinalIgnoreCase);

    private void Run(SharedTable table, Random random, int seconds)
    {
        for (var second = 0; second < seconds; second++)
        {
            _time.Advance(TimeSpan.FromSeconds(1));
            foreach (var node in table.Nodes.OrderBy(_ => random.Next()).ToList()) node.Look();
        }
    }
}
