using System.Text.Json;
using DefectNotifier.Events;
using DefectNotifier.Rendering.Values;
using Scriban;
using Scriban.Parsing;
using Scriban.Runtime;

namespace DefectNotifier.Rendering.Templates;

/// <summary>
/// What a template sees. Every documented key is always there (null when unknown), everything is read-only, all text is clean. Made when it is asked for: most templates
/// never look at the payload.
/// </summary>
internal sealed class TemplateModel : ScriptObject
{
    /// <summary>More than any chat shows of a whole message, and little enough that no single text exhausts what a template may write.</summary>
    private const int MaxText = 20_000;

    private static readonly string[] Names = ["event", "project", "defect", "actor", "payload"];

    private static readonly ScriptObject Nobody = Frozen(("id", null), ("name", null));

    private readonly RenderRequest _request;
    private readonly QaseOptions _qase;

    /// <param name="request">Its event is completed already.</param>
    /// <param name="qase">Where defects can be seen.</param>
    public TemplateModel(RenderRequest request, QaseOptions qase)
        : base(Names.Length, autoImportStaticsFromThisType: false)
    {
        _request = request;
        _qase = qase;
        IsReadOnly = true;
    }

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
    public static ScriptObject Everything { get; } = CreateEverything();

    public override bool TryGetValue(TemplateContext? context, SourceSpan span, string member, out object? value)
    {
        if (base.TryGetValue(context, span, member, out value)) return true;
        value = Make(member);
        if (value is null) return false;
        SetValue(member, value, readOnly: true);
        return true;
    }

    public override bool Contains(string member) => Names.Contains(member);

    private static ScriptObject CreateEverything()
    {
        var request = new RenderRequest
        {
            Event = Full,
            Defect = Defect.After(null, Full, "", DateTimeOffset.UnixEpoch, default),
            ReceivedAt = DateTimeOffset.UnixEpoch,
            Platform = ChatPlatform.Slack,
        };
        var model = new TemplateModel(request, new QaseOptions());
        return Frozen([.. Names.Select(name => (name, model.Make(name)))]);
    }

    private object? Make(string name) => name switch
    {
        "event" => MakeEvent(),
        "project" => Frozen(("code", Text(_request.Event.ProjectCode))),
        "defect" => MakeDefect(_request.Event, _request.Defect),
        "actor" => Actor(_request.Event.TeamMemberId),
        "payload" => Convert(_request.Event.Payload),
        _ => null,
    };

    private ScriptObject MakeEvent() => Frozen(
        ("name", Text(_request.Event.Name)),
        ("time", _request.Event.OccurredAt ?? _request.ReceivedAt),
        ("received_at", _request.ReceivedAt));

    private ScriptObject MakeDefect(DefectEvent defectEvent, Defect? defect) => Frozen(
        ("id", defectEvent.SubjectId),
        ("title", Text(defectEvent.Title)),
        // One of the workspace's own reads as it was written.
        ("severity", Text(Severity.Known.Contains(defectEvent.Severity) ? defectEvent.Severity?.Slug : defectEvent.Severity?.Label)),
        ("status", Text(defectEvent.Status)),
        ("actual_result", Text(defectEvent.ActualResult)),
        ("case_id", defectEvent.CaseId),
        ("step", defectEvent.Step),
        ("attachments", Frozen(defectEvent.Attachments.Select(file => (object?)Frozen(("name", Text(file.Name)), ("url", Text(file.Url)))))),
        ("url", defectEvent.IsDefect ? _qase.UrlOf(defectEvent.ProjectCode, defectEvent.SubjectId) : null),
        ("opened_at", defect?.Creation?.At),
        ("opened_by", Actor(defect?.Creation?.TeamMemberId)),
        ("resolved_at", defect?.Resolution?.At),
        ("resolved_by", Actor(defect?.Resolution?.TeamMemberId)),
        ("deleted_at", defect?.Deleted?.At),
        ("deleted_by", Actor(defect?.Deleted?.TeamMemberId)),
        ("open_for", defect?.OpenFor is { } span ? DurationText.Of(span) : null),
        ("history", Frozen((defect?.History ?? []).Select(entry => (object?)Frozen(("event", Text(entry.Event)), ("time", entry.At), ("actor", Actor(entry.TeamMemberId)))))));

    // Qase sends a number, never a name; 0 is an automation's token. Names come from its API, where that is asked.
    private ScriptObject Actor(long? teamMemberId) =>
        teamMemberId is { } id ? Frozen(("id", id), ("name", id == 0 ? "automation" : Text(_request.Names.GetValueOrDefault(id)))) : Nobody;

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
        var map = new ScriptObject(members.Length);
        // Of a key that came twice the last one counts, as for every other reader of the payload.
        foreach (var (key, value) in members) map[key] = value;
        map.IsReadOnly = true;
        return map;
    }

    private static ScriptArray Frozen(IEnumerable<object?> items) => new(items) { IsReadOnly = true };
}
