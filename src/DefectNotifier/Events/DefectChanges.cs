namespace DefectNotifier.Events;

/// <summary>
/// What an update changed. Its webhook contains only an id, so the stored defect is compared with the next response of Qase's API.
/// When several updates come before one response, all changes count for the last of them.
/// </summary>
/// <param name="Update">The update.</param>
/// <param name="Changes">The properties that differ; empty when others were changed.</param>
public sealed record DefectChanges(DefectHistoryEntry Update, IReadOnlyList<DefectChange> Changes)
{
    /// <summary>What a response changed; null when the defect has had no update.</summary>
    internal static DefectChanges? Between(Defect before, Defect after)
    {
        if (before.Updated is not { } update) return null;
        List<DefectChange> changes = [];
        Add(DefectProperty.Title, before.Title, after.Title);
        Add(DefectProperty.Severity, before.Severity?.Label, after.Severity?.Label);
        Add(DefectProperty.Status, before.Status, after.Status);
        // A second response after the same update adds its changes to those of the first.
        return before.Changes is { } known && known.Update == update
            ? known with { Changes = [.. known.Changes, .. changes] }
            : new DefectChanges(update, changes);

        // A property that was not known before has not changed.
        void Add(DefectProperty property, string? from, string? to)
        {
            if (from is not null && to is not null && from != to) changes.Add(new DefectChange(property, from, to));
        }
    }

    internal bool HasSameContentAs(DefectChanges? other) =>
        other is not null && Update == other.Update && Changes.SequenceEqual(other.Changes);
}

/// <summary>One property that an update changed.</summary>
/// <param name="Property">Which.</param>
/// <param name="From">Its value before.</param>
/// <param name="To">Its value since.</param>
public sealed record DefectChange(DefectProperty Property, string From, string To);

/// <summary>A property of a defect. The numbers are stored: never renumber.</summary>
public enum DefectProperty
{
    Title = 0,
    Severity = 1,
    Status = 2,
}
