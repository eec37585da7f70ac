using DefectNotifier.Events;

namespace DefectNotifier.Outbox;

/// <summary>What came of asking for a wish.</summary>
/// <param name="EnrichmentRequest">The wish.</param>
/// <param name="At">When.</param>
public sealed record EnrichmentResult(EnrichmentRequest EnrichmentRequest, DateTimeOffset At)
{
    /// <summary>What Qase told of the defect; null: nothing, or it was a name that was wanted.</summary>
    public DefectDetails? Details { get; init; }

    /// <summary>The name; null: nobody knows it, or it was a defect that was wanted.</summary>
    public string? Name { get; init; }

    /// <summary>When it is asked again, as one more try in vain; null: it is over, with or without a answer.</summary>
    public DateTimeOffset? NextAt { get; init; }
}
