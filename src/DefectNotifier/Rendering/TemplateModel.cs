using System.Text.Json;
using DefectNotifier.Events;
using Scriban.Runtime;

namespace DefectNotifier.Rendering;

/// <summary>What a template sees. Every documented key is always there (null when unknown), everything is read-only, all text is clean.</summary>
internal static class TemplateModel
{
    /// <summary>More than any chat shows of a whole message, and little enough that no single text exhausts what a template may write.</summary>
    private const int MaxText = 20_000;

    private static DefectEvent Full { get; } = new()
    {
        Source = "",
        Name = "defect.created",
        ProjectCode = "WEB",
        SubjectId = 1,
        Attachments = [new Attachment("file", "https://example.com/")],
        Payload = JsonElement.Parse("{}"u8),
    };

    /// <summary>Of an event that says everything, for its names.</summary>
    public static ScriptObject Everything { get; } = Of(
        new RenderRequest { Event = Full, Defect = Defect.After(null, Full, "", DateTimeOffset.UnixEpoch, default), ReceivedAt = DateTimeOffset.UnixEpoch, Platform = ChatPlatform.Slack },
        new QaseOptions());

    /// <param name="request">Its event is completed already.</param>
    /// <param name="qase">Where defects can be seen.</param>
    public static ScriptObject Of(RenderRequest request, QaseOptions qase)
    {
        var (defectEvent, defect, names) = (request.Event, request.Defect, request.Names);
        return Frozen(
            ("event", Frozen(("name", Text(defectEvent.Name)), ("time", defectEvent.OccurredAt ?? request.ReceivedAt), ("received_at", request.ReceivedAt))),
            ("project", Frozen(("code", Text(defectEvent.ProjectCode)))),
            ("defect", Frozen(
                ("id", defectEvent.SubjectId),
                ("title", Text(defectEvent.Title)),
                // One of the workspace's own reads as it was written.
                ("severity", Text(Severity.Known.Contains(defectEvent.Severity) ? defectEvent.Severity?.Slug : defectEvent.Severity?.Label)),
                ("status", Text(defectEvent.Status)),
                ("actual_result", Text(defectEvent.ActualResult)),
                ("case_id", defectEvent.CaseId),
                ("step", defectEvent.Step),
                ("attachments", Frozen(defectEvent.Attachments.Select(file => (object?)Frozen(("name", Text(file.Name)), ("url", Text(file.Url)))))),
                ("url", defectEvent.IsDefect ? qase.UrlOf(defectEvent.ProjectCode, defectEvent.SubjectId) : null),
                ("opened_at", defect?.Creation?.At),
                ("opened_by", Actor(defect?.Creation?.TeamMemberId, names)),
                ("resolved_at", defect?.Resolution?.At),
                ("resolved_by", Actor(defect?.Resolution?.TeamMemberId, names)),
                ("deleted_at", defect?.Deleted?.At),
                ("deleted_by", Actor(defect?.Deleted?.TeamMemberId, names)),
                ("open_for", defect?.OpenFor is { } span ? SpanWords.Of(span) : null),
                ("history", Frozen((defect?.History ?? []).Select(entry => (object?)Frozen(("event", Text(entry.Event)), ("time", entry.At), ("actor", Actor(entry.TeamMemberId, names)))))))),
            ("actor", Actor(defectEvent.TeamMemberId, names)),
            ("payload", Convert(defectEvent.Payload)));
    }

    // Qase sends a number, never a name; 0 is an automation's token. Names come from its API, where that is asked.
    private static ScriptObject Actor(long? teamMemberId, IReadOnlyDictionary<long, string> names) =>
        Frozen(("id", teamMemberId), ("name", teamMemberId == 0 ? "automation" : teamMemberId is { } id ? Text(names.GetValueOrDefault(id)) : null));

    private static string? Text(string? text) => text is null ? null : Graphemes.Truncate(TextCleaning.Clean(text), MaxText);

    private static object? Convert(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Object => Frozen([.. value.EnumerateObject().Select(member => (TextCleaning.Clean(member.Name), Convert(member.Value)))]),
        JsonValueKind.Array => Frozen(value.EnumerateArray().Select(Convert)),
        JsonValueKind.String => Text(value.GetString()),
        JsonValueKind.Number => Number(value),
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        _ => null,
    };

    // A decimal reads as it came; a double would show a long id as 1.2345678901234567E+19.
    private static object Number(JsonElement value)
    {
        if (value.TryGetInt64(out var integer)) return integer;
        return value.TryGetDecimal(out var number) ? number : value.GetDouble();
    }

    private static ScriptObject Frozen(params ReadOnlySpan<(string Key, object? Value)> members)
    {
        var map = new ScriptObject();
        // Of a key that came twice the last one counts, as for every other reader of the payload.
        foreach (var (key, value) in members) map[key] = value;
        map.IsReadOnly = true;
        return map;
    }

    private static ScriptArray Frozen(IEnumerable<object?> items) => new(items) { IsReadOnly = true };
}
