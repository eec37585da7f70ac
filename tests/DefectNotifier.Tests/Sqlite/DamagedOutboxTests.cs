using DefectNotifier.Testing;
using DefectNotifier.Tests.Delivery;

namespace DefectNotifier.Tests.Sqlite;

/// <summary>
/// An outbox with one damaged page. Whatever page it is: either everything is accepted and delivered, or the service is not ready.
/// </summary>
public sealed class DamagedOutboxTests(DamagedOutboxTests.Template template) : IClassFixture<DamagedOutboxTests.Template>
{
    private const byte Garbage = 0xFF;

    /// <summary>Where the list of a page's cells begins, when the page is a leaf.</summary>
    private const int Cells = 8;

    public static TheoryData<string> Names =>
    [
        "attempt", "attempt_open", "clock", "defect", "delivery", "delivery_announce", "delivery_deferred", "delivery_digest",
        "delivery_due", "delivery_event", "delivery_failed", "delivery_kept", "delivery_pending", "digest", "digest_latest",
        "enrichment_request", "enrichment_request_due", "event", "event_subject", "event_unrouted", "lane", "member", "member_asked",
        "message", "message_thread", "message_thread_title", "operator_action", "probe", "rate_limit", "silence", "silence_end",
        "sqlite_autoindex_defect_1", "sqlite_autoindex_event_1", "sqlite_autoindex_event_2", "sqlite_sequence",
    ];

    [Fact]
    public void Names_AreAllTablesAndIndexes() =>
        Assert.Equal(Names.Select(name => name.Data), DamagedOutbox.RootPages(template.Path).Keys.Order(StringComparer.Ordinal));

    [Theory]
    [MemberData(nameof(Names))]
    public async Task IsReady_RootPageOverwritten_IsFalseFromTheStartUnlessEverythingIsDelivered(string name)
    {
        await using var service = new DamagedService(template.Path, DamagedOutbox.RootPages(template.Path)[name], offset: 0, Garbage);

        await service.RunAsync();

        Assert.True(service.IsDelivered || service is { WasReadyAtFirst: false, IsReady: false }, service.ToString());
    }

    [Fact]
    public async Task IsReady_CellsOfAnyPageOverwritten_IsFalseUnlessEverythingIsDelivered()
    {
        for (var page = 2; page <= DamagedOutbox.CountPages(template.Path); page++)
        {
            await using var service = new DamagedService(template.Path, page, Cells, Garbage);

            await service.RunAsync();

            Assert.True(service.IsDelivered || !service.IsReady, $"Page {page}: {service}");
        }
    }

    /// <summary>An outbox as a service leaves it that has delivered some events.</summary>
    public sealed class Template : IAsyncLifetime
    {
        private const int Events = 60;

        private readonly TemporaryDatabase _database = new();

        public string Path => _database.Path;

        public async ValueTask InitializeAsync()
        {
            using var world = new LaneWorld();
            await using var outbox = _database.Open(news: world.Signals);
            using var stop = new CancellationTokenSource();
            var claim = await outbox.ClaimAsync("web-qa", CancellationToken.None);
            var running = world.NewLane(outbox: outbox).RunAsync(claim, stop.Token, stop.Token);
            for (var id = 1; id <= Events; id++) await world.AcceptAsync(id, world.IntakeInto(outbox), CancellationToken.None);
            await world.SentAsync(Events);
            await Eventually.HoldsAsync(() => world.Signals.For("web-qa").Waiting == 0, "the last outcome");
            await stop.CancelAsync();
            await running;
        }

        public ValueTask DisposeAsync() => _database.DisposeAsync();
    }
}
