using DefectNotifier.Routing;

namespace DefectNotifier.Outbox.Contract;

/// <summary>One accepted event with everything that happened to it.</summary>
public sealed record StoredEvent(
    string Id,
    string Source,
    string Name,
    string? ProjectCode,
    long? SubjectId,
    DateTimeOffset? OccurredAt,
    DateTimeOffset ReceivedAt,
    RoutingDecision Decision,
    IReadOnlyList<StoredDelivery> Deliveries);

/// <summary>One stored delivery.</summary>
public sealed record StoredDelivery(
    long Id,
    string Destination,
    string State,
    int Attempts,
    string? Reason,
    string? Detail,
    string? Reference,
    DateTimeOffset? EndedAt,
    IReadOnlyList<StoredAttempt> History)
{
    /// <summary>What operators did with it, in order.</summary>
    public IReadOnlyList<StoredAction> Actions { get; init; } = [];

    /// <summary>True when the message that was, or would have been, sent is kept.</summary>
    public bool IsMessageKept { get; init; }
}

/// <summary>One stored attempt; without an end while it is under way.</summary>
public sealed record StoredAttempt(
    int Number, DateTimeOffset StartedAt, DateTimeOffset? EndedAt, string? Outcome, string? Reason, string? Detail)
{
    /// <summary>The version of the configuration that rendered its message; null: nothing was rendered.</summary>
    public string? Version { get; init; }

    /// <summary>What it sent other than the event's own message: <c>root</c>, <c>update</c> or <c>reply</c>; null: that message.</summary>
    public string? Step { get; init; }
}

/// <summary>What an operator did with a delivery.</summary>
/// <param name="At">When.</param>
/// <param name="What">One of <see cref="OperatorAction"/>.</param>
public sealed record StoredAction(DateTimeOffset At, string What);

/// <summary>What an operator can do with a delivery. The words are stored: never change one.</summary>
public static class OperatorAction
{
    /// <summary>Render it again and send it.</summary>
    public const string Retry = "retry";

    /// <summary>Send the kept message.</summary>
    public const string RetryAsRendered = "retry-as-rendered";

    /// <summary>Do not send it.</summary>
    public const string Discard = "discard";
}

/// <summary>Which stored events to read, newest first.</summary>
public sealed record EventQuery
{
    public const int MaxLimit = 500;

    /// <summary>Only this event.</summary>
    public string? Id { get; init; }

    /// <summary>Only events that no route took.</summary>
    public bool UnroutedOnly { get; init; }

    /// <summary>Only events with a delivery that is dead.</summary>
    public bool DeadOnly { get; init; }

    /// <summary>The maximum number of events; 1 to 500, default 50.</summary>
    public int Limit { get; init; } = 50;
}
