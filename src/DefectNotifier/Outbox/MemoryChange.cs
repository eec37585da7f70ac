using DefectNotifier.Events;

namespace DefectNotifier.Outbox;

/// <summary>What an answer has changed in what is remembered.</summary>
/// <param name="Defect">The defect that was asked for; null: it was a name.</param>
/// <param name="IsVisible">True when messages made from now on can look different.</param>
public sealed record MemoryChange(DefectKey? Defect, bool IsVisible);
