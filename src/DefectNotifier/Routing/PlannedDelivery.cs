namespace DefectNotifier.Routing;

/// <summary>One event owed to one destination.</summary>
/// <param name="Destination">The destination's name in the configuration.</param>
/// <param name="Route">The route that asked for it, from 0.</param>
/// <param name="TemplateSet">The route's template set; null for the common templates.</param>
public sealed record PlannedDelivery(string Destination, int Route, string? TemplateSet);
