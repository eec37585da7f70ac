using System.Text.Json;

namespace DefectNotifier.Events;

/// <summary>
/// One Qase webhook, read tolerantly. Despite its name it also holds events of other kinds (<c>case.updated</c>, <c>run.completed</c>, any
/// new one). Properties that the event does not have are null.
/// </summary>
public sealed record DefectEvent
{
    /// <summary>How far Qase's clock may be ahead of ours.</summary>
    internal static readonly TimeSpan MaxClockDifference = TimeSpan.FromMinutes(5);

    /// <summary>The endpoint that received it: the last part of <c>/webhooks/qase/{source}</c>, empty for the path without it.</summary>
    public required string Source { get; init; }

    /// <summary>Qase's event name, for example <c>defect.created</c>.</summary>
    public required string Name { get; init; }

    /// <summary>Qase's project code; the source's name where an old envelope has none; null when neither is there.</summary>
    public string? ProjectCode { get; init; }

    /// <summary>
    /// When it happened, as the envelope says; null when the envelope has no readable timestamp. See <see cref="PossibleTime"/>.
    /// </summary>
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

    /// <summary>The payload as received, with unknown fields; an empty object when it was missing.</summary>
    public required JsonElement Payload { get; init; }

    /// <summary>
    /// When it happened; null when that is not known, because the envelope has no time, or a time after the arrival. With a time in the
    /// future, this event would wrongly override the facts of later events.
    /// </summary>
    public DateTimeOffset? PossibleTime(DateTimeOffset receivedAt) => OccurredAt <= receivedAt + MaxClockDifference ? OccurredAt : null;

    /// <summary>True for <c>defect.*</c>.</summary>
    public bool IsDefect => IsDefectName(Name);

    internal static bool IsDefectName(string name) => name.StartsWith("defect.", StringComparison.OrdinalIgnoreCase);
}

/// <summary>A file of a defect. Qase's webhooks have its id or hash, the API its file name and URL.</summary>
/// <param name="Name">The file name; the id or hash where there is none.</param>
/// <param name="Url">Null when the webhook has none.</param>
public sealed record Attachment(string Name, string? Url)
{
    private static readonly string[] ImageTypes = ["image/png", "image/jpeg", "image/gif"];

    private static readonly string[] ImageExtensions = [".png", ".jpg", ".jpeg", ".gif"];

    /// <summary>The media type, such as <c>image/png</c>; null when it is unknown.</summary>
    public string? Mime { get; init; }

    /// <summary>In bytes; null when it is unknown.</summary>
    public long? Size { get; init; }

    /// <summary>
    /// True for a picture that chats show: PNG, JPEG or GIF. Without a specific media type the file name decides.
    /// </summary>
    public bool IsImage => Mime is null or "application/octet-stream"
        ? ImageExtensions.Contains(Path.GetExtension(Name), StringComparer.OrdinalIgnoreCase)
        : ImageTypes.Contains(Mime.Split(';')[0].Trim(), StringComparer.OrdinalIgnoreCase);
}
