using DefectNotifier.Outbox.Contract;
using DefectNotifier.Postgres;
using DefectNotifier.Postgres.Schema;
using DefectNotifier.Testing;
using DefectNotifier.Tests.Outbox;
using Npgsql;

namespace DefectNotifier.Tests.Postgres.Plans;

/// <summary>
/// Lets a node do everything that it can do, on a large outbox: intake and lanes here, the rest in <see cref="OperatorScene"/>.
/// </summary>
internal sealed class PlanScene(PlanStore store)
{
    /// <summary>As many operations as one commit may have.</summary>
    private const int Together = 64;

    private static readonly DigestScope Scope = new(PlanRows.MixedLane, "C1", TimeSpan.FromMinutes(1), Some.Moment.AddMinutes(1));

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async Task RunAsync()
    {
        var signals = new OutboxSignals();
        var outbox = store.Open("one", signals);
        await ClaimAsync(outbox);
        await AppendAsync(outbox);
        await DeliverAsync(outbox);
        await DigestAsync(outbox);
        await RichOutbox.FillAsync(outbox);
        await new OperatorScene(outbox, store.Schema.Time).RunAsync();
        await ShareAsync(outbox);
        await EndStalledAsync();
        // A lane for which nothing was added here: the node looks for pending deliveries of others.
        await signals.For("lane-50").WaitAsync(Token).WaitAsync(Eventually.Deadline, Token);
        await outbox.DisposeAsync();
    }

    private static async Task ClaimAsync(PostgresOutbox outbox)
    {
        outbox.Group(new Dictionary<string, string> { [PlanRows.MixedLane] = "slack", ["lane-8"] = "slack" });
        await outbox.ClaimOfAsync(PlanRows.MixedLane);
        // This lane has attempts that its last holder left open.
        Assert.Equal(1, (await outbox.ClaimOfAsync($"lane-{(PlanRows.Count - 1) % PlanRows.Lanes}")).Interrupted);
        await outbox.ReadRosterAsync(Token);
    }

    private async Task AppendAsync(PostgresOutbox outbox)
    {
        var known = EventsFrom(15_000);
        var unknown = EventsFrom(PlanRows.Count + 1);
        foreach (var events in (IReadOnlyList<NewEvent>[])[known, unknown, known])
            await TogetherAsync(() => events.Select(one => outbox.AppendAsync(one, Token)));
    }

    private async Task DeliverAsync(PostgresOutbox outbox)
    {
        var claim = await outbox.ClaimOfAsync(PlanRows.MixedLane);
        var page = (await outbox.ReadPendingAsync(claim, 2 * Together, Token)).Deliveries;
        var pending = page.TakeLast(Together).ToList();
        Assert.Equal(Together, pending.Count);
        await TogetherAsync(() => pending.Select(one => outbox.StartAttemptAsync(claim, one.Id, Some.Moment)));
        await TogetherAsync(() => pending.Select(one => outbox.RecordAsync(claim, Some.Outcome(one))));

        var defect = pending[0].Defect!.Value;
        await outbox.ReadDefectAsync(defect, Token);
        await outbox.ReadContextAsync(PlanRows.MixedLane, defect, Token);
        await outbox.ReadRateLimitAsync("slack:T7", Token);
        await outbox.ReadNamesAsync("", [7, 8], Token);
        await outbox.IsRequestedAsync([EnrichmentRequest.Of(defect)], Token);
        await outbox.SaveLaneAsync(claim, new LaneState(PlanRows.MixedLane) { Failures = 1 });
        await outbox.ProbeAsync(Token);

        foreach (var overdue in await outbox.ReadOverdueAsync(Some.Moment, Token))
            await outbox.AnnounceAsync(overdue, Some.Moment, Some.NewEvent(overdue.Fallback));
        await outbox.ReadBacklogAsync(Token);
        await outbox.ReadDeferredAsync(Token);
    }

    private async Task DigestAsync(PostgresOutbox outbox)
    {
        var events = EventsFrom(14_000);
        await TogetherAsync(() => events.Select(one => outbox.AppendAsync(one, Token)));
        var claim = await outbox.ClaimOfAsync(PlanRows.MixedLane);
        var page = (await outbox.ReadPendingAsync(claim, 256, Token)).Deliveries;
        var joined = page.Where(one => one.Id > PlanRows.Count).Select(one => one.Id).ToList();
        await outbox.JoinMessageAsync(
            claim, page[^1] with { RepeatWithin = TimeSpan.FromDays(36_500) }, "C1", $"title-{PlanRows.Lanes + 7}", Some.Moment);
        await outbox.JoinDigestAsync(claim, new DigestJoin(Scope, joined) { FirstDueAt = Some.Moment });
        await outbox.ReadLatestDigestAsync(claim, isUrgent: false, Token);
        await outbox.ReadDigestAsync(PlanRows.Digest, Token);
        await outbox.ReadNextDueAsync(claim, Token);
        await outbox.TakeBackAsync(claim, PlanRows.Digest);
        Assert.True(await outbox.ReleaseDeferredAsync(claim, Scope));
    }

    // Two nodes: they send notifications to each other, and one takes what the other frees.
    private async Task ShareAsync(PostgresOutbox outbox)
    {
        var other = store.Open("other");
        await Eventually.HoldsAsync(() => outbox.Roster.Nodes.Count == 2 && other.Roster.Nodes.Count == 2, "both nodes know each other");
        await outbox.AppendAsync(Some.NewEvent("lane-9"), Token);
        await outbox.ReleaseClaimAsync(PlanRows.MixedLane);
        await other.ClaimAsync(PlanRows.MixedLane, Token).WaitAsync(Eventually.Deadline, Token);
        await other.DisposeAsync();
    }

    // The clock of the database was set back: the lease of a node that has gone does not end.
    private async Task EndStalledAsync()
    {
        await store.RunAsync(
            """
            INSERT INTO {schema}.node (id, name, version, configuration, started_at, ahead, beat, lease, expires_at)
            VALUES (99, 'stalled', '', '', 1, 0, 1, 1, now() + interval '1 hour')
            """);
        await Eventually.HoldsAsync(
            async () => await store.RunAsync("SELECT count(*) FROM {schema}.node WHERE id = 99") is 0L, () => "the stalled node is ended");
    }

    private static List<NewEvent> EventsFrom(long defect) =>
    [
        .. Enumerable.Range(0, Together).Select(
            at => Some.NewDefectEvent(Some.DefectEvent with { SubjectId = defect + at }, PlanRows.MixedLane)),
    ];

    // The first operation waits in its commit for the lock of the outbox, and the others for the next commit.
    private async Task TogetherAsync(Func<IEnumerable<Task>> start)
    {
        await using var connection = new NpgsqlConnection(store.Schema.Server.ConnectionString());
        await connection.OpenAsync(Token);
        await using var transaction = await connection.BeginTransactionAsync(Token);
        await using var command = new NpgsqlCommand(
            $"SELECT pg_advisory_xact_lock({PostgresSchema.LockClass}, hashtext('{store.Schema.Name}'))", connection, transaction);
        await command.ExecuteNonQueryAsync(Token);
        var started = start().ToList();
        await transaction.CommitAsync(Token);
        await Task.WhenAll(started);
    }
}
