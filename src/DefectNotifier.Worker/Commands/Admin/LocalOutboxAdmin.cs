using DefectNotifier.Delivery.Lanes;
using DefectNotifier.Delivery.Sending;
using DefectNotifier.Outbox.Contract;
using DefectNotifier.Routing;
using DefectNotifier.Worker.Commands.Execution;
using DefectNotifier.Worker.Hosting;
using DefectNotifier.Worker.Http;
using DefectNotifier.Worker.Operations;
using DefectNotifier.Worker.Operations.Status;
using Microsoft.Extensions.Logging.Abstractions;

namespace DefectNotifier.Worker.Commands.Admin;

/// <summary>
/// Works on the outbox itself, while the service is stopped. Retried deliveries are sent after the next start, or now by other nodes that
/// share the outbox.
/// </summary>
internal sealed class LocalOutboxAdmin(
    OutboxEngine outbox,
    AccessSettings access,
    IReadOnlyList<IDestinationType> types,
    Lazy<PipelineConfiguration?> pipeline,
    TimeProvider time)
    : IOutboxAdmin, IAsyncDisposable
{
    // While the settings have errors, a destination that is missing may be configured.
    private readonly OutboxAdmin _admin = new(
        outbox.History,
        () => pipeline.Value?.Routes,
        name => access.HasErrors || access.Settings.FindDestination(name) is not null,
        time,
        NullLogger<OutboxAdmin>.Instance);

    private readonly LocalStatus _status = new(outbox.View, access, types, time);

    private readonly SilenceAdmin _silences = new(outbox.Silences, time, NullLogger<SilenceAdmin>.Instance);

    public async Task<AdminResult<DeliveryPage>> ListAsync(DeliveryQuery query, CancellationToken cancellationToken) =>
        await _admin.ListAsync(query, cancellationToken);

    public async Task<AdminResult<EventSummaryPage>> ListEventsAsync(EventSummaryQuery query, CancellationToken cancellationToken) =>
        await _admin.ListEventsAsync(query, cancellationToken);

    public async Task<AdminResult<DeliveryTimeline>> FindAsync(long deliveryId, CancellationToken cancellationToken) =>
        (await _admin.FindAsync(deliveryId, cancellationToken)).Select((await SentencesAsync(cancellationToken)).Explain);

    public async Task<AdminResult<DeliveryMessage>> ReadMessageAsync(long deliveryId, CancellationToken cancellationToken)
    {
        MessagePreview? Preview() => pipeline.Value is { } known ? new MessagePreview(outbox.Outbox, () => known) : null;
        using var reader = new MessageReader(_admin, outbox.History, Preview);
        return await reader.ReadAsync(deliveryId, cancellationToken);
    }

    public async Task<AdminResult<StoredEvent>> FindEventAsync(string eventId, CancellationToken cancellationToken) =>
        (await _admin.FindEventAsync(eventId, cancellationToken)).Select((await SentencesAsync(cancellationToken)).Explain);

    public Task<IReadOnlyList<LaneStatus>> ReadLanesAsync(CancellationToken cancellationToken) => _status.ReadLanesAsync(cancellationToken);

    public async Task<AdminResult<ServiceStatus>> ReadStatusAsync(CancellationToken cancellationToken) =>
        await _status.ReadAsync(isInUse: false, cancellationToken);

    public Task<AdminResult<ChangeResult>> RetryAsync(long deliveryId, bool asRendered, bool dryRun, CancellationToken cancellationToken) =>
        _admin.RetryAsync(deliveryId, asRendered, dryRun, cancellationToken);

    public Task<AdminResult<ChangeResult>> DiscardAsync(long deliveryId, bool dryRun, CancellationToken cancellationToken) =>
        _admin.DiscardAsync(deliveryId, dryRun, cancellationToken);

    public Task<AdminResult<BulkResult>> RetryAsync(BulkRequest request, CancellationToken cancellationToken) =>
        _admin.RetryAsync(request, cancellationToken);

    public Task<AdminResult<BulkResult>> DiscardAsync(BulkRequest request, CancellationToken cancellationToken) =>
        _admin.DiscardAsync(request, cancellationToken);

    public async Task<AdminResult<ResumeResponse>> ResumeAsync(string destination, CancellationToken cancellationToken)
    {
        var lanes = await ReadLanesAsync(cancellationToken);
        var lane = lanes.FirstOrDefault(one => string.Equals(one.Destination, destination, StringComparison.OrdinalIgnoreCase));
        if (lane is null) return AdminProblems.UnknownDestination(destination, [.. lanes.Select(one => one.Destination)]);
        var known = lane.Destination;
        if ((await outbox.View.ReadRosterAsync(cancellationToken)).Nodes.Count == 0)
            return new ResumeResponse(known, "The service is not running; it retries parked destinations when it starts.");
        if (!await outbox.History.ResumeAsync(known)) return AdminProblems.NotParked(known);
        return new ResumeResponse(
            known, $"{(lane.Node is { } node ? $"Node {node}" : "The node that takes it over")} tries its next delivery now.");
    }

    public async Task<AdminResult<IReadOnlyList<Silence>>> ListSilencesAsync(bool all, CancellationToken cancellationToken) =>
        new(await _silences.ListAsync(all, cancellationToken), Problem: null);

    public Task<AdminResult<Silence>> AddSilenceAsync(SilenceRequest request, CancellationToken cancellationToken) =>
        _silences.AddAsync(request, Operator.Unnamed);

    public Task<AdminResult<Silence>> ExpireSilenceAsync(long id, CancellationToken cancellationToken) =>
        _silences.ExpireAsync(id, Operator.Unnamed);

    private async Task<DeliverySentences> SentencesAsync(CancellationToken cancellationToken) =>
        new(await ReadLanesAsync(cancellationToken), access.Settings.FindDestination, _ => null, time.GetUtcNow(), isRunning: false);

    public ValueTask DisposeAsync() => outbox.DisposeAsync();
}
