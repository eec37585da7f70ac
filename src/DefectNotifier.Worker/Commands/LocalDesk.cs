using DefectNotifier.Delivery;
using DefectNotifier.Outbox;
using DefectNotifier.Storage;
using DefectNotifier.Worker.Operations;
using DefectNotifier.Worker.Settings;
using Microsoft.Extensions.Logging.Abstractions;

namespace DefectNotifier.Worker.Commands;

/// <summary>Works on the outbox itself, while the service does not run. What is put back goes out after the next start.</summary>
internal sealed class LocalDesk(SqliteOutbox outbox, NotifierSettings settings, TimeProvider time) : IDesk, IAsyncDisposable
{
    private readonly DeliveryDesk _desk = new(outbox, new LaneSignals(), name => Find(settings, name) is not null, time, NullLogger<DeliveryDesk>.Instance);

    public async Task<DeskAnswer<DeliveryPage>> ListAsync(DeliveryQuery query, CancellationToken cancellationToken) => await _desk.ListAsync(query, cancellationToken);

    public Task<DeskAnswer<DeliveryStory>> FindAsync(long deliveryId, CancellationToken cancellationToken) => _desk.FindAsync(deliveryId, cancellationToken);

    public Task<DeskAnswer<byte[]>> ReadMessageAsync(long deliveryId, CancellationToken cancellationToken) => _desk.ReadMessageAsync(deliveryId, cancellationToken);

    public Task<DeskAnswer<StoredEvent>> FindEventAsync(string eventId, CancellationToken cancellationToken) => _desk.FindEventAsync(eventId, cancellationToken);

    /// <summary>Every lane is stopped; the reason is the one that it was parked or held for.</summary>
    public async Task<IReadOnlyList<LaneStatus>> ReadLanesAsync(CancellationToken cancellationToken)
    {
        var lanes = new List<LaneStatus>();
        foreach (var name in settings.Destinations.Select(destination => destination.Name))
        {
            var lane = await outbox.ReadLaneAsync(name, cancellationToken);
            lanes.Add(new LaneStatus(name, "stopped", lane.ParkedReason ?? lane.HoldReason, Until: null, Waiting: 0, OldestReceivedAt: null));
        }

        return lanes;
    }

    public Task<DeskAnswer<ChangeAnswer>> RetryAsync(long deliveryId, bool asRendered, bool dryRun, CancellationToken cancellationToken) =>
        _desk.RetryAsync(deliveryId, asRendered, dryRun, cancellationToken);

    public Task<DeskAnswer<ChangeAnswer>> DiscardAsync(long deliveryId, bool dryRun, CancellationToken cancellationToken) => _desk.DiscardAsync(deliveryId, dryRun, cancellationToken);

    public Task<DeskAnswer<BulkAnswer>> RetryAsync(BulkRequest request, CancellationToken cancellationToken) => _desk.RetryAsync(request, cancellationToken);

    public Task<DeskAnswer<BulkAnswer>> DiscardAsync(BulkRequest request, CancellationToken cancellationToken) => _desk.DiscardAsync(request, cancellationToken);

    public Task<DeskAnswer<ResumeAnswer>> ResumeAsync(string destination, CancellationToken cancellationToken)
    {
        var known = Find(settings, destination);
        DeskAnswer<ResumeAnswer> answer = known is null
            ? DeskProblems.UnknownDestination
            : new ResumeAnswer(known.Name, "The service does not run; when it starts it tries parked destinations at once anyway.");
        return Task.FromResult(answer);
    }

    private static DestinationOptions? Find(NotifierSettings settings, string name) =>
        settings.Destinations.FirstOrDefault(candidate => string.Equals(candidate.Name, name, StringComparison.OrdinalIgnoreCase));

    public ValueTask DisposeAsync() => outbox.DisposeAsync();
}
