using DefectNotifier.Events;
using Scriban.Syntax;

namespace DefectNotifier.Rendering.Templates;

/// <summary>Finds code that is valid but means something else than its author thinks.</summary>
/// <param name="source">A template that was parsed.</param>
internal sealed class MeaningCheck(TemplateSource source) : ScriptVisitor
{
    private static readonly string[] Severities = [.. Severity.Known.Select(severity => severity.Slug)];

    private static readonly string[] Statuses = ["open", "in_progress", "resolved", "invalid", "deleted"];

    private readonly List<TemplateIssue> _issues = [];

    // Calls that get their first argument from a pipe.
    private readonly HashSet<ScriptNode> _piped = [];

    public static IReadOnlyList<TemplateIssue> Inspect(TemplateSource source, ScriptPage page)
    {
        var check = new MeaningCheck(source);
        check.Visit(page);
        return check._issues;
    }

    public override void Visit(ScriptBinaryExpression node)
    {
        if (node.Operator is ScriptBinaryOperator.CompareEqual or ScriptBinaryOperator.CompareNotEqual)
        {
            CheckWord(node.Left, node.Right);
            CheckWord(node.Right, node.Left);
        }

        base.Visit(node);
    }

    public override void Visit(ScriptCaseStatement node)
    {
        foreach (var when in node.Body?.Statements.OfType<ScriptWhenStatement>() ?? [])
            foreach (var value in when.Values) CheckWord(node.Value, value);
        base.Visit(node);
    }

    public override void Visit(ScriptPipeCall node)
    {
        var to = node.To;
        while (to is ScriptPipeCall chain) to = chain.From;
        if (to is not null) _piped.Add(to);
        // ['blocker', 'critical'] | array.contains defect.severity
        if (node.From is ScriptArrayInitializerExpression list && to is ScriptFunctionCall { Arguments: [var subject, ..] })
            foreach (var value in list.Values) CheckWord(subject, value);
        base.Visit(node);
    }

    public override void Visit(ScriptFunctionCall node)
    {
        var at = _piped.Contains(node) ? 0 : 1;
        if (node.Target is ScriptVariableGlobal { Name: "date" }
            && node.Arguments.Count > at
            && node.Arguments[at] is ScriptLiteral { Value: string format } literal
            && DateFormats.Fix(format) is { } meant)
        {
            var message = $"The date format '{format}' does not mean what it seems to: yyyy is the year, MM the month, dd the day, "
                + $"HH the hour, mm the minute, ss the second. Write '{meant}'.";
            _issues.Add(source.IssueAt(literal.Span.Start.Offset, TemplateIssueKind.DateFormat, message));
        }

        base.Visit(node);
    }

    private void CheckWord(ScriptNode? subject, ScriptNode? value)
    {
        if (subject is not ScriptMemberExpression member || value is not ScriptLiteral { Value: string word }) return;
        switch (member.ToString())
        {
            case "digest.cause" when !DigestWords.Causes.Contains(word):
                AddWord(value, word, $"A digest has no cause '{word}', so this never matches.", DigestWords.Causes);
                break;
            case "defect.severity" when !Severities.Contains(word):
                AddWord(value, word, $"Qase has no severity '{word}', so this matches only if your workspace defines it.", Severities);
                break;
            // A workspace may have more statuses, but hardly one that differs only in its spelling.
            case "defect.status" when !Statuses.Contains(word) && Statuses.Any(known => Letters(known) == Letters(word)):
                AddWord(value, word, $"No status is written '{word}', so this never matches.", Statuses);
                break;
        }
    }

    private static string Letters(string word) => string.Concat(word.Where(char.IsLetter)).ToUpperInvariant();

    private void AddWord(ScriptNode node, string word, string message, IReadOnlyCollection<string> known) =>
        _issues.Add(source.IssueAt(node.Span.Start.Offset, TemplateIssueKind.UnknownWord, message) with { Word = word, Known = known });
}
