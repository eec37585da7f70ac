using Scriban.Runtime;
using Scriban.Syntax;

namespace DefectNotifier.Rendering.Templates;

/// <summary>Walks through a template and tells the names that are never there, the helpers that don't exist and calls with too few or too many arguments.</summary>
/// <param name="source">The template, whose text can be read.</param>
/// <param name="own">What the template assigns.</param>
/// <param name="shared">What is assigned by templates that it includes, or that include it.</param>
/// <param name="mentions">Whom a template can mention; null: that is not looked at.</param>
/// <param name="isOpen">True when names may be there that can't be told: then only members and helpers are looked at.</param>
internal sealed class NameCheck(TemplateSource source, TemplateAssignments own, IReadOnlySet<string> shared, IReadOnlyCollection<string>? mentions, bool isOpen) : ScriptVisitor
{
    private const int MaxDepth = 20;
    private static readonly ValueShape Model = ValueShape.Of(TemplateModel.Everything);
    private static readonly string[] ModelNames =
        [.. Model.Members!.SelectMany(top => top.Value.Members is { } members ? members.Keys.Select(member => $"{top.Key}.{member}").Prepend(top.Key) : [top.Key])];

    private static readonly string[] FunctionNames = [.. BuiltIns.Shared.SelectMany(pair => pair.Value is ScriptObject group ? group.Keys.Select(member => $"{pair.Key}.{member}") : [pair.Key])];

    // Scriban's own: what a loop tells of itself, and nothing.
    private static readonly string[] Language = ["for", "while", "tablerow", "empty", "blank"];

    private readonly List<TemplateIssue> _issues = [];

    public static IReadOnlyList<TemplateIssue> Inspect(TemplateSource source, ScriptPage page, TemplateAssignments own, IReadOnlySet<string> shared, bool isOpen, IReadOnlyCollection<string>? mentions)
    {
        var names = new NameCheck(source, own, shared, mentions, isOpen);
        names.Visit(page);
        return names._issues;
    }

    public override void Visit(ScriptAssignExpression node)
    {
        if (node.Target is not ScriptVariable) Visit(node.Target);
        Visit(node.Value);
    }

    public override void Visit(ScriptFunctionCall node) => Call(node, isPiped: false);

    public override void Visit(ScriptPipeCall node)
    {
        Visit(node.From);
        VisitPiped(node.To);
    }

    public override void Visit(ScriptUnaryExpression node)
    {
        // @name is the function itself, not a call of it.
        if (node.Operator == ScriptUnaryOperator.FunctionAlias && FunctionOf(node.Right) is not null) return;
        base.Visit(node);
    }

    public override void Visit(ScriptVariableGlobal node)
    {
        if (Function(node.Name) is { } function) Count(node, node.Name, function, given: 0);
        else if (!IsKnown(node.Name)) Unknown(node, node.Name, node.Name);
    }

    public override void Visit(ScriptMemberExpression node)
    {
        if (FunctionOf(node) is { } function) Count(node, node.ToString(), function, given: 0);
        else if (GroupOf(node.Target) is { } group) UnknownFunction(node, $"{group}.{node.Member!.Name}");
        else if (ShapeOf(node.Target, 0) is { } target && target.Of(node.Member!.Name) is null) Unknown(node, node.ToString(), node.Member.Name, target);
        else Visit(node.Target);
    }

    public override void Visit(ScriptIndexerExpression node)
    {
        if (node.Index is ScriptLiteral { Value: string name } && ShapeOf(node.Target, 0) is { } target && target.Of(name) is null) Unknown(node, $"{node.Target}.{name}", name, target);
        base.Visit(node);
    }

    // What is included is looked at by itself, and names of arguments are no values.
    public override void Visit(ScriptNamedArgument node) => Visit(node.Value);

    public override void Visit(ScriptObjectMember node) => Visit(node.Value);

    public override void Visit(ScriptFunction node) => Visit(node.Body);

    private void VisitPiped(ScriptNode? to)
    {
        switch (to)
        {
            case ScriptPipeCall chain:
                VisitPiped(chain.From);
                VisitPiped(chain.To);
                break;
            case ScriptFunctionCall call:
                Call(call, isPiped: true);
                break;
            case ScriptVariableGlobal or ScriptMemberExpression when FunctionOf(to) is { } function:
                Count(to, to.ToString()!, function, given: 1);
                break;
            case ScriptVariableGlobal variable when !IsAssigned(variable.Name):
                UnknownFunction(variable, variable.Name);
                break;
            default:
                Visit(to);
                break;
        }
    }

