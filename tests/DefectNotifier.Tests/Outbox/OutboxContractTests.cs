using DefectNotifier.Outbox.Contract;
using DefectNotifier.Testing;

namespace DefectNotifier.Tests.Outbox;

/// <summary>
/// The contract of <see cref="IOutbox"/> and <see cref="IOutboxHistory"/>; one derived class for each implementation runs these tests.
/// The tests are in one file for each topic.
/// </summary>
public abstract partial class OutboxContractTests : IAsyncLifetime
{
    /// <summary>The page bound that <see cref="OpenAsync"/> must set.</summary>
    protected const int PageBytes = 1000;

    private readonly RecordedNews _news = new();
    private IOutbox? _outbox;

    protected static CancellationToken Token => TestContext.Current.CancellationToken;

    private IOutbox Outbox => _outbox!;

    private IOutboxHistory History => (IOutboxHistory)_outbox!;

    private IClaims Claims => (IClaims)_outbox!;

    public async ValueTask InitializeAsync() => _outbox = await OpenAsync(_news);

    public async ValueTask DisposeAsync()
    {
        await CloseAsync();
        GC.SuppressFinalize(this);
    }

    /// <param name="news">Receives what the store commits.</param>
    protected abstract ValueTask<IOutbox> OpenAsync(IOutboxNews news);

    protected virtual ValueTask CloseAsync() => ValueTask.CompletedTask;

    private async Task<PendingDelivery> PendingAsync(string destination = "web-qa")
    {
        await Outbox.AppendAsync(Some.NewEvent(destination), Token);
        return (await Outbox.ReadPendingAsync(destination, 1, Token))[0];
    }

    private async Task<StoredEvent> StoredAsync(string eventId) =>
        Assert.Single(await History.ReadEventsAsync(new EventQuery { Id = eventId }, Token));
}
