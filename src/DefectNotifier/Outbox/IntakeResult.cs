using DefectNotifier.Events;

namespace DefectNotifier.Outbox;

/// <summary>What became of an event that was handed in.</summary>
/// <param name="Outcome"><c>accepted</c>, <c>duplicate</c>, <c>unrouted</c>, <c>busy</c> or <c>unavailable</c>: what the sender is told and what is counted.</param>
/// <param name="EventId">The stored event; null when nothing is stored.</param>
/// <param name="Deliveries">How many destinations it is owed to.</param>
/// <param name="Detail">Why the store refused; null otherwise.</param>
public sealed record IntakeResult(string Outcome, string? EventId, int Deliveries, string? Detail)
{
    /// <summary>True when the event is durable, now or since an earlier request.</summary>
    public bool IsStored => EventId is not null;
}
