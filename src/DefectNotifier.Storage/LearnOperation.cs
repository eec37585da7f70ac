using DefectNotifier.Events;
using DefectNotifier.Outbox;

namespace DefectNotifier.Storage;

/// <summary>What came of asking Qase: it becomes part of the memory, and the wish ends or is asked again.</summary>
internal sealed class LearnOperation(WishEnd end) : WriteOperation
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
        if (end.NextAt is { } next) session.Wishes.Defer(end.Wish, next);
        else if (end.Wish.Defect is { } key) isVisible = LearnDefect(session, key);
        else isVisible = LearnName(session);
        _owing.Clear();
        if (isVisible) RefreshAll(session);
        _result = new MemoryChange(end.Wish.Defect, isVisible) { Owing = [.. _owing] };
    }

    public override void Complete() => _end.TrySetResult(_result!);

    public override void Fail(string detail, Exception? fault) =>
        _end.TrySetException(fault is null ? new OutboxUnavailableException(detail) : new OutboxUnavailableException(detail, fault));

    // The defects that look different now.
    private IReadOnlyList<DefectKey> Shown(WriteSession session) =>
        end.Wish.Defect is { } key ? [key] : session.Defects.FindLatestOf(end.Wish.Source, end.Wish.TeamMemberId, IDefectMemory.MostNamed);

    private void RefreshAll(WriteSession session)
    {
        var underway = session.Defects.FindUnderway();
        foreach (var defect in Shown(session)) Refresh(session, defect, underway[defect]);
    }

    private void Refresh(WriteSession session, DefectKey key, IEnumerable<string> underway)
    {
        var destinations = session.Defects.FindMessages(key).Union(underway, StringComparer.OrdinalIgnoreCase).ToList();
        if (destinations.Count == 0) return;
        new EventInsert(DetailsNotice.Of(key, destinations, end.At)).Execute(session);
        _owing.AddRange(destinations);
    }

    private bool LearnDefect(WriteSession session, DefectKey key)
    {
        var (before, after) = end.Details is { } details ? session.Defects.Learn(key, details) : (null, null);
        // An answer without a title ends it, too: the next one would hardly have one.
        if (after is null or { LacksDetails: true }) session.Wishes.End(end.Wish, end.At);
        else session.Wishes.Delete(end.Wish);
        if (after is null) return false;
        if (after.Creation?.TeamMemberId is > 0 and var creator) session.Wishes.AddName(key.Source, creator, end.At);
        return !after.LooksLike(before!);
    }

    private bool LearnName(WriteSession session)
    {
        var (source, id) = (end.Wish.Source, end.Wish.TeamMemberId);
        var before = session.Wishes.Find(source, id)?.Name;
        session.Wishes.SaveName(source, id, end.Name, end.At);
        session.Wishes.Delete(end.Wish);
        return end.Name is not null && end.Name != before;
    }
}
