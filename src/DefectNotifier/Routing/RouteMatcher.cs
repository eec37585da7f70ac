namespace DefectNotifier.Routing;

/// <summary>What of a route an event must meet, in the order in which it is asked.</summary>
internal enum RouteMatcher
{
    ProjectCodes,
    Events,
    Severities,
    MinSeverity,
}
