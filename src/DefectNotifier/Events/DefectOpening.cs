using System.Text.Json.Serialization;

namespace DefectNotifier.Events;

/// <summary>The event that a defect began with, as far as we saw: the one that created it, else the earliest. It says what no other event does, and is what a message about the defect is made of.</summary>
public sealed record DefectOpening
{
    public required string EventId { get; init; }

    public required DateTimeOffset ReceivedAt { get; init; }

    /// <summary>What it was and when.</summary>
    public required DefectHistoryEntry Entry { get; init; }

    /// <summary>The request body as it came. An outbox keeps it beside the rest, and reads it only for who wants to show the defect.</summary>
    [JsonIgnore]
    public ReadOnlyMemory<byte> Body { get; init; }

    /// <summary>True when this one is the better beginning; of two events one always is.</summary>
    internal bool IsBefore(DefectOpening other)
    {
        if (IsCreation != other.IsCreation) return IsCreation;
        var order = Entry.Against(other.Entry);
        return order == 0 ? string.CompareOrdinal(EventId, other.EventId) < 0 : order < 0;
    }

    private bool IsCreation => Entry.Event == DefectHistoryEntry.Created;
}
