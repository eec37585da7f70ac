using System.Text.Json;

namespace DefectNotifier.Events;

/// <summary>
/// Turns the body of a webhook into a <see cref="DefectEvent"/>. Tolerant where Qase's documentation contradicts itself or has
/// changed over the years; strict only where nothing sensible could be told to anybody.
/// </summary>
public static class WebhookParser
{
    internal const string ExpectedKeys = "a Qase webhook with the keys event_name, timestamp, payload, team_member_id and project_code";

    private const int MaxNameLength = 128;
    private const int MaxProjectCodeLength = 128;

    private static readonly JsonElement EmptyObject = JsonElement.Parse("{}"u8);

    /// <param name="body">The request body, UTF-8; must not change as long as the event is used.</param>
    /// <param name="source">Which endpoint it came to; stands in for a missing project code (2021 envelopes have none).</param>
    public static WebhookParseResult Parse(ReadOnlyMemory<byte> body, string source)
    {
        var clean = JsonText.Clean(body);
        if (JsonText.Check(clean.Span) is { } error) return error;
        var root = JsonElement.Parse(clean.Span);

        // "event" is what Qase called it until 2022; on its own it could be anybody's, so a payload must come with it.
        var name = root.Get("event_name") ?? (root.Get("payload") is null ? null : root.Get("event"));
        if (name is null) return MissingName(root);
        if (name.Value.ValueKind != JsonValueKind.String || name.AsText()?.Trim() is not { Length: > 0 and <= MaxNameLength } eventName)
            return new WebhookError("invalid-event-name", $"event_name must be a text of 1 to {MaxNameLength} characters, for example defect.created.", "event_name");

        // PHP writes an empty map as [].
        var payload = root.Get("payload") is { ValueKind: JsonValueKind.Object } map ? map : EmptyObject;
        var id = payload.Get("id").AsInteger();
        if (DefectEvent.IsDefectName(eventName) && id is not > 0)
            return new WebhookError("missing-defect-id", $"{Printable(eventName)} needs payload.id: the defect's number, a whole number from 1.", "payload.id");

        var projectCode = root.Get("project_code").AsText()?.Trim();
        if (projectCode?.Length > MaxProjectCodeLength)
            return new WebhookError("invalid-project-code", $"project_code is longer than {MaxProjectCodeLength} characters.", "project_code");

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

    // The sender's own words come back in the answer: short, and without anything that could upset a log or a terminal.
    private static string Printable(string text) =>
        new([.. text.Take(40).Select(character => char.IsControl(character) || char.IsSurrogate(character) ? '?' : character)]);

    // Slug, label, number, or the object {id, title, slug} that test cases carry.
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
        if (value?.ValueKind != JsonValueKind.Array) return attachments;
        foreach (var item in value.Value.EnumerateArray())
        {
            if (((JsonElement?)item).AsText() is { } id) attachments.Add(new Attachment(id, null));
            else if (item.ValueKind == JsonValueKind.Object && NameOf(item) is { } name) attachments.Add(new Attachment(name, item.Get("url").AsText()));
        }

        return attachments;
    }

    private static string? NameOf(JsonElement attachment) =>
        attachment.Get("filename").AsText() ?? attachment.Get("name").AsText() ?? attachment.Get("hash").AsText()
        ?? attachment.Get("id").AsText() ?? attachment.Get("url").AsText();
}
