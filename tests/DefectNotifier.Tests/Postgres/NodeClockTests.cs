using DefectNotifier.Outbox.Contract;
using DefectNotifier.Postgres;
using DefectNotifier.Postgres.Leases;
using DefectNotifier.Testing;
using DefectNotifier.Testing.Databases;

namespace DefectNotifier.Tests.Postgres;

/// <summary>Nodes and a database whose clocks are wrong.</summary>
public sealed class NodeClockTests : SchemaTests
{
    // The longest one, so that these nodes also renew it often enough in their faster time.
    private static readonly TimeSpan Lease = TimeSpan.FromSeconds(60);
    private static readonly string[] Lanes = ["a", "b", "c", "d"];

    private readonly MachineTime _right = new(speed: 20);
    private readonly MachineTime _other = new(speed: 20);

    [Theory]
    [InlineData(6)]
    [InlineData(-6)]
    public async Task ClaimAsync_TheClockIsMinutesOff_TakesNothingUntilItIsRight(int minutes)
    {
        _other.Ahead = TimeSpan.FromMinutes(minutes);
        var wrong = Open("wrong", _other);
        var waiting = Lanes.Select(lane => wrong.ClaimAsync(lane, Token)).ToList();
        await Eventually.HoldsAsync(() => wrong.Roster.Problem is not null, "the problem is reported");
        Assert.Contains($"360 s {(minutes > 0 ? "ahead of" : "behind")} the database's", wrong.Roster.Problem!, StringComparison.Ordinal);
        var right = Open("right", _right);

        var held = new List<Claim>();
        foreach (var lane in Lanes) held.Add(await right.ClaimAsync(lane, Token).WaitAsync(Eventually.Deadline, Token));

        // Longer than the nodes wait before they share again.
        await LooksAsync(right, times: 10);
        Assert.DoesNotContain(waiting, claim => claim.IsCompleted);
        Assert.DoesNotContain(held, claim => claim.HandOver.IsCancellationRequested);
        Assert.Null(right.Roster.Problem);
        _other.Ahead = TimeSpan.Zero;
        // One after the other, until both have two.
        for (var given = 1; given <= 2; given++)
        {
            await Eventually.HoldsAsync(() => held.Exists(claim => claim.HandOver.IsCancellationRequested), "a lane is given up");
            await right.ReleaseAsync(held.Single(claim => claim.HandOver.IsCancellationRequested));
            held.RemoveAll(claim => claim.HandOver.IsCancellationRequested);
            await Eventually.HoldsAsync(() => waiting.Count(claim => claim.IsCompleted) == given, "the other node takes it");
        }

        await Eventually.HoldsAsync(() => wrong.Roster.Problem is null, "the problem is over");
    }

    [Fact]
    public async Task Clock_BecomesWrong_GivesLanesUpOnlyToANodeWhoseClockIsRight()
    {
        var wrong = Open("wrong", _other);
        var held = await wrong.ClaimAsync("a", Token).WaitAsync(Eventually.Deadline, Token);
        _other.Ahead = TimeSpan.FromMinutes(6);
        await Eventually.HoldsAsync(() => wrong.Roster.Problem is not null, "the problem is reported");
        await LooksAsync(wrong, times: 3);
        Assert.False(held.HandOver.IsCancellationRequested);

        var right = Open("right", _right);
        var waiting = right.ClaimAsync("a", Token);

        await Eventually.HoldsAsync(() => held.HandOver.IsCancellationRequested, "the lane is given up");
        Assert.True(held.MaySend);
        await wrong.ReleaseAsync(held);
        var again = wrong.ClaimAsync("a", Token);
        await waiting.WaitAsync(Eventually.Deadline, Token);
        Assert.False(again.IsCompleted);
    }

    [Fact]
    public async Task Node_StopsAfterTheClockOfTheDatabaseWasSetBack_LosesItsLanesForEver()
    {
        await using var proxy = new DatabaseProxy(Schema.Server.Port);
        Schema.Address = proxy.ConnectionString(Schema.Server.ConnectionString());
        var stopped = Open("stopped", _other);
        var first = await stopped.ClaimAsync("a", Token).WaitAsync(Eventually.Deadline, Token);
        Schema.Address = null;
        var renewed = await Open("renewed", _other).ClaimAsync("b", Token).WaitAsync(Eventually.Deadline, Token);
        var living = Open("living", _right);
        var waiting = living.ClaimAsync("a", Token);
        proxy.Swallow();
        await Schema.QueryAsync("UPDATE {schema}.node SET expires_at = clock_timestamp() + interval '1 hour'");

        var second = await waiting.WaitAsync(Eventually.Deadline, Token);

        Assert.True(second.Epoch > first.Epoch);
        Assert.True(first.Lost.IsCancellationRequested);
        Assert.True(renewed.MaySend);
        Assert.Equal(0L, await Schema.QueryAsync("SELECT count(*) FROM {schema}.node WHERE name = 'stopped'"));
        // It goes on as a new node.
        proxy.Pass();
        await Eventually.HoldsAsync(() => living.Roster.Nodes.Count == 3, "the node is registered again");
        Assert.Equal(second.Epoch, await Schema.QueryAsync("SELECT epoch FROM {schema}.claim WHERE name = 'a'"));
    }

    [Fact]
    public async Task End_TheLeaseWasRenewedMeanwhile_DoesNothing()
    {
        Schema.Open(node: "renewed");

        await Schema.QueryAsync(ClaimSql.End.Replace(" node ", " {schema}.node ", StringComparison.Ordinal)
            .Replace("$id", "id", StringComparison.Ordinal).Replace("$beat", "-1", StringComparison.Ordinal));

        Assert.Equal(1L, await Schema.QueryAsync("SELECT count(*) FROM {schema}.node"));
    }

    private PostgresOutbox Open(string name, TimeProvider time)
    {
        Schema.NodeTime = time;
        return Schema.Open(node: name, lease: Lease);
    }

    // The node has read the roster so many more times.
    private static async Task LooksAsync(PostgresOutbox node, int times)
    {
        for (var count = 0; count < times; count++)
        {
            var before = node.Roster;
            await Eventually.HoldsAsync(() => node.Roster != before, "the node reads the roster");
        }
    }
}
