namespace DefectNotifier.Outbox.Contract;

/// <summary>Which deliveries to read. All conditions must be met; null: no condition.</summary>
public sealed record DeliveryQuery
{
    public const int DefaultLimit = 50;
    public const int MaxLimit = 500;

    /// <summary>Only these states; default: those that wait for an operator.</summary>
    public IReadOnlyList<DeliveryState> States { get; init; } = [DeliveryState.Dead, DeliveryState.Held];

    public long? Id { get; init; }

    public string? EventId { get; init; }

    /// <summary>The destination's name, in any case.</summary>
    public string? Destination { get; init; }

    public SendReason? Reason { get; init; }

    /// <summary>The project code, in any case.</summary>
    public string? ProjectCode { get; init; }

    /// <summary>Reading, newest first, ends at the first event that was received before this.</summary>
    public DateTimeOffset? Since { get; init; }

    /// <summary>Only deliveries with a smaller id: <see cref="DeliveryPage.Next"/> of the previous page.</summary>
    public long? BeforeId { get; init; }

    /// <summary>The maximum number; 1 to 500, default 50.</summary>
    public int Limit { get; init; } = DefaultLimit;

    /// <summary>
    /// True when the delivery meets every condition but <see cref="Since"/>, <see cref="BeforeId"/> and <see cref="Limit"/>.
    /// </summary>
    public bool Covers(ListedDelivery delivery) =>
        States.Contains(delivery.State)
        && (Id is null || Id == delivery.Id)
        && (EventId is null || string.Equals(EventId, delivery.EventId, StringComparison.Ordinal))
        && IsSame(Destination, delivery.Destination)
        && (Reason is null || Reason == delivery.Reason)
        && IsSame(ProjectCode, delivery.ProjectCode);

    private static bool IsSame(string? asked, string? found) =>
        asked is null || string.Equals(asked, found, StringComparison.OrdinalIgnoreCase);
}

/// <summary>Some of the deliveries that were asked for, newest first.</summary>
/// <param name="Deliveries">Those that meet the conditions.</param>
/// <param name="Next">
/// The <see cref="DeliveryQuery.BeforeId"/> of the next page; null: there is none. A page ends early when the store has read many
/// deliveries that do not match.
/// </param>
public sealed record DeliveryPage(IReadOnlyList<ListedDelivery> Deliveries, long? Next);