    private void Call(ScriptFunctionCall call, bool isPiped)
    {
        if (FunctionOf(call.Target) is { } function)
        {
            var isSpread = call.Arguments.Any(argument => argument is ScriptUnaryExpression { Operator: ScriptUnaryOperator.FunctionParametersExpand });
            if (function is MentionFunction && mentions is not null && call.Arguments is [ScriptLiteral { Value: string whom }, ..] && !mentions.Contains(whom, StringComparer.OrdinalIgnoreCase))
                Add(TemplateIssueKind.UnknownMention, call, $"Templates:Mentions has no '{whom}', so nobody is notified.", whom, mentions);
            if (!isSpread) Count(call.Target!, call.Target!.ToString(), function, call.Arguments.Count + (isPiped ? 1 : 0));
        }
        else if (call.Target is ScriptVariableGlobal variable && !IsAssigned(variable.Name))
        {
            UnknownFunction(variable, variable.Name);
        }
        else
        {
            Visit(call.Target);
        }

        foreach (var argument in call.Arguments) Visit(argument);
    }

    private void Count(ScriptNode node, string name, IScriptCustomFunction function, int given)
    {
        // It says itself what it needs, and takes whatever follows.
        if (function is IncludeFunction) return;
        var (least, most) = (function.RequiredParameterCount, function.VarParamKind == ScriptVarParamKind.None ? function.ParameterCount : int.MaxValue);
        if (given >= least && given <= most) return;
        var wanted = least == most ? $"{least}" : most == int.MaxValue ? $"at least {least}" : $"{least} to {most}";
        Add(TemplateIssueKind.WrongArguments, node, $"'{name}' takes {wanted} {(wanted == "1" ? "value" : "values")}, what stands before the | included; here it gets {given}.");
    }

    private void Unknown(ScriptNode node, string written, string member, ValueShape? target = null)
    {
        var known = target is null ? ModelNames.Concat(own.Values.Keys).Concat(FunctionNames) : ModelNames.Where(name => IsMemberOf(name, target));
        Add(TemplateIssueKind.UnknownName, node, $"There is no '{written}', so it would always be empty.", member, [.. known]);
    }

    // By the members: the same place may be reached by a variable.
    private static bool IsMemberOf(string name, ValueShape target)
    {
        var at = name.LastIndexOf('.');
        return at >= 0 ? Model.Of(name[..at]) == target : Model == target;
    }

    private void UnknownFunction(ScriptNode node, string name) => Add(TemplateIssueKind.UnknownFunction, node, $"There is no helper '{name}'.", name, FunctionNames);

    private void Add(TemplateIssueKind kind, ScriptNode node, string message, string? word = null, IReadOnlyCollection<string>? known = null)
    {
        var (line, column) = TextLocation.Of(source.Text!, node.Span.Start.Offset);
        _issues.Add(new TemplateIssue(kind, source.Name, line, column, message) { Word = word, Known = known ?? [] });
    }

    private bool IsAssigned(string name) => isOpen || own.Values.ContainsKey(name) || shared.Contains(name);

    private bool IsKnown(string name) => IsAssigned(name) || Model.Members!.ContainsKey(name) || BuiltIns.Shared.ContainsKey(name) || Language.Contains(name);

    private IScriptCustomFunction? Function(string name) => IsAssigned(name) ? null : BuiltIns.Shared.TryGetValue(name, out var value) ? value as IScriptCustomFunction : null;

    private IScriptCustomFunction? FunctionOf(ScriptNode? node) => node switch
    {
        ScriptVariableGlobal variable => Function(variable.Name),
        ScriptMemberExpression { Target: ScriptVariableGlobal group } member when GroupOf(group) is not null =>
            ((ScriptObject)BuiltIns.Shared[group.Name]!).TryGetValue(member.Member!.Name, out var value) ? value as IScriptCustomFunction : null,
        _ => null,
    };

    private string? GroupOf(ScriptExpression? target) =>
        target is ScriptVariableGlobal variable && !IsAssigned(variable.Name) && BuiltIns.Shared.TryGetValue(variable.Name, out var value) && value is ScriptObject ? variable.Name : null;

    // Null: nothing can be said. Assignments may go in a circle.
    private ValueShape? ShapeOf(ScriptExpression? node, int depth) => node switch
    {
        _ when depth > MaxDepth => null,
        ScriptNestedExpression nested => ShapeOf(nested.Expression, depth + 1),
        ScriptVariableGlobal variable => ShapeOfVariable(variable.Name, depth),
        ScriptMemberExpression member => ShapeOf(member.Target, depth + 1)?.Of(member.Member!.Name),
        ScriptIndexerExpression { Index: ScriptLiteral { Value: string name } } index => ShapeOf(index.Target, depth + 1)?.Of(name),
        ScriptIndexerExpression index => ShapeOf(index.Target, depth + 1)?.Item,
        _ => null,
    };

    private ValueShape? ShapeOfVariable(string name, int depth)
    {
        if (own.Loops.TryGetValue(name, out var looped) && own.Values[name].Count == 1) return ShapeOf(looped, depth + 1)?.Item;
        if (own.Values.TryGetValue(name, out var values)) return values is [{ } value] && !shared.Contains(name) ? ShapeOf(value, depth + 1) : null;
        return IsAssigned(name) ? null : Model.Members!.GetValueOrDefault(name);
    }
}
