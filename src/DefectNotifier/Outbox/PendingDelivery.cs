namespace DefectNotifier.Outbox;

/// <summary>One event owed to one destination, as a lane takes it from the outbox.</summary>
public sealed record PendingDelivery
{
    /// <summary>Grows in the order of acceptance.</summary>
    public required long Id { get; init; }

    public required string EventId { get; init; }

    public required string Destination { get; init; }

    public string? TemplateSet { get; init; }

    /// <summary>Attempts that counted so far. Waiting for a Retry-After does not count.</summary>
    public required int Attempts { get; init; }

    /// <summary>When it was tried first; null when it has not been tried.</summary>
    public DateTimeOffset? FirstAttemptAt { get; init; }

    /// <summary>True when an earlier attempt may have been posted: its answer was lost, or the process died before it came.</summary>
    public required bool MayBeRepeat { get; init; }

    public required DateTimeOffset ReceivedAt { get; init; }

    public required string Source { get; init; }

    /// <summary>The request body as it came; parsed again when the delivery's turn comes.</summary>
    public required ReadOnlyMemory<byte> Body { get; init; }

    public string? TraceParent { get; init; }
}
