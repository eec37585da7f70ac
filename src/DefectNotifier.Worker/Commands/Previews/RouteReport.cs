using DefectNotifier.Events;
using DefectNotifier.Routing;

namespace DefectNotifier.Worker.Commands.Previews;

/// <summary>What <c>route --json</c> writes.</summary>
internal sealed record RouteReport(string EventName, string? ProjectCode, string? Severity, bool IsUnrouted, IReadOnlyList<RouteVerdict> Verdicts, IReadOnlyList<PlannedDelivery> Deliveries)
{
    public static RouteReport Of(DefectEvent defectEvent, RoutingDecision decision) =>
        new(defectEvent.Name, defectEvent.ProjectCode, defectEvent.Severity?.Slug, decision.IsUnrouted, decision.Verdicts!, decision.Deliveries);
}
