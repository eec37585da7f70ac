using DefectNotifier.Events;

namespace DefectNotifier.Worker.Linting;

/// <summary>An event to try templates with.</summary>
/// <param name="Name">What it is, for people: <c>created-unicode</c>.</param>
/// <param name="Event">The event.</param>
/// <param name="IsUsual">True for what comes every day: then a message that has to be shortened is worth a word.</param>
internal sealed record EventShape(string Name, DefectEvent Event, bool IsUsual)
{
    /// <summary>What is remembered of its defect; null: what the event says.</summary>
    public Defect? Defect { get; init; }
}
