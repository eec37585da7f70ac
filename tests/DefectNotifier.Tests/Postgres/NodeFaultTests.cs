using DefectNotifier.Outbox.Contract;
using DefectNotifier.Postgres;
using DefectNotifier.Testing;
using DefectNotifier.Testing.Databases;
using Npgsql;

namespace DefectNotifier.Tests.Postgres;

/// <summary>The claims of a node whose connections to the database fail.</summary>
public sealed class NodeFaultTests : SchemaTests
{
    /// <summary>The log message about another node that has died.</summary>
    private const int DeadNode = 239;

    private DatabaseProxy _proxy = null!;

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        _proxy = new DatabaseProxy(Schema.Server.Port);
        Schema.Address = _proxy.ConnectionString(Schema.Server.ConnectionString());
    }

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        if (_proxy is not null) await _proxy.DisposeAsync();
    }

    [Fact]
    public async Task Open_TheDatabaseIsSlowerThanAHeartbeatMayBe_Succeeds()
    {
        await Schema.Open().DisposeAsync();
        await using var connection = new NpgsqlConnection(Schema.Server.ConnectionString());
        await connection.OpenAsync(Token);
        await using var transaction = await connection.BeginTransactionAsync(Token);
        await using (var command = new NpgsqlCommand($"LOCK TABLE {Schema.Name}.node", connection, transaction))
            await command.ExecuteNonQueryAsync(Token);

        // A heartbeat may take a quarter of the lease.
        var opening = Task.Run(() => Schema.Open(lease: TimeSpan.FromSeconds(4)), Token);
        await Eventually.HoldsAsync(HasWaitedForTheTableAsync, () => "the registration waits");
        await transaction.RollbackAsync(Token);

        var node = await opening.WaitAsync(Eventually.Deadline, Token);
        Assert.True((await node.ClaimAsync("web-qa", Token).WaitAsync(Eventually.Deadline, Token)).MaySend);
    }

    // Two nodes behind the proxy; the first one knows that the other one has the lane.
    private async Task<(PostgresOutbox One, PostgresOutbox Other)> OpenTwoAsync()
    {
        var one = Schema.Open(node: "one", lease: TimeSpan.FromSeconds(2));
        var other = Schema.Open(node: "other", lease: TimeSpan.FromSeconds(2));
        await other.ClaimAsync("web-qa", Token).WaitAsync(Eventually.Deadline, Token);
        await Eventually.HoldsAsync(() => one.Roster.OtherHolderOf("web-qa")?.Name == "other", "the roster names the holder");
        return (one, other);
    }

    private async Task<bool> HasWaitedForTheTableAsync() => await Schema.QueryAsync(
        "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND query LIKE '%{schema}.node%' "
        + "AND clock_timestamp() - query_start > interval '1.5 seconds'") is > 0L;

    [Fact]
    public async Task ClaimAsync_ItsCommitIsReportedAsFailed_IsGranted()
    {
        var node = Schema.Open();
        _proxy.CutAfterCommit(1);

        var claim = await node.ClaimAsync("web-qa", Token).WaitAsync(Eventually.Deadline, Token);

        Assert.Equal(1, _proxy.Cuts);
        Assert.True(claim.MaySend);
    }

    [Fact]
    public async Task ReleaseAsync_TheDatabaseIsAwayMeanwhile_AnotherNodeTakesTheLaneLater()
    {
        var node = Schema.Open(node: "one", lease: TimeSpan.FromSeconds(60));
        var first = await node.ClaimAsync("web-qa", Token);
        _proxy.Reset();
        await node.ReleaseAsync(first);
        _proxy.Pass();

        Schema.Address = null;
        var second = await Schema.Open(node: "other").ClaimAsync("web-qa", Token).WaitAsync(Eventually.Deadline, Token);

        Assert.True(second.Epoch > first.Epoch);
    }

    [Fact]
    public async Task ConnectionsHaveEndedMeanwhile_NextAppendAndReads_Succeed()
    {
        var node = Schema.Open();
        Assert.Equal(AppendStatus.Accepted, (await node.AppendAsync(Some.NewEvent("web-qa"), Token)).Status);
        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => node.ReadBacklogAsync(Token)));

        _proxy.Reset();
        _proxy.Pass();

        Assert.Equal(AppendStatus.Accepted, (await node.AppendAsync(Some.NewEvent("web-qa"), Token)).Status);
        for (var i = 0; i < 4; i++) Assert.Equal(2, Assert.Single(await node.ReadBacklogAsync(Token)).Waiting);
    }

    [Fact]
    public async Task Lease_OfANodeWithoutTheDatabaseEnds_TheOtherNodeLogsWhatItWorkedOn()
    {
        var cutOff = Schema.Open(node: "cut-off", lease: TimeSpan.FromSeconds(2));
        await cutOff.ClaimAsync("web-qa", Token).WaitAsync(Eventually.Deadline, Token);
        Schema.Address = null;
        var other = Schema.Open(node: "other", lease: TimeSpan.FromSeconds(2));
        await Eventually.HoldsAsync(() => other.Roster.Nodes.Count == 2, "both nodes live");

        _proxy.Reset();

        await Eventually.HoldsAsync(() => Schema.Log.EventIds.Contains(DeadNode), "the end of the lease is logged");
        const string Text = "Node cut-off has lost its lease: it crashed, or can't reach the database. Check it. Other nodes take web-qa";
        Assert.Contains(Text, Schema.Log.Texts);
    }

    [Fact]
    public async Task Lease_OfAllNodesEndsBecauseTheDatabaseIsAway_NoNodeIsLoggedAsDead()
    {
        var (one, other) = await OpenTwoAsync();

        _proxy.Reset();
        await Eventually.HoldsAsync(() => one.Roster.IsOutdated && other.Roster.IsOutdated, "both rosters are outdated");
        _proxy.Pass();

        await one.ClaimAsync("web-qa", Token).WaitAsync(Eventually.Deadline, Token);
        Assert.DoesNotContain(DeadNode, Schema.Log.EventIds);
    }

    // The lease had not ended in the database, so the node has the same number in it.
    [Fact]
    public async Task Lease_EndsTwiceOnThisNode_IsLoggedTwice()
    {
        // The node's steady clock is too fast, so its trust ends long before the lease.
        Schema.NodeTime = new MachineTime(speed: 20);
        var node = Schema.Open(lease: TimeSpan.FromSeconds(60));
        for (var lost = 1; lost <= 2; lost++)
        {
            var claim = await node.ClaimAsync("web-qa", Token).WaitAsync(Eventually.Deadline, Token);
            _proxy.Swallow();
            await Eventually.HoldsAsync(() => claim.Lost.IsCancellationRequested, "the claim is lost");
            _proxy.Pass();
            await node.ReleaseAsync(claim);
            Assert.Equal(lost, Schema.Log.Texts.Count(text => text.Contains("has lost its lease", StringComparison.Ordinal)));
        }
    }

    // As with a login that lacks a right on one table.
    [Fact]
    public async Task ClaimAsync_FailsWhileHeartbeatsSucceed_IsAProblemAndLogged()
    {
        var node = Schema.Open(lease: TimeSpan.FromSeconds(2));
        await Schema.QueryAsync(
            "CREATE FUNCTION {schema}.refuse() RETURNS trigger LANGUAGE plpgsql AS "
            + "$$ BEGIN RAISE insufficient_privilege; END $$; "
            + "CREATE TRIGGER refuse BEFORE INSERT ON {schema}.claim EXECUTE FUNCTION {schema}.refuse()");
        try
        {
            var claim = node.ClaimAsync("web-qa", Token);

            const string Problem = "his node can't take or give up destinations: the database refuses the permission";
            await Eventually.HoldsAsync(
                () => node.Roster.Problem?.Contains(Problem, StringComparison.Ordinal) == true, "the problem is reported");
            Assert.Single(Schema.Log.Texts, text => text.Contains(Problem, StringComparison.Ordinal));
            await Schema.QueryAsync("DROP TRIGGER refuse ON {schema}.claim");
            await claim.WaitAsync(Eventually.Deadline, Token);
            await Eventually.HoldsAsync(() => node.Roster.Problem is null, "the problem is gone");
        }
        finally
        {
            await Schema.QueryAsync("DROP FUNCTION {schema}.refuse() CASCADE");
        }
    }

    [Fact]
    public async Task Roster_TheDatabaseIsAwayForLongerThanTheLease_IsOutdated()
    {
        var (one, _) = await OpenTwoAsync();

        _proxy.Reset();

        await Eventually.HoldsAsync(() => one.Roster.IsOutdated, "the roster is outdated");
        Assert.Null(one.Roster.OtherHolderOf("web-qa"));
        Assert.Equal(["one", "other"], one.Roster.Nodes.Select(node => node.Name).Order());
        _proxy.Pass();
        await Eventually.HoldsAsync(() => one.Roster is { IsOutdated: false, Nodes.Count: 2 }, "the roster is known again");
    }

    [Fact]
    public async Task Claim_TheDatabaseDoesNotAnswer_IsLostBeforeTheLeaseEnds()
    {
        var lease = TimeSpan.FromSeconds(5);
        var node = Schema.Open(lease: lease);
        var claim = await node.ClaimAsync("web-qa", Token);
        var begun = TimeProvider.System.GetTimestamp();
        _proxy.Swallow();

        await Eventually.HoldsAsync(() => claim.Lost.IsCancellationRequested, "the claim is lost");

        // A statement that is not answered fails after 10 s.
        Assert.InRange(TimeProvider.System.GetElapsedTime(begun), TimeSpan.Zero, lease + TimeSpan.FromSeconds(2));
        _proxy.Pass();
    }
}
