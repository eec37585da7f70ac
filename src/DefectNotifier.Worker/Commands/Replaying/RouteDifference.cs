namespace DefectNotifier.Worker.Commands.Replaying;

/// <summary>Events that would go elsewhere.</summary>
/// <param name="EventName">The events' name.</param>
/// <param name="ProjectCode">Their project; null when they have none.</param>
/// <param name="Lost">Destinations that would no longer get them.</param>
/// <param name="Gained">Destinations that would get them now.</param>
/// <param name="Count">How many.</param>
/// <param name="Example">The id of the newest.</param>
internal sealed record RouteDifference(string EventName, string? ProjectCode, IReadOnlyList<string> Lost, IReadOnlyList<string> Gained, long Count, string Example);
