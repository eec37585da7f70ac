using DefectNotifier.Events;
using DefectNotifier.Outbox.Contract;
using DefectNotifier.Postgres;
using DefectNotifier.Testing;

namespace DefectNotifier.Tests.Postgres.Plans;

/// <summary>What a node does for operators and in the background, on a large outbox.</summary>
internal sealed class OperatorScene(PostgresOutbox outbox, JumpingTime time)
{
    private const string OldEvent = "old-00015000";
    private const long OldDelivery = 15_000;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async Task RunAsync()
    {
        await ListEventsAsync();
        await ListDeliveriesAsync();
        await CountAsync();
        await OperateAsync();
        await EnrichAsync();
        await LogInAsync();
        await PruneAsync();
    }

    private async Task ListEventsAsync()
    {
        EventSummaryQuery[] queries =
        [
            new(),
            new() { Before = 10_000 },
            new() { IdPrefix = OldEvent[..^2] },
            new() { SubjectId = OldDelivery },
            new() { UnroutedOnly = true },
            new() { State = DeliveryState.Pending },
            new() { State = DeliveryState.Dead },
            new() { State = DeliveryState.Held },
        ];
        foreach (var query in queries) await outbox.ReadSummariesAsync(query with { Limit = 20 }, Token);
        await outbox.ReadEventsAsync(new EventQuery { Id = OldEvent }, Token);
        await outbox.ReadEventsAsync(new EventQuery { Limit = 20 }, Token);
        await outbox.ReadArchiveAsync(new ArchiveQuery { Limit = 64 }, Token);
    }

    private async Task ListDeliveriesAsync()
    {
        DeliveryQuery[] queries =
        [
            new(),
            new() { States = [DeliveryState.Dead] },
            new() { States = [DeliveryState.Digested, DeliveryState.Deferred] },
            new() { States = [DeliveryState.Pending], Destination = "lane-20" },
            new() { States = [DeliveryState.Pending], Destination = "lane-20", BeforeId = PlanRows.Count - 64 },
            new() { States = [DeliveryState.Pending], Destination = "lane-200" },
            new() { States = [DeliveryState.Delivered] },
            new() { States = [DeliveryState.Delivered], BeforeId = 10_000 },
            new() { EventId = OldEvent, States = Enum.GetValues<DeliveryState>() },
            new() { Id = OldDelivery, States = Enum.GetValues<DeliveryState>() },
        ];
        foreach (var query in queries) await outbox.ReadDeliveriesAsync(query with { Limit = 20 }, Token);
        await outbox.ReadDeliveryAsync(OldDelivery, Token);
        await outbox.ReadMessageAsync(OldDelivery, Token);
    }

    private async Task CountAsync()
    {
        await outbox.ReadLanesAsync(Token);
        await outbox.ReadFailedAsync(Token);
        await outbox.ReadUnroutedAsync(DateTimeOffset.UnixEpoch, Token);
        await outbox.ReadRecentAsync(Some.Moment.AddHours(-1), Some.Moment.AddHours(1), Token);
        await outbox.ReadUsedBytesAsync(Token);
        await outbox.ReadSilencesAsync(endsAfter: null, Token);
        await outbox.ReadSilencesAsync(Some.Moment, Token);
        await outbox.SaveClockAsync(Some.Moment);
        await outbox.ReadClockAsync(Token);
    }

    private async Task OperateAsync()
    {
        var dead = (await outbox.ReadDeliveriesAsync(new DeliveryQuery { States = [DeliveryState.Dead], Destination = "lane-41" }, Token))
            .Deliveries[0].Id;
        Assert.Equal(DeliveryChangeStatus.Done, (await outbox.RetryAsync(dead, asRendered: false, Some.Moment, "anna")).Status);
        Assert.Equal(DeliveryChangeStatus.Done, (await outbox.DiscardAsync(dead, alsoPending: true, Some.Moment, "anna")).Status);
        Assert.True(await outbox.ResumeAsync("lane-63"));
        Assert.NotNull(await outbox.ExpireSilenceAsync(PlanRows.Silences, Some.Moment));
    }

    private async Task EnrichAsync()
    {
        var key = new DefectKey("", "WEB", OldDelivery);
        await outbox.AppendAsync(
            Some.NewDefectEvent(Some.DefectEvent with { Name = "defect.updated", SubjectId = key.Id }, "lane-20") with { CanEnrich = true },
            Token);
        await outbox.ReadEnrichmentQueuesAsync(10, Token);
        await outbox.ReadEnrichmentRequestsAsync("", Some.Moment, 10, Token);
        await outbox.CountEnrichmentRequestsAsync(Token);
        var details = new DefectDetails { Title = "Renamed", AskedAt = Some.Moment.AddMinutes(1), UpdatedAt = Some.Moment.AddMinutes(1) };
        var change = await outbox.ApplyEnrichmentAsync(
            new EnrichmentResult(EnrichmentRequest.Of(key), Some.Moment.AddMinutes(1)) { Details = details });
        Assert.True(change.IsVisible);
        var name = EnrichmentRequest.Name("", Some.DefectEvent.TeamMemberId!.Value);
        change = await outbox.ApplyEnrichmentAsync(new EnrichmentResult(name, Some.Moment) { Name = "Anna Berg" });
        Assert.True(change.IsVisible);
    }

    private async Task LogInAsync()
    {
        await outbox.Sessions.AddAsync(new Session("hash", "fingerprint", "anna"));
        time.Advance(TimeSpan.FromMinutes(2));
        Assert.NotNull(await outbox.Sessions.FindAsync("hash", isUse: true, Token));
        await outbox.Sessions.RemoveAsync("hash");
    }

    // The first step of each walk, and the last one.
    private async Task PruneAsync()
    {
        var request = new PruneRequest { Now = Some.Moment, KeepDelivered = TimeSpan.FromDays(30), KeepDead = TimeSpan.FromDays(90) };
        Assert.InRange((await outbox.PruneAsync(request)).Pruned, 128, 256);
        Assert.Equal(32, (await outbox.PruneDefectsAsync(request with { Limit = 32 })).Pruned);
        Assert.True((await outbox.PruneDefectsAsync(request with { After = PlanRows.Count })).IsDone);
    }
}
