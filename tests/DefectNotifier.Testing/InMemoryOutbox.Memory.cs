using DefectNotifier.Events;
using DefectNotifier.Outbox;
using DefectNotifier.Routing;

namespace DefectNotifier.Testing;

public sealed partial class InMemoryOutbox : IEnrichmentStore
{
    // By the wish without its tries.
    private readonly Dictionary<EnrichmentRequest, (int Tries, DateTimeOffset? DueAt, DateTimeOffset? OverAt)> _wishes = [];
    private readonly Dictionary<(string Source, long Id), KnownName> _names = [];

    public Task<IReadOnlyDictionary<long, string>> ReadNamesAsync(string source, IReadOnlyCollection<long> teamMemberIds, CancellationToken cancellationToken) =>
        Use<IReadOnlyDictionary<long, string>>(
            () => teamMemberIds.Distinct().Where(id => _names.GetValueOrDefault((source, id))?.Name is not null).ToDictionary(id => id, id => _names[(source, id)].Name!),
            cancellationToken);

    public Task<IReadOnlyList<EnrichmentQueue>> ReadEnrichmentQueuesAsync(int limit, CancellationToken cancellationToken) => Use<IReadOnlyList<EnrichmentQueue>>(
        () => [.. Waiting().GroupBy(one => one.EnrichmentRequest.Source, StringComparer.Ordinal).OrderBy(queue => queue.Key, StringComparer.Ordinal).Take(limit)
            .Select(queue => new EnrichmentQueue(queue.Key, queue.Min(one => one.DueAt)))],
        cancellationToken);

    public Task<IReadOnlyList<EnrichmentRequest>> ReadEnrichmentRequestsAsync(string source, DateTimeOffset until, int limit, CancellationToken cancellationToken) => Use<IReadOnlyList<EnrichmentRequest>>(
        () => [.. Waiting().Where(one => one.EnrichmentRequest.Source == source && one.DueAt <= until).OrderBy(one => one.DueAt).Take(limit).Select(one => one.EnrichmentRequest)], cancellationToken);

    public Task<long> CountEnrichmentRequestsAsync(CancellationToken cancellationToken) => Use(() => Waiting().LongCount(), cancellationToken);

    public Task<MemoryChange> ApplyEnrichmentAsync(EnrichmentResult end) => Use(() => ApplyEnrichment(end), CancellationToken.None);

    private IEnumerable<(EnrichmentRequest EnrichmentRequest, DateTimeOffset DueAt)> Waiting() =>
        _wishes.Where(one => one.Value.DueAt is not null).Select(one => (one.Key with { Tries = one.Value.Tries }, one.Value.DueAt!.Value));

    private MemoryChange ApplyEnrichment(EnrichmentResult end)
    {
        var request = end.EnrichmentRequest with { Tries = 0 };
        if (end.NextAt is { } next)
        {
            if (_wishes.TryGetValue(request, out var waiting) && waiting.DueAt is not null) _wishes[request] = (waiting.Tries + 1, next, null);
            return new MemoryChange(request.Defect, IsVisible: false);
        }

        return request.Defect is { } key ? LearnDefect(end, key) : LearnName(end);
    }

    private MemoryChange LearnDefect(EnrichmentResult end, DefectKey key)
    {
        var request = EnrichmentRequest.Of(key);
        var isKnown = _defects.TryGetValue(key, out var known);
        var after = isKnown && end.Details is { } details ? known.Defect.With(details) : null;
        if (after is { LacksDetails: false }) _wishes.Remove(request);
        else if (_wishes.ContainsKey(request)) _wishes[request] = (0, null, end.At);
        if (after is null) return new MemoryChange(key, IsVisible: false);
        _defects[key] = known with { Defect = after };
        if (after.Creation?.TeamMemberId is > 0 and var creator) AddName(key.Source, creator, end.At);
        var isVisible = !after.HasSameContentAs(known.Defect);
        return new MemoryChange(key, isVisible) { Owing = isVisible ? [.. Refresh(key, end.At)] : [] };
    }

    private MemoryChange LearnName(EnrichmentResult end)
    {
        var id = (end.EnrichmentRequest.Source, end.EnrichmentRequest.TeamMemberId);
        var before = _names.GetValueOrDefault(id)?.Name;
        _names[id] = new KnownName(end.Name ?? before, end.At);
        _wishes.Remove(end.EnrichmentRequest with { Tries = 0 });
        var isVisible = end.Name is not null && end.Name != before;
        var latest = _defects.OrderByDescending(one => one.Value.Number).Take(IEnrichmentStore.MaxNamed)
            .Where(one => one.Key.Source == end.EnrichmentRequest.Source && one.Value.Defect.TeamMembers().Contains(end.EnrichmentRequest.TeamMemberId)).Select(one => one.Key).ToList();
        return new MemoryChange(Defect: null, isVisible) { Owing = isVisible ? [.. latest.SelectMany(key => Refresh(key, end.At))] : [] };
    }

    private List<string> Refresh(DefectKey key, DateTimeOffset at)
    {
        var destinations = _threads.Where(one => one.Key.Defect == key && one.Value.Root is not null && IsKeptTrue(one.Value.PostedBy))
            .Select(one => One(one.Value.PostedBy)!.Plan.Destination)
            .Union(Underway(key), StringComparer.OrdinalIgnoreCase).Order(StringComparer.Ordinal).ToList();
        if (destinations.Count > 0) Append(MessageRefresh.Of(key, destinations, at));
        return destinations;
    }

    private IEnumerable<string> Underway(DefectKey key) => Pending()
        .GroupBy(delivery => delivery.Plan.Destination, StringComparer.OrdinalIgnoreCase)
        .SelectMany(lane => lane.Where((delivery, i) => i == 0 || delivery.IsBegun))
        .Where(delivery => delivery.ToPending().Defect == key && IsKeptTrue(delivery.Id) && !delivery.SendsOwnMessage)
        .Select(delivery => delivery.Plan.Destination);

    private bool IsKeptTrue(long deliveryId) => One(deliveryId)?.Plan.MessageMode is MessageMode.ThreadAndUpdate or MessageMode.Update;

    private bool AskDetails(NewEvent newEvent, DefectKey key, Defect after)
    {
        if (!after.LacksDetails) _wishes.Remove(EnrichmentRequest.Of(key));
        return newEvent.MayAsk && after.LacksDetails && key.ProjectCode.Length > 0 && AddEnrichmentRequest(EnrichmentRequest.Of(key), newEvent.ReceivedAt);
    }

    private bool AskName(NewEvent newEvent) => newEvent.MayAsk && newEvent.TeamMemberId is > 0 and var member && AddName(newEvent.Source, member, newEvent.ReceivedAt);

    private bool AddName(string source, long id, DateTimeOffset at) => _names.GetValueOrDefault((source, id))?.IsFresh(at) != true && AddEnrichmentRequest(EnrichmentRequest.Name(source, id), at);

    private bool AddEnrichmentRequest(EnrichmentRequest request, DateTimeOffset at)
    {
        if (_wishes.TryGetValue(request, out var before) && !(before.OverAt < at - IEnrichmentStore.AgainAfter)) return false;
        _wishes[request] = (0, at, null);
        return true;
    }
}
