using DefectNotifier.Events;

namespace DefectNotifier.Routing;

/// <summary>The stored state of a defect that routing uses.</summary>
/// <param name="Severity">The severity that its events and Qase's API have reported; null: none did.</param>
/// <param name="Announced">
/// The destinations in which it was announced: with a delivery that is pending, held or delivered and posts something.
/// </param>
public sealed record RoutingMemory(Severity? Severity, IReadOnlyList<string> Announced)
{
    /// <summary>Nothing is stored.</summary>
    public static RoutingMemory None { get; } = new(Severity: null, []);
}
