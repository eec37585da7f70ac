using DefectNotifier.Routing;

namespace DefectNotifier.Outbox;

/// <summary>A stored event as it came, and where it went.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Source">Which endpoint it came to.</param>
/// <param name="ReceivedAt">When it came.</param>
/// <param name="Decision">Where it was sent, and why.</param>
/// <param name="Body">The request's body.</param>
public sealed record ArchivedEvent(string Id, string Source, DateTimeOffset ReceivedAt, RoutingDecision Decision, byte[] Body);
