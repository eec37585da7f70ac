using System.Text.Json;
using DefectNotifier.Events;
using DefectNotifier.Rendering.Values;
using Scriban;
using Scriban.Parsing;
using Scriban.Runtime;

namespace DefectNotifier.Rendering.Templates;

/// <summary>
/// The values that a template can use. Every documented name always exists (null when unknown), everything is read-only, and all text
/// is cleaned; a text that shows nothing is null. Each value is created on its first use, because most templates do not use the payload.
/// </summary>
internal sealed class TemplateModel : ScriptObject
{
    /// <summary>More than a chat message can show, and far less than a template may write.</summary>
    private const int MaxText = 20_000;

    /// <summary>
    /// The values of the payload that are read: more than a template can loop over. A value takes up to a hundred times the memory of its
    /// JSON.
    /// </summary>
    private const int MaxValues = 20_000;

    /// <summary>All values.</summary>
    public static readonly string[] Names = ["event", "project", "defect", "digest", "actor", "message", "payload"];

    private readonly RenderRequest _request;
    private readonly QaseOptions _qase;
    private int _values;

    /// <param name="request">Its event is completed with what is known of the defect.</param>
    /// <param name="qase">For the address of the defect.</param>
    public TemplateModel(RenderRequest request, QaseOptions qase)
        : base(Names.Length, autoImportStaticsFromThisType: false)
    {
        _request = request;
        _qase = qase;
        IsReadOnly = true;
    }

    public override bool TryGetValue(TemplateContext? context, SourceSpan span, string member, out object? value)
    {
        if (base.TryGetValue(context, span, member, out value)) return true;
        value = member switch
        {
            "event" => ReadOnly(
                ("name", Text(_request.Event.Name)),
                ("summary", Text(EventWords.Summary(_request.Event))),
                ("emoji", EventWords.Emoji(_request.Event)),
                ("url", EventWords.UrlOf(_request.Event, _qase)),
                ("fields", ReadOnly(EventWords.Fields(_request.Event).Select(
                    field => (object?)ReadOnly(("label", Text(field.Label)), ("value", field.Value))))),
                ("time", _request.Event.PossibleTime(_request.ReceivedAt) ?? _request.ReceivedAt),
                ("received_at", _request.ReceivedAt)),
            "project" => ReadOnly(("code", Text(_request.Event.ProjectCode))),
            "defect" => CreateDefect(_request.Event, _request.Defect),
            "digest" => DigestModel.Of(_request, _qase),
            "actor" => Actor(_request.Event.TeamMemberId),
            "message" => ReadOnly(
                ("is_reply", _request.IsReply),
                ("platform", _request.Platform.Word())),
            "payload" => Convert(_request.Event.Payload),
            _ => null,
        };
        if (value is null) return false;
        SetValue(member, value, readOnly: true);
        return true;
    }

    public override bool Contains(string member) => Names.Contains(member);

    private ScriptObject CreateDefect(DefectEvent defectEvent, Defect? defect) => ReadOnly(
        ("id", defectEvent.SubjectId),
        ("title", Text(defectEvent.Title)),
        ("label", Text(DefectWords.Label(defectEvent))),
        ("long_title", Text(DefectWords.LongTitle(defectEvent))),
        ("heading", Text(DefectWords.Heading(defectEvent, _request.Repeats))),
        ("severity", SeverityOf(defectEvent.Severity)),
        ("status", Text(defectEvent.Status)),
        ("status_label", Text(DefectWords.StatusLabel(defectEvent.Status ?? ""))),
        ("status_emoji", DefectWords.StatusEmoji(defectEvent.Status)),
        ("is_open", defect?.IsClosed != true),
        ("repeats", _request.Repeats),
        ("actual_result", Text(defectEvent.ActualResult)),
        ("case_id", defectEvent.CaseId),
        ("step", defectEvent.Step),
        ("attachments", ReadOnly(defectEvent.Attachments.Select(file => (object?)ReadOnly(
            ("name", Text(file.Name)),
            ("url", Text(file.Url)),
            ("mime", Text(file.Mime)),
            ("size", file.Size),
            ("is_image", file.IsImage))))),
        ("url", _qase.UrlOf(defectEvent)),
        ("opened_at", defect?.Creation?.At),
        ("opened_by", Actor(defect?.Creation?.TeamMemberId)),
        ("resolved_at", defect?.Resolution?.At),
        ("resolved_by", Actor(defect?.Resolution?.TeamMemberId)),
        ("deleted_at", defect?.Deleted?.At),
        ("deleted_by", Actor(defect?.Deleted?.TeamMemberId)),
        ("open_for", defect?.OpenFor is { } span ? TimeText.Duration(span) : null),
        ("changes", ReadOnly(_request.Changes.Select(change => (object?)ReadOnly(
            ("name", change.Property.ToString()),
            ("from", Text(DefectWords.ValueOf(change.Property, change.From))),
            ("to", Text(DefectWords.ValueOf(change.Property, change.To))))))),
        ("history", ReadOnly((defect?.History ?? []).Select(entry => (object?)ReadOnly(
            ("event", Text(entry.Event)),
            ("time", entry.At),
            ("actor", Actor(entry.TeamMemberId)))))));

    // Qase sends the id of the member, not the name; 0 is an API token. Names come from Qase's API when it is configured.
    private ScriptObject Actor(long? teamMemberId)
    {
        var name = teamMemberId == 0 ? "automation" : Text(_request.Names.GetValueOrDefault(teamMemberId ?? -1));
        return ReadOnly(("id", teamMemberId), ("name", name), ("label", Text(_request.LabelOf(teamMemberId))));
    }

    /// <summary>A severity that is defined only in this workspace is shown as it was written.</summary>
    internal static string? SeverityOf(Severity? severity) => Text(Severity.Known.Contains(severity) ? severity?.Slug : severity?.Label);

    internal static string? Text(string? text) =>
        text is not null && TextCleaning.Clean(text) is var clean && VisibleText.IsIn(clean) ? Graphemes.Truncate(clean, MaxText) : null;

    private object? Convert(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Object => ReadOnly(
            [.. value.EnumerateObject().TakeWhile(IsRead).Select(member => (TextCleaning.Clean(member.Name), Convert(member.Value)))]),
        JsonValueKind.Array => ReadOnly(value.EnumerateArray().TakeWhile(IsRead).Select(Convert)),
        JsonValueKind.String => Text(value.GetString()),
        JsonValueKind.Number => Number(value),
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        _ => null,
    };

    private bool IsRead<T>(T value) => _values++ < MaxValues;

    // A decimal preserves the digits; a double would show a long id as 1.2345678901234567E+19.
    private static object Number(JsonElement value)
    {
        if (value.TryGetInt64(out var integer)) return integer;
        return value.TryGetDecimal(out var number) ? number : value.GetDouble();
    }

    internal static ScriptObject ReadOnly(params ReadOnlySpan<(string Key, object? Value)> members)
    {
        var map = new ScriptObject(members.Length);
        // The last one of duplicate keys is used, as everywhere else where the payload is read.
        foreach (var (key, value) in members) map[key] = value;
        map.IsReadOnly = true;
        return map;
    }

    internal static ScriptArray ReadOnly(IEnumerable<object?> items) => new(items) { IsReadOnly = true };
}
