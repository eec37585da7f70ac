namespace DefectNotifier.Events;

/// <summary>What was said of a defect last.</summary>
/// <param name="Text">What was said.</param>
/// <param name="Since">The event that said it.</param>
public sealed record DefectFact(string Text, DefectHistoryEntry Since)
{
    /// <summary>The later one; of two that were said at the same moment always the same one.</summary>
    internal static DefectFact? Later(DefectFact? before, string? text, DefectHistoryEntry since)
    {
        if (text is null) return before;
        var order = before is null ? -1 : before.Since.Against(since);
        if (order == 0) order = string.CompareOrdinal(before!.Text, text);
        return order < 0 ? new DefectFact(text, since) : before;
    }
}
