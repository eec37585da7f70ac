using DefectNotifier.Events;
using DefectNotifier.Outbox;

namespace DefectNotifier.Sqlite;

/// <summary>What came of asking Qase: it becomes part of the memory, and the wish ends or is asked again.</summary>
internal sealed class ApplyEnrichmentOperation(EnrichmentResult end) : WriteOperation
{
    private readonly TaskCompletionSource<MemoryChange> _end = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly List<string> _owing = [];
    private MemoryChange? _result;

    public Task<MemoryChange> Result => _end.Task;

    /// <summary>Nothing that anybody is owed: the room that a full disk has left is for others, and Qase can be asked again.</summary>
    public override bool MaySpendReserve => false;

    public override void Execute(WriteSession session)
    {
        var isVisible = false;
        if (end.NextAt is { } next) session.EnrichmentRequests.Defer(end.EnrichmentRequest, next);
        else if (end.EnrichmentRequest.Defect is { } key) isVisible = LearnDefect(session, key);
        else isVisible = LearnName(session);
        _owing.Clear();
        if (isVisible) RefreshAll(session);
        _result = new MemoryChange(end.EnrichmentRequest.Defect, isVisible) { Owing = [.. _owing] };
    }

    public override void Complete() => _end.TrySetResult(_result!);

    public override void Fail(string detail, Exception? error) =>
        _end.TrySetException(error is null ? new OutboxUnavailableException(detail) : new OutboxUnavailableException(detail, error));

    // The defects that look different now.
    private IReadOnlyList<DefectKey> Shown(WriteSession session) =>
        end.EnrichmentRequest.Defect is { } key ? [key] : session.Defects.FindLatestOf(end.EnrichmentRequest.Source, end.EnrichmentRequest.TeamMemberId, IEnrichmentStore.MaxNamed);

    private void RefreshAll(WriteSession session)
    {
        var underway = session.Defects.FindUnderway();
        foreach (var defect in Shown(session)) Refresh(session, defect, underway[defect]);
    }

    private void Refresh(WriteSession session, DefectKey key, IEnumerable<string> underway)
    {
        var destinations = session.Defects.FindMessages(key).Union(underway, StringComparer.OrdinalIgnoreCase).ToList();
        if (destinations.Count == 0) return;
        new EventInsert(MessageRefresh.Of(key, destinations, end.At)).Execute(session);
        _owing.AddRange(destinations);
    }

    private bool LearnDefect(WriteSession session, DefectKey key)
    {
        var (before, after) = end.Details is { } details ? session.Defects.ApplyEnrichment(key, details) : (null, null);
        // A answer without a title ends it, too: the next one would hardly have one.
        if (after is null or { LacksDetails: true }) session.EnrichmentRequests.End(end.EnrichmentRequest, end.At);
        else session.EnrichmentRequests.Delete(end.EnrichmentRequest);
        if (after is null) return false;
        if (after.Creation?.TeamMemberId is > 0 and var creator) session.EnrichmentRequests.AddName(key.Source, creator, end.At);
        return !after.HasSameContentAs(before!);
    }

    private bool LearnName(WriteSession session)
    {
        var (source, id) = (end.EnrichmentRequest.Source, end.EnrichmentRequest.TeamMemberId);
        var before = session.EnrichmentRequests.Find(source, id)?.Name;
        session.EnrichmentRequests.SaveName(source, id, end.Name, end.At);
        session.EnrichmentRequests.Delete(end.EnrichmentRequest);
        return end.Name is not null && end.Name != before;
    }
}
