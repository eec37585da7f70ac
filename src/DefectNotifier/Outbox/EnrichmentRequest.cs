using DefectNotifier.Events;

namespace DefectNotifier.Outbox;

/// <summary>One thing that Qase's API is to be asked for: the details of a defect that no event named, or the name of a member of the workspace.</summary>
/// <param name="Source">The endpoint whose workspace knows it.</param>
public sealed record EnrichmentRequest(string Source)
{
    /// <summary>The defect; null: a name is wanted.</summary>
    public DefectKey? Defect { get; init; }

    /// <summary>Whose name; 0 where a defect is wanted.</summary>
    public long TeamMemberId { get; init; }

    /// <summary>How many times it was asked for in vain.</summary>
    public int Tries { get; init; }

    public static EnrichmentRequest Of(DefectKey defect) => new(defect.Source) { Defect = defect };

    public static EnrichmentRequest Name(string source, long teamMemberId) => new(source) { TeamMemberId = teamMemberId };
}
