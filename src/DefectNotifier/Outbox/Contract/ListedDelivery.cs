using System.Text.Json.Serialization;

namespace DefectNotifier.Outbox.Contract;

/// <summary>One delivery in a list, with what an operator needs to recognize it.</summary>
/// <param name="Id">Grows in the order of acceptance.</param>
/// <param name="EventId">Its event.</param>
/// <param name="EventName">The event's name, as the sender wrote it.</param>
/// <param name="ProjectCode">The event's project, as the sender wrote it; null without one.</param>
/// <param name="SubjectId">The defect's number; null when the event has none.</param>
/// <param name="Destination">Its destination.</param>
/// <param name="State">
/// <c>pending</c>, <c>delivered</c>, <c>dead</c>, <c>held</c>, <c>discarded</c>, <c>digested</c> or <c>deferred</c>.
/// </param>
/// <param name="Reason">
/// Why it is in that state, from the closed list of reasons; null when nothing has happened yet, or for a reason of a later version.
/// </param>
/// <param name="Detail">What the destination responded; null when there is nothing to add.</param>
/// <param name="Attempts">The number of attempts in its history, whatever their outcomes.</param>
/// <param name="MayBeRepeat">True when an attempt may have been posted although no response confirmed it.</param>
/// <param name="IsMessageStored">True when the message that was, or would have been, sent is stored.</param>
/// <param name="ReceivedAt">When the event was accepted.</param>
/// <param name="EndedAt">When it entered its state; null while it is pending.</param>
public sealed record ListedDelivery(
    long Id,
    string EventId,
    string EventName,
    string? ProjectCode,
    long? SubjectId,
    string Destination,
    DeliveryState State,
    SendReason? Reason,
    string? Detail,
    int Attempts,
    bool MayBeRepeat,
    [property: JsonPropertyName("isMessageKept")] bool IsMessageStored,
    DateTimeOffset ReceivedAt,
    DateTimeOffset? EndedAt)
{
    /// <inheritdoc cref="EventSummary.Title"/>
    public string? Title { get; init; }

    /// <summary>When the quiet hours that defer it end, or when a digest is sent at the earliest; null: at once.</summary>
    public DateTimeOffset? DueAt { get; init; }

    /// <summary>The silence that defers or has discarded it; null: none.</summary>
    public long? SilenceId { get; init; }

    /// <summary>The delivery of the digest that contains it; null: none.</summary>
    public long? DigestId { get; init; }
}
