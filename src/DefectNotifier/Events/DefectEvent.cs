using System.Text.Json;

namespace DefectNotifier.Events;

/// <summary>
/// One Qase webhook, read tolerantly. Named after what the product is for, but every event of Qase's goes this way
/// (<c>case.updated</c>, <c>run.completed</c>, anything new); what an event does not carry is null.
/// </summary>
public sealed record DefectEvent
{
    /// <summary>Which endpoint it came to: the last part of <c>/webhooks/qase/{source}</c>, empty for the plain path.</summary>
    public required string Source { get; init; }

    /// <summary>Qase's name for what happened, for example <c>defect.created</c>.</summary>
    public required string Name { get; init; }

    /// <summary>Qase's project code; the source's name where an old envelope has none; null when neither is there.</summary>
    public string? ProjectCode { get; init; }

    /// <summary>When it happened, by Qase's clock; null when the envelope has no usable timestamp.</summary>
    public DateTimeOffset? OccurredAt { get; init; }

    /// <summary>Who did it. 0 is an automation; null when the envelope does not say (2021).</summary>
    public long? TeamMemberId { get; init; }

    /// <summary><c>payload.id</c>: the defect's number within its project (or the run's, the case's, ...).</summary>
    public long? SubjectId { get; init; }

    public string? Title { get; init; }

    public Severity? Severity { get; init; }

    public string? Status { get; init; }

    public string? ActualResult { get; init; }

    public long? CaseId { get; init; }

    public long? Step { get; init; }

    public IReadOnlyList<Attachment> Attachments { get; init; } = [];

    /// <summary>The payload as it came, unknown fields included; an empty object when it was missing.</summary>
    public required JsonElement Payload { get; init; }

    /// <summary>True for <c>defect.*</c>.</summary>
    public bool IsDefect => IsDefectName(Name);

    internal static bool IsDefectName(string name) => name.StartsWith("defect.", StringComparison.OrdinalIgnoreCase);
}
