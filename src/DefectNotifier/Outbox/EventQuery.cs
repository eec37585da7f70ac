namespace DefectNotifier.Outbox;

/// <summary>Which stored events to read, newest first.</summary>
public sealed record EventQuery
{
    /// <summary>Only this event.</summary>
    public string? Id { get; init; }

    /// <summary>Only events that no route took.</summary>
    public bool UnroutedOnly { get; init; }

    /// <summary>Only events with a delivery that is dead.</summary>
    public bool DeadOnly { get; init; }

    /// <summary>At most so many; 1 to 500, default 50.</summary>
    public int Limit { get; init; } = 50;
}
