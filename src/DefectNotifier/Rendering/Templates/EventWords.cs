using System.Globalization;
using System.Text.Json;
using DefectNotifier.Events;
using DefectNotifier.Rendering.Values;

namespace DefectNotifier.Rendering.Templates;

/// <summary>Events as sentences: those that Qase documents, and every other as far as its name and payload say.</summary>
internal static class EventWords
{
    private const int MaxFields = 8;
    private const int MaxValue = 200;

    private static readonly Dictionary<string, string> Families = new(StringComparer.OrdinalIgnoreCase)
    {
        ["case"] = "Test case",
        ["plan"] = "Test plan",
        ["shared_step"] = "Shared step",
        ["custom_field"] = "Custom field",
        ["suite"] = "Suite",
        ["run"] = "Run",
        ["milestone"] = "Milestone",
        ["review"] = "Review",
        ["result"] = "Result",
        ["defect"] = "Defect",
    };

    /// <summary>The counts of a finished run, in the order in which they are shown.</summary>
    private static readonly string[] Counts = ["failed", "blocked", "skipped", "untested"];

    /// <summary>What else is shown of an event of a family that Qase documents.</summary>
    private static readonly string[] Details = ["description", "comment", "status", "environment", "cases_count", "cases_added"];

    /// <summary>
    /// <c>Run 531 completed: 11 of 14 passed, 2 failed, 1 blocked</c>, <c>Test case created: Guest can check out</c>. The unit of a run's
    /// duration is not documented, so it is left out.
    /// </summary>
    public static string Summary(DefectEvent defectEvent)
    {
        var (family, action) = Parts(defectEvent.Name);
        var payload = defectEvent.Payload;
        var title = payload.Text("title") ?? payload.Text("name") ?? defectEvent.Title;
        var number = defectEvent.SubjectId is { } id && (title is null || IsRun(defectEvent)) ? $" {id}" : "";
        var what = Label(family) + number + Words(action);
        var detail = IsRun(defectEvent) && payload.Number("cases") is > 0 and var cases ? Results(payload, cases) : title;
        return detail is null ? what : $"{what}: {detail}";
    }

    /// <summary><c>Run completed</c>.</summary>
    public static string NameOf(string eventName)
    {
        var (family, action) = Parts(eventName);
        return Label(family) + Words(action);
    }

    public static string Emoji(DefectEvent defectEvent) =>
        Parts(defectEvent.Name).Action == "completed" && defectEvent.Payload.Number("failed") is > 0 ? "❌" : Emoji(defectEvent.Name);

    /// <summary>Without what only its payload says.</summary>
    public static string Emoji(string eventName) => Parts(eventName).Action switch
    {
        "created" or "cloned" => "🆕",
        "updated" or "report_changed" => "✏️",
        "deleted" => "🗑️",
        "started" => "▶️",
        "completed" => "🏁",
        "aborted" => "🛑",
        "commented" => "💬",
        "merged" => "✅",
        "reopened" => "🔄",
        "declined" => "🚫",
        _ => "ℹ️",
    };

    /// <summary>The page of what the event is about; null when it is deleted or its address is not known.</summary>
    public static string? UrlOf(DefectEvent defectEvent, QaseOptions qase) => Parts(defectEvent.Name) switch
    {
        (_, "deleted") => null,
        ("defect", _) => qase.LinkOf(defectEvent),
        ("run", _) => qase.RunLinkOf(defectEvent),
        ("case", _) => qase.CaseLinkOf(defectEvent with { CaseId = defectEvent.SubjectId }),
        _ => null,
    };

    /// <summary>What the summary does not say: texts, numbers and times of the payload, with readable names.</summary>
    public static IEnumerable<(string Label, object Value)> Fields(DefectEvent defectEvent)
    {
        var isKnown = Families.ContainsKey(Parts(defectEvent.Name).Family);
        if (defectEvent.IsDefect || defectEvent.Payload.ValueKind != JsonValueKind.Object) yield break;
        var shown = 0;
        foreach (var member in defectEvent.Payload.EnumerateObject())
        {
            if (shown == MaxFields) yield break;
            if (isKnown ? !Details.Contains(member.Name) : member.Name is "id" or "title" or "name") continue;
            if (ValueOf(member.Value) is not { } value) continue;
            shown++;
            yield return (Label(TextCleaning.Clean(member.Name)), value);
        }
    }

    private static (string Family, string Action) Parts(string eventName)
    {
        var name = eventName.ToLowerInvariant();
        var dot = name.IndexOf('.');
        return dot < 0 ? (name, "") : (name[..dot], name[(dot + 1)..]);
    }

    private static bool IsRun(DefectEvent defectEvent) => Parts(defectEvent.Name).Family == "run";

    private static string Words(string action) => action.Length > 0 ? " " + action.Replace('_', ' ') : "";

    private static string Results(JsonElement payload, long cases)
    {
        var text = string.Create(CultureInfo.InvariantCulture, $"{payload.Number("passed") ?? 0} of {cases} passed");
        foreach (var name in Counts)
        {
            // As one table of Qase's documentation writes it.
            var count = payload.Number(name) ?? (name == "skipped" ? payload.Number("skiped") : null);
            if (count > 0) text += string.Create(CultureInfo.InvariantCulture, $", {count} {name}");
        }

        return text;
    }

    private static string Label(string name)
    {
        if (Families.TryGetValue(name, out var known)) return known;
        var words = name.Replace('_', ' ').Trim();
        return words.Length == 0 ? name : char.ToUpperInvariant(words[0]) + words[1..];
    }

    private static object? ValueOf(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String when value.TryGetDateTimeOffset(out var time) => time,
        JsonValueKind.String or JsonValueKind.Number =>
            ((JsonElement?)value).AsText() is { } text && VisibleText.IsIn(text)
                ? Graphemes.Truncate(TextCleaning.Clean(text), MaxValue)
                : null,
        JsonValueKind.True => "yes",
        JsonValueKind.False => "no",
        _ => null,
    };

    private static string? Text(this JsonElement payload, string name) =>
        payload.Get(name).AsText() is { } text && VisibleText.IsIn(text) ? text : null;

    private static long? Number(this JsonElement payload, string name) => payload.Get(name).AsInteger();
}
