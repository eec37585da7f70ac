using DefectNotifier.Delivery.Sending;
using DefectNotifier.Events;

namespace DefectNotifier.Outbox;

/// <summary>One delivery in a list, with what tells an operator whose it is.</summary>
/// <param name="Id">Grows in the order of acceptance.</param>
/// <param name="EventId">The event that it tells of.</param>
/// <param name="EventName">The event's name, as the sender wrote it.</param>
/// <param name="ProjectCode">The event's project, as the sender wrote it; null without one.</param>
/// <param name="SubjectId">The defect's number; null when the event has none.</param>
/// <param name="Destination">Where it is owed.</param>
/// <param name="State"><c>pending</c>, <c>delivered</c>, <c>dead</c>, <c>held</c> or <c>discarded</c>.</param>
/// <param name="Reason">Why it is in that state, a word from the closed list of reasons; null when nothing has happened yet.</param>
/// <param name="Detail">What the destination answered; null when there is nothing to add.</param>
/// <param name="Attempts">How many times it was tried, whether that counted or not.</param>
/// <param name="MayBeRepeat">True when an attempt may have been posted without a good answer.</param>
/// <param name="IsMessageKept">True when the message that was, or would have been, sent is kept.</param>
/// <param name="ReceivedAt">When the event was accepted.</param>
/// <param name="EndedAt">When it came to its state; null while it is pending.</param>
public sealed record ListedDelivery(
    long Id,
    string EventId,
    string EventName,
    string? ProjectCode,
    long? SubjectId,
    string Destination,
    string State,
    string? Reason,
    string? Detail,
    int Attempts,
    bool MayBeRepeat,
    bool IsMessageKept,
    DateTimeOffset ReceivedAt,
    DateTimeOffset? EndedAt);
