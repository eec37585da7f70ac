using DefectNotifier.Events;

namespace DefectNotifier.Outbox;

/// <summary>What a answer has changed in what is remembered.</summary>
/// <param name="Defect">The defect that was asked for; null: it was a name.</param>
/// <param name="IsVisible">True when messages made from now on can look different.</param>
public sealed record MemoryChange(DefectKey? Defect, bool IsVisible)
{
    /// <summary>Destinations whose lanes now owe it that a message is brought up to date, each as often as it owes one.</summary>
    public IReadOnlyList<string> Owing { get; init; } = [];
}
