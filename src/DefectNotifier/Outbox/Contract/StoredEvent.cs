using System.Text.Json.Serialization;
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
    IReadOnlyList<StoredDelivery> Deliveries)
{
    /// <inheritdoc cref="EventSummary.Title"/>
    public string? Title { get; init; }

    /// <inheritdoc cref="EventSummary.Severity"/>
    public string? Severity { get; init; }

    /// <inheritdoc cref="EventSummary.Actor"/>
    public string? Actor { get; init; }

    /// <summary>The present status of its defect; null: not known, or the event is not about a defect.</summary>
    public string? DefectStatus { get; init; }
}

/// <summary>One stored delivery.</summary>
public sealed record StoredDelivery(
    long Id,
    string Destination,
    DeliveryState State,
    SendReason? Reason,
    string? Detail,
    string? Reference,
    DateTimeOffset? EndedAt,
    IReadOnlyList<StoredAttempt> History)
{
    /// <summary>The number of attempts in its history, whatever their outcomes.</summary>
    public int Attempts => History.Count;

    /// <summary>What operators did with it, in order.</summary>
    public IReadOnlyList<StoredAction> Actions { get; init; } = [];

    /// <summary>True when the message that was, or would have been, sent is stored.</summary>
    [JsonPropertyName("isMessageKept")]
    public bool IsMessageStored { get; init; }

    /// <summary>When the quiet hours that defer it end, or when a digest is sent at the earliest; null: at once.</summary>
    public DateTimeOffset? DueAt { get; init; }

    /// <summary>The silence that defers or has discarded it; null: none, or it is no longer stored.</summary>
    public Silence? Silence { get; init; }

    /// <summary>The digest that contains it; null: none.</summary>
    public StoredDigest? Digest { get; init; }

    /// <summary>What happened to it, in one or two sentences. Never stored: made for a response, else null.</summary>
    public string? Sentence { get; init; }

    /// <summary>What an operator can do, in one sentence; null: nothing. Never stored.</summary>
    public string? Advice { get; init; }

    /// <summary>The platform of its destination, for example <c>slack</c>; null: not known. Never stored.</summary>
    public string? Platform { get; init; }
}

/// <summary>The state of a digest, for the deliveries in it.</summary>
/// <param name="Id">Its delivery.</param>
/// <param name="State">The state of that delivery; null: it was purged.</param>
/// <param name="Reason">Why it is in that state.</param>
/// <param name="EndedAt">When it entered its state; null while it is pending.</param>
/// <param name="Reference">The chat's reference to its message; null when there is none.</param>
public sealed record StoredDigest(long Id, DeliveryState? State, SendReason? Reason, DateTimeOffset? EndedAt, string? Reference);

/// <summary>One stored attempt; without an end while it is under way. An outcome or reason of a later version is null.</summary>
public sealed record StoredAttempt(
    int Number, DateTimeOffset StartedAt, DateTimeOffset? EndedAt, SendOutcome? Outcome, SendReason? Reason, string? Detail)
{
    /// <summary>The version of the configuration that rendered its message; null: nothing was rendered.</summary>
    public string? Version { get; init; }

    /// <summary>What was sent: <c>root</c>, <c>update</c> or <c>reply</c>; null: the event's own message.</summary>
    public SendStep Step { get; init; }
}

/// <summary>What an operator did with a delivery.</summary>
/// <param name="At">When.</param>
/// <param name="What"><c>retry</c>, <c>retry-as-rendered</c> or <c>discard</c>; <c>unknown</c> for an action of a later version.</param>
/// <param name="By">The operator's name in <c>Operations:Access</c>; null: not known.</param>
public sealed record StoredAction(DateTimeOffset At, OperatorAction What, string? By = null);

/// <summary>What an operator can do with a delivery. The words are stored (<see cref="OperatorActions"/>): never change one.</summary>
public enum OperatorAction
{
    /// <summary>An action of a later version. Only read, never stored.</summary>
    Unknown,

    /// <summary>Render it again and send it.</summary>
    Retry,

    /// <summary>Send the stored message.</summary>
    RetryAsRendered,

    /// <summary>Do not send it.</summary>
    Discard,
}

/// <summary>The words for <see cref="OperatorAction"/>.</summary>
public static class OperatorActions
{
    public static string Word(this OperatorAction action) => action switch
    {
        OperatorAction.Retry => "retry",
        OperatorAction.RetryAsRendered => "retry-as-rendered",
        OperatorAction.Discard => "discard",
        _ => "unknown",
    };

    public static OperatorAction Parse(string? word) => word switch
    {
        "retry" => OperatorAction.Retry,
        "retry-as-rendered" => OperatorAction.RetryAsRendered,
        "discard" => OperatorAction.Discard,
        _ => OperatorAction.Unknown,
    };
}

/// <summary>Which stored events to read, newest first.</summary>
public sealed record EventQuery
{
    public const int MaxLimit = 500;

    /// <summary>Only this event.</summary>
    public string? Id { get; init; }

    /// <summary>The maximum number of events; 1 to 500, default 50.</summary>
    public int Limit { get; init; } = 50;
}
