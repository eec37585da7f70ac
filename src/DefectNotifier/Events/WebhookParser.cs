using System.Diagnostics.CodeAnalysis;
using System.Text.Json;

namespace DefectNotifier.Events;

/// <summary>
/// Turns the body of a webhook into a <see cref="DefectEvent"/>. Tolerant where Qase's documentation contradicts itself or has changed over
/// the years; strict only where no useful message could be made.
/// </summary>
public static class WebhookParser
{
    internal const string ExpectedKeys = "a Qase webhook with the keys event_name, timestamp, payload, team_member_id and project_code";

    private const int MaxNameLength = 128;
    private const int MaxProjectCodeLength = 128;

    private static readonly JsonElement EmptyObject = JsonElement.Parse("{}"u8);

    /// <param name="body">The request body, UTF-8. It must not change while the event is used.</param>
    /// <param name="source">The endpoint that received it; used as the project code where there is none (2021 envelopes).</param>
    public static WebhookParseResult Parse(ReadOnlyMemory<byte> body, string source)
    {
        var clean = JsonText.Clean(body);
        if (JsonText.Check(clean.Span) is { } error) return error;
        var root = JsonElement.Parse(clean.Span);

        // Until 2022 the key was "event". Other services use that key too, so a payload is required with it.
        var name = root.Get("event_name") ?? (root.Get("payload") is null ? null : root.Get("event"));
        if (name is null) return MissingName(root);
        if (name.Value.ValueKind != JsonValueKind.String || name.AsText()?.Trim() is not { Length: > 0 and <= MaxNameLength } eventName)
        {
            return new WebhookError(
                "invalid-event-name",
                $"event_name must be a text of 1 to {MaxNameLength} characters, for example defect.created.",
                "event_name");
        }

        // PHP writes an empty map as [].
        var payload = root.Get("payload") is { ValueKind: JsonValueKind.Object } map ? map : EmptyObject;
        var id = payload.Get("id").AsInteger();
        if (DefectEvent.IsDefectName(eventName) && id is not > 0)
        {
            return new WebhookError(
                "missing-defect-id",
                $"{Printable(eventName)} needs payload.id: the defect's number, a whole number from 1.",
                "payload.id");
        }

        var projectCode = root.Get("project_code").AsText()?.Trim();
        if (projectCode?.Length > MaxProjectCodeLength)
        {
            return new WebhookError(
                "invalid-project-code", $"project_code is longer than {MaxProjectCodeLength} characters.", "project_code");
        }

        return new DefectEvent
        {
            Source = source,
            Name = eventName,
            ProjectCode = projectCode ?? (source.Length > 0 ? source : null),
            OccurredAt = root.Get("timestamp").AsTime(),
            TeamMemberId = root.Get("team_member_id").AsInteger(),
            SubjectId = id,
            Title = payload.Get("title").AsText(),
            Severity = ReadSeverity(payload.Get("severity")),
            Status = payload.Get("status").AsText(),
            ActualResult = payload.Get("actual_result").AsText(),
            CaseId = payload.Get("case_id").AsInteger(),
            Step = payload.Get("step").AsInteger(),
            Attachments = ReadAttachments(payload.Get("attachments")),
            Payload = payload,
        };
    }

    private static WebhookError MissingName(JsonElement root)
    {
        var keys = string.Join(", ", root.EnumerateObject().Take(8).Select(property => Printable(property.Name)));
        return new WebhookError(
            "missing-event-name",
            $"No event_name. Expected {ExpectedKeys}; this body has {(keys.Length == 0 ? "no keys" : "the keys " + keys)}.",
            "event_name");
    }

    // Text from the sender appears in the response, logs and terminals: keep it short and without control characters.
    private static string Printable(string text) =>
        new([.. text.Take(40).Select(character => char.IsControl(character) || char.IsSurrogate(character) ? '?' : character)]);

    // A slug, label or number, or the object {id, title, slug} of test cases.
    internal static Severity? ReadSeverity(JsonElement? value)
    {
        if (value?.ValueKind != JsonValueKind.Object) return Severity.Parse(value.AsText());
        var parts = value.Value;
        foreach (var key in (ReadOnlySpan<string>)["slug", "title", "name", "label", "id", "value"])
        {
            if (parts.Get(key).AsText() is { } text) return Severity.Parse(text);
        }

        return null;
    }

    internal static List<Attachment> ReadAttachments(JsonElement? value)
    {
        var attachments = new List<Attachment>();
        foreach (var item in ItemsOf(value))
        {
            if (((JsonElement?)item).AsText() is { } id) attachments.Add(new Attachment(id, null));
            else if (item.ValueKind == JsonValueKind.Object && NameOf(item) is { } name)
            {
                attachments.Add(new Attachment(name, item.Get("url").AsText())
                {
                    Mime = item.Get("mime").AsText(),
                    Size = item.Get("size").AsInteger(),
                });
            }
        }

        return attachments;
    }

    // PHP writes a list with gaps as a map of its numbers; a single file may come without a list.
    private static IEnumerable<JsonElement> ItemsOf(JsonElement? value) => value switch
    {
        { ValueKind: JsonValueKind.Array } list => list.EnumerateArray(),
        { ValueKind: JsonValueKind.Object } file when NameOf(file) is not null => [file],
        { ValueKind: JsonValueKind.Object } map => map.EnumerateObject().Select(member => member.Value),
        { } single => [single],
        null => [],
    };

    private static string? NameOf(JsonElement attachment) =>
        attachment.Get("filename").AsText() ?? attachment.Get("name").AsText() ?? attachment.Get("hash").AsText()
        ?? attachment.Get("id").AsText() ?? attachment.Get("url").AsText();
}

/// <summary>Either an event or the error that makes the body unusable.</summary>
public readonly struct WebhookParseResult
{
    private WebhookParseResult(DefectEvent? defectEvent, WebhookError? error)
    {
        Event = defectEvent;
        Error = error;
    }

    public DefectEvent? Event { get; }

    public WebhookError? Error { get; }

    [MemberNotNullWhen(true, nameof(Event))]
    [MemberNotNullWhen(false, nameof(Error))]
    public bool IsEvent => Event is not null;

    public static implicit operator WebhookParseResult(DefectEvent defectEvent) => new(defectEvent, null);

    public static implicit operator WebhookParseResult(WebhookError error) => new(null, error);
}

/// <summary>Why a request body is not a Qase webhook.</summary>
/// <param name="Code">A stable word from a closed list, for example <c>missing-event-name</c>.</param>
/// <param name="Detail">A sentence for the person who configured the webhook.</param>
/// <param name="Field">The path of the wrong field, for example <c>payload.id</c>; null when it is the whole body.</param>
public sealed record WebhookError(string Code, string Detail, string? Field = null);
