namespace DefectNotifier.Routing;

/// <summary>What one route said of one event.</summary>
/// <param name="Route">The route's place in the table, from 0.</param>
/// <param name="Matched">True when it took the event.</param>
/// <param name="Reason">Why, in a sentence for the person who wrote the table.</param>
public sealed record RouteVerdict(int Route, bool Matched, string Reason);
