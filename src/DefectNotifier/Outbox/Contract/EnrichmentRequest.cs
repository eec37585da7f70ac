using DefectNotifier.Events;

namespace DefectNotifier.Outbox.Contract;

/// <summary>
/// One thing to ask Qase's API for: the details of a defect that no event named, or the name of a member of the workspace.
/// </summary>
/// <param name="Source">The endpoint whose workspace knows it.</param>
public sealed record EnrichmentRequest(string Source)
{
    /// <summary>The defect; null: a name is asked for.</summary>
    public DefectKey? Defect { get; init; }

    /// <summary>Whose name; 0 when a defect is asked for.</summary>
    public long TeamMemberId { get; init; }

    /// <summary>How many times it was asked for in vain.</summary>
    public int Tries { get; init; }

    public static EnrichmentRequest Of(DefectKey defect) => new(defect.Source) { Defect = defect };

    public static EnrichmentRequest Name(string source, long teamMemberId) => new(source) { TeamMemberId = teamMemberId };
}

/// <summary>What came of an <see cref="Contract.EnrichmentRequest"/>.</summary>
/// <param name="EnrichmentRequest">The request.</param>
/// <param name="At">When.</param>
public sealed record EnrichmentResult(EnrichmentRequest EnrichmentRequest, DateTimeOffset At)
{
    /// <summary>What Qase says of the defect; null: nothing, or a name was asked for.</summary>
    public DefectDetails? Details { get; init; }

    /// <summary>The name; null: Qase does not know it, or a defect was asked for.</summary>
    public string? Name { get; init; }

    /// <summary>When it is asked again, as one more try in vain; null: the request ends, with or without an answer.</summary>
    public DateTimeOffset? NextAt { get; init; }
}

/// <summary>A workspace with requests that wait.</summary>
/// <param name="Source">Its endpoint.</param>
/// <param name="DueAt">When the first of them is due.</param>
public sealed record EnrichmentQueue(string Source, DateTimeOffset DueAt);

/// <summary>What an answer of Qase has changed.</summary>
/// <param name="Defect">The defect that was asked for; null: a name was.</param>
/// <param name="IsVisible">True when messages rendered from now on can look different.</param>
public sealed record MemoryChange(DefectKey? Defect, bool IsVisible)
{
    /// <summary>Destinations that have a new delivery, which brings a message up to date; one name for each delivery.</summary>
    public IReadOnlyList<string> Owing { get; init; } = [];
}
