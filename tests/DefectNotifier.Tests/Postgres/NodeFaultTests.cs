using DefectNotifier.Outbox.Contract;
using DefectNotifier.Testing;
using DefectNotifier.Testing.Databases;
using Npgsql;

namespace DefectNotifier.Tests.Postgres;

/// <summary>The claims of a node whose connections to the database fail.</summary>
public sealed class NodeFaultTests : IAsyncLifetime
{
    private TemporarySchema _schema = null!;
    private DatabaseProxy _proxy = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _schema = await TemporarySchema.CreateAsync();
        _proxy = new DatabaseProxy(_schema.Server.Port);
        _schema.Address = _proxy.ConnectionString(_schema.Server.ConnectionString());
    }

    public async ValueTask DisposeAsync()
    {
        if (_schema is not null) await _schema.DisposeAsync();
        if (_proxy is not null) await _proxy.DisposeAsync();
    }

    [Fact]
    public async Task Open_TheDatabaseIsSlowerThanAHeartbeatMayBe_Succeeds()
    {
        await _schema.Open().DisposeAsync();
        await using var connection = new NpgsqlConnection(_schema.Server.ConnectionString());
        await connection.OpenAsync(Token);
        await using var transaction = await connection.BeginTransactionAsync(Token);
        await using (var command = new NpgsqlCommand($"LOCK TABLE {_schema.Name}.node", connection, transaction))
            await command.ExecuteNonQueryAsync(Token);

        // A heartbeat may take a quarter of the lease.
        var opening = Task.Run(() => _schema.Open(lease: TimeSpan.FromSeconds(4)), Token);
        await Eventually.HoldsAsync(HasWaitedForTheTableAsync, () => "the registration waits");
        await transaction.RollbackAsync(Token);

        var node = await opening.WaitAsync(Eventually.Deadline, Token);
        Assert.True((await node.ClaimAsync("web-qa", Token).WaitAsync(Eventually.Deadline, Token)).MaySend);
    }

    private async Task<bool> HasWaitedForTheTableAsync() => await _schema.QueryAsync(
        "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND query LIKE '%{schema}.node%' "
        + "AND clock_timestamp() - query_start > interval '1.5 seconds'") is > 0L;

    [Fact]
    public async Task ClaimAsync_ItsCommitIsReportedAsFailed_IsGranted()
    {
        var node = _schema.Open();
        _proxy.CutAfterCommit(1);

        var claim = await node.ClaimAsync("web-qa", Token).WaitAsync(Eventually.Deadline, Token);

        Assert.Equal(1, _proxy.Cuts);
        Assert.True(claim.MaySend);
    }

    [Fact]
    public async Task ReleaseAsync_TheDatabaseIsAwayMeanwhile_AnotherNodeTakesTheLaneLater()
    {
        var node = _schema.Open(node: "one", lease: TimeSpan.FromSeconds(60));
        var first = await node.ClaimAsync("web-qa", Token);
        _proxy.Reset();
        await node.ReleaseAsync(first);
        _proxy.Pass();

        _schema.Address = null;
        var second = await _schema.Open(node: "other").ClaimAsync("web-qa", Token).WaitAsync(Eventually.Deadline, Token);

        Assert.True(second.Epoch > first.Epoch);
    }

    [Fact]
    public async Task ConnectionsHaveEndedMeanwhile_NextAppendAndReads_Succeed()
    {
        var node = _schema.Open();
        Assert.Equal(AppendStatus.Accepted, (await node.AppendAsync(Some.NewEvent("web-qa"), Token)).Status);
        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => node.ReadBacklogAsync(Token)));

        _proxy.Reset();
        _proxy.Pass();

        Assert.Equal(AppendStatus.Accepted, (await node.AppendAsync(Some.NewEvent("web-qa"), Token)).Status);
        for (var i = 0; i < 4; i++) Assert.Equal(2, Assert.Single(await node.ReadBacklogAsync(Token)).Waiting);
    }

    [Fact]
    public async Task Claim_TheDatabaseDoesNotAnswer_IsLostBeforeTheLeaseEnds()
    {
        var lease = TimeSpan.FromSeconds(5);
        var node = _schema.Open(lease: lease);
        var claim = await node.ClaimAsync("web-qa", Token);
        var begun = TimeProvider.System.GetTimestamp();
        _proxy.Swallow();

        await Eventually.HoldsAsync(() => claim.Lost.IsCancellationRequested, "the claim is lost");

        // A statement that is not answered fails after 10 s.
        Assert.InRange(TimeProvider.System.GetElapsedTime(begun), TimeSpan.Zero, lease + TimeSpan.FromSeconds(2));
        _proxy.Pass();
    }
}
