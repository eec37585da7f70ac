using DefectNotifier.Events;
using DefectNotifier.Rendering.Values;
using Scriban.Parsing;
using Scriban.Runtime;
using Scriban.Syntax;

namespace DefectNotifier.Rendering.Templates;

/// <summary>
/// The helper <c>facts</c>: what is known of a defect, on one line and in the order in which the template names it. What is not known is
/// left out.
/// </summary>
internal static class DefectFacts
{
    private const int MaxFiles = 3;
    private const int MaxFileName = 60;
    private const int MaxText = 300;

    private static readonly MessageInline Separator = new(" · ");

    private static readonly Dictionary<string, Func<TemplateRun, IEnumerable<MessageInline>>> Readers = new(StringComparer.Ordinal)
    {
        ["status"] = Status,
        ["changes"] = Changes,
        ["severity"] = run => run.Event is { IsDefect: true, Severity: { } severity } && severity != Severity.Undefined
            ? [Text(severity.Label, InlineStyle.Bold)]
            : [],
        ["project"] = run => run.Event.ProjectCode is { } code ? [Text(code)] : [],
        ["defect"] = run => run.Event.IsDefect && DefectWords.Number(run.Event) is { } number
            ? [Link(number, run.Qase.LinkOf(run.Event))]
            : [],
        ["test_case"] = TestCase,
        ["attachments"] = Attachments,
    };

    public static object Of(TokenContext context, SourceSpan span, ScriptArray arguments)
    {
        var pieces = new List<MessageInline>();
        var names = arguments.Select(argument => argument?.ToString() ?? "").ToList();
        foreach (var name in names)
        {
            if (!Readers.TryGetValue(name, out var read))
                throw new ScriptRuntimeException(span, $"facts: '{name}' is not one of {string.Join(", ", Readers.Keys)}.");
            if (IsRepeated(context.Run, name, names)) continue;
            var fact = read(context.Run).Where(piece => VisibleText.IsIn(piece.Text)).ToList();
            if (fact.Count == 0) continue;
            if (pieces.Count > 0) pieces.Add(Separator);
            pieces.AddRange(fact);
        }

        return new TemplateValue(string.Concat(pieces.Select(piece => piece.Text))) { Formatted = pieces };
    }

    // A defect's number contains the project, and the changes end with the present values.
    private static bool IsRepeated(TemplateRun run, string name, List<string> names) =>
        (name == "project" && names.Contains("defect") && run.Event is { IsDefect: true, SubjectId: not null })
        || (names.Contains("changes") && IsInChanges(run, name));

    private static bool IsInChanges(TemplateRun run, string name) => run.Request.Changes.Any(change => (change.Property, name) switch
    {
        (DefectProperty.Severity, "severity") => change.To == run.Event.Severity?.Label,
        (DefectProperty.Status, "status") => change.To == run.Event.Status,
        _ => false,
    });

    // Nothing while it is open.
    private static IEnumerable<MessageInline> Status(TemplateRun run)
    {
        var (status, defect) = (run.Event.Status, run.Request.Defect);
        if (status is null or DefectStatus.Open || !run.Event.IsDefect) yield break;
        yield return Text(DefectWords.StatusLabel(status), InlineStyle.Bold);
        var by = status switch
        {
            DefectStatus.Resolved => defect?.Resolution?.TeamMemberId,
            DefectStatus.Deleted => defect?.Deleted?.TeamMemberId,
            _ => null,
        };
        if (by is not null) yield return Text(" by " + run.Request.LabelOf(by));
        if (status is DefectStatus.Resolved && defect?.OpenFor is { } span)
            yield return Text(" after " + TimeText.Duration(span));
    }

    private static IEnumerable<MessageInline> Changes(TemplateRun run) =>
        run.Request.Changes.SelectMany((change, index) => (MessageInline[])
        [
            Text($"{(index > 0 ? Separator.Text : "")}{change.Property}: "),
            Text(DefectWords.ValueOf(change.Property, change.From)), Text(" → "),
            Text(DefectWords.ValueOf(change.Property, change.To), InlineStyle.Bold),
        ]);

    private static IEnumerable<MessageInline> TestCase(TemplateRun run)
    {
        var step = run.Event.Step is { } number ? $"step {number}" : "";
        if (run.Event.CaseId is not { } id)
        {
            if (step.Length > 0) yield return Text(step);
            yield break;
        }

        yield return Link($"Test case {id}", run.Qase.CaseLinkOf(run.Event));
        if (step.Length > 0) yield return Text(", " + step);
    }

    // Webhooks have only ids of files; names and addresses come from Qase's API.
    private static IEnumerable<MessageInline> Attachments(TemplateRun run)
    {
        var files = run.Event.Attachments;
        if (files.Count == 0) yield break;
        var named = files.Where(file => file.Url is not null).Take(MaxFiles).ToList();
        yield return Text("📎 ");
        for (var index = 0; index < named.Count; index++)
        {
            if (index > 0) yield return Text(", ");
            var name = Graphemes.Truncate(named[index].Name, MaxFileName);
            yield return Link(name, SafeUrl.TryCreate(named[index].Url, out var url) ? url : null);
        }

        var others = files.Count - named.Count;
        var count = others == 1 ? "1 file" : $"{others} files";
        if (named.Count == 0) yield return Text(count);
        else if (others > 0) yield return Text($" and {others} more");
    }

    private static MessageInline Link(string text, string? url) => Text(text) with { Url = url };

    private static MessageInline Text(string text, InlineStyle style = InlineStyle.None) =>
        new(Graphemes.Truncate(TextCleaning.Clean(text).Replace('\n', ' '), MaxText), style);
}
