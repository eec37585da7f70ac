namespace DefectNotifier.Routing;

/// <summary>Whether one route matched one event.</summary>
/// <param name="Route">The route's index in the table, from 0.</param>
/// <param name="Matched">True when it matched.</param>
/// <param name="Reason">Why, in a sentence for the author of the routes.</param>
public sealed record RouteVerdict(int Route, bool Matched, string Reason);
