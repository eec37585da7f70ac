using DefectNotifier.Delivery.Sending;
using DefectNotifier.Events;

namespace DefectNotifier.Outbox;

/// <summary>Which deliveries to read. All conditions must hold; one that is null does not narrow.</summary>
public sealed record DeliveryQuery
{
    public const int DefaultLimit = 50;
    public const int MaxLimit = 500;

    /// <summary>Only these states; default: what waits for an operator.</summary>
    public IReadOnlyList<DeliveryState> States { get; init; } = [DeliveryState.Dead, DeliveryState.Held];

    public long? Id { get; init; }

    public string? EventId { get; init; }

    /// <summary>The destination's name, in any case.</summary>
    public string? Destination { get; init; }

    /// <summary>A word from the closed list of reasons.</summary>
    public string? Reason { get; init; }

    /// <summary>The project code, in any case.</summary>
    public string? ProjectCode { get; init; }

    /// <summary>The reading, newest first, ends at the first event that was received before this.</summary>
    public DateTimeOffset? Since { get; init; }

    /// <summary>Only deliveries with a smaller id: where the page before it ended.</summary>
    public long? BeforeId { get; init; }

    /// <summary>At most so many; 1 to 500, default 50.</summary>
    public int Limit { get; init; } = DefaultLimit;

    /// <summary>True when the delivery meets every condition on what it is, which is all but <see cref="Since"/>, <see cref="BeforeId"/> and <see cref="Limit"/>.</summary>
    public bool Covers(ListedDelivery delivery) =>
        States.Any(state => state.Word() == delivery.State)
        && (Id is null || Id == delivery.Id)
        && (EventId is null || string.Equals(EventId, delivery.EventId, StringComparison.Ordinal))
        && IsSame(Destination, delivery.Destination)
        && IsSame(Reason, delivery.Reason)
        && IsSame(ProjectCode, delivery.ProjectCode);

    private static bool IsSame(string? asked, string? found) => asked is null || string.Equals(asked, found, StringComparison.OrdinalIgnoreCase);
}
