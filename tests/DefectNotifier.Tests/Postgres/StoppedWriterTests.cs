using DefectNotifier.Outbox.Contract;
using DefectNotifier.Postgres.Schema;
using DefectNotifier.Testing;

namespace DefectNotifier.Tests.Postgres;

/// <summary>A node is stopped while it holds the lock of the outbox.</summary>
public sealed class StoppedWriterTests : SchemaTests
{
    [Theory]
    [InlineData(false, "idle in transaction")]
    [InlineData(true, "active")]
    public async Task AppendAsync_TheHolderOfTheLockWaitsForItsClient_EndsItAndSucceeds(bool isMidway, string state)
    {
        var node = Schema.Open();
        using var holder = await StoppedClient.StartAsync(
            Schema.Server.Port,
            ["BEGIN", $"SELECT pg_advisory_xact_lock({PostgresSchema.LockClass}, hashtext('{Schema.Name}'))"],
            isMidway);
        var connection = $"FROM pg_stat_activity WHERE pid = {holder.ServerProcess}";
        await Eventually.HoldsAsync(
            async () => await Schema.QueryAsync(
                $"SELECT count(*) {connection} AND state = '{state}' AND wait_event = 'ClientRead' AND pid IN "
                + "(SELECT pid FROM pg_locks WHERE locktype = 'advisory' AND granted)") is 1L,
            () => "the server waits for the client that has the lock");

        var result = await node.AppendAsync(Some.NewEvent("web-qa"), Token).WaitAsync(Eventually.Deadline, Token);

        Assert.Equal(AppendStatus.Accepted, result.Status);
        Assert.Equal(0L, await Schema.QueryAsync($"SELECT count(*) {connection}"));
    }

    // It works, and is waited for.
    [Fact]
    public async Task AppendAsync_TheHolderOfTheLockWorks_IsNotEnded()
    {
        var node = Schema.Open();
        var holder = Schema.QueryAsync(
            $"SELECT 1 FROM (SELECT pg_advisory_xact_lock({PostgresSchema.LockClass}, hashtext('{Schema.Name}'))) AS one, pg_sleep(3)");
        await Eventually.HoldsAsync(
            async () => await Schema.QueryAsync(
                $"SELECT count(*) FROM pg_stat_activity WHERE wait_event = 'PgSleep' AND query LIKE '%{Schema.Name}%'") is 1L,
            () => "the other one has the lock");

        var result = await node.AppendAsync(Some.NewEvent("web-qa"), Token).WaitAsync(Eventually.Deadline, Token);

        Assert.Equal(AppendStatus.Accepted, result.Status);
        Assert.Equal(1, await holder);
    }
}
