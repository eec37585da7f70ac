using System.Text.Json;
using DefectNotifier.Events;
using DefectNotifier.Outbox.Contract;
using DefectNotifier.Rendering.Values;
using Scriban.Runtime;
using Scriban.Syntax;

namespace DefectNotifier.Rendering.Templates;

/// <summary>Finds names that never exist, helpers that do not exist, and calls with too few or too many arguments.</summary>
/// <param name="source">A template that was parsed.</param>
/// <param name="mentions">The names that templates can mention; null: mentions are not checked.</param>
internal sealed class NameCheck(TemplateSource source, IReadOnlyCollection<string>? mentions) : ScriptVisitor
{
    private const int MaxDepth = 20;

    private static readonly ValueShape Model = ShapeOfModel();

    private static readonly string[] ModelNames =
    [
        .. Model.Members!.SelectMany(top => top.Value.Members is { } members
            ? members.Keys.Select(member => $"{top.Key}.{member}").Prepend(top.Key)
            : [top.Key]),
    ];

    private static readonly string[] FunctionNames =
    [
        .. BuiltIns.Shared.SelectMany(pair => pair.Value is ScriptObject group
            ? group.Keys.Select(member => $"{pair.Key}.{member}")
            : [pair.Key]),
    ];

    // Scriban's own variables.
    private static readonly string[] Language = ["for", "while", "tablerow", "empty", "blank"];

    private readonly List<TemplateIssue> _issues = [];
    private int _maxIssues;

    /// <summary>What the template assigns.</summary>
    public required TemplateAssignments Own { get; init; }

    /// <summary>The names that are assigned by templates that it includes, or that include it.</summary>
    public required IReadOnlySet<string> Shared { get; init; }

    /// <summary>True when other names may exist: then only members and helpers are checked.</summary>
    public required bool HasUnknownNames { get; init; }

    /// <summary>The values of a sample event that has all members.</summary>
    private static ValueShape ShapeOfModel()
    {
        var sample = new DefectEvent
        {
            Source = "",
            Name = "defect.created",
            ProjectCode = "WEB",
            SubjectId = 1,
            Attachments = [new Attachment("file", "https://example.com/")],
            Payload = JsonElement.Parse("{}"u8),
        };
        var request = new RenderRequest
        {
            Event = sample,
            Defect = Defect.After(null, sample, "", DateTimeOffset.UnixEpoch, default),
            ReceivedAt = DateTimeOffset.UnixEpoch,
            Platform = ChatPlatform.Slack,
            Digest = SampleDigest.Of(DigestContents.MaxDefects, DateTimeOffset.UnixEpoch),
            DigestPage = 1,
        };
        var model = new TemplateModel(request, new QaseOptions());
        // Reading a value creates it.
        foreach (var name in TemplateModel.Names) model.TryGetValue(null, default, name, out _);
        return ValueShape.Of(model);
    }

    /// <param name="page">The parsed template.</param>
    /// <param name="maxIssues">Further issues are left out.</param>
    public IReadOnlyList<TemplateIssue> Inspect(ScriptPage page, int maxIssues)
    {
        _maxIssues = maxIssues;
        Visit(page);
        return _issues;
    }

    public override void Visit(ScriptAssignExpression node)
    {
        if (node.Target is not ScriptVariable) Visit(node.Target);
        Visit(node.Value);
    }

    public override void Visit(ScriptFunctionCall node) => VisitCall(node, isPiped: false);

    public override void Visit(ScriptPipeCall node)
    {
        Visit(node.From);
        VisitPiped(node.To);
    }

    public override void Visit(ScriptUnaryExpression node)
    {
        // @name is the function itself, not a call.
        if (node.Operator == ScriptUnaryOperator.FunctionAlias && FunctionOf(node.Right) is not null) return;
        base.Visit(node);
    }

    public override void Visit(ScriptVariableGlobal node)
    {
        if (Function(node.Name) is { } function) CheckArguments(node, node.Name, function, given: 0);
        else if (!IsKnown(node.Name)) AddUnknownName(node, node.Name, node.Name);
    }

    public override void Visit(ScriptMemberExpression node)
    {
        if (FunctionOf(node) is { } function) CheckArguments(node, node.ToString(), function, given: 0);
        else if (GroupOf(node.Target) is { } group) AddUnknownFunction(node, $"{group}.{node.Member!.Name}");
        else if (ShapeOf(node.Target, 0) is { } target && target.Of(node.Member!.Name) is null)
            AddUnknownName(node, node.ToString(), node.Member.Name, target);
        else Visit(node.Target);
    }

    public override void Visit(ScriptIndexerExpression node)
    {
        if (node.Index is ScriptLiteral { Value: string name } && ShapeOf(node.Target, 0) is { } target && target.Of(name) is null)
            AddUnknownName(node, $"{node.Target}.{name}", name, target);
        base.Visit(node);
    }

    // The names of arguments and members are not values.
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
                VisitCall(call, isPiped: true);
                break;
            case ScriptVariableGlobal or ScriptMemberExpression when FunctionOf(to) is { } function:
                CheckArguments(to, to.ToString()!, function, given: 1);
                break;
            case ScriptVariableGlobal variable when !IsAssigned(variable.Name):
                AddUnknownFunction(variable, variable.Name);
                break;
            default:
                Visit(to);
                break;
        }
    }

    private void VisitCall(ScriptFunctionCall call, bool isPiped)
    {
        if (FunctionOf(call.Target) is { } function)
        {
            CheckMention(call, function);
            var isSpread = call.Arguments.Any(
                argument => argument is ScriptUnaryExpression { Operator: ScriptUnaryOperator.FunctionParametersExpand });
            if (!isSpread) CheckArguments(call.Target!, call.Target!.ToString(), function, call.Arguments.Count + (isPiped ? 1 : 0));
        }
        else if (call.Target is ScriptVariableGlobal variable && !IsAssigned(variable.Name))
        {
            AddUnknownFunction(variable, variable.Name);
        }
        else
        {
            Visit(call.Target);
        }

        foreach (var argument in call.Arguments) Visit(argument);
    }

    private void CheckMention(ScriptFunctionCall call, IScriptCustomFunction function)
    {
        if (mentions is null || function is not TemplateFunction { Name: "mention" }) return;
        if (call.Arguments is [ScriptLiteral { Value: string name }, ..] && !mentions.Contains(name, StringComparer.OrdinalIgnoreCase))
            Add(TemplateIssueKind.UnknownMention, call, $"Templates:Mentions has no '{name}', so no one is notified.", name, mentions);
    }

    private void CheckArguments(ScriptNode node, string name, IScriptCustomFunction function, int given)
    {
        // A run reports an include without a name, and include takes any number of arguments.
        if (function is TemplateFunction { Name: "include" }) return;
        var min = function.RequiredParameterCount;
        var max = function.VarParamKind == ScriptVarParamKind.None ? function.ParameterCount : int.MaxValue;
        if (given >= min && given <= max) return;
        var expected = min == max ? $"{min}" : max == int.MaxValue ? $"at least {min}" : $"{min} to {max}";
        var arguments = expected == "1" ? "argument" : "arguments";
        var message = $"'{name}' takes {expected} {arguments}, including the value before the |; here it gets {given}.";
        Add(TemplateIssueKind.WrongArguments, node, message);
    }

    private void AddUnknownName(ScriptNode node, string written, string member, ValueShape? target = null)
    {
        var known = target is null
            ? ModelNames.Concat(Own.Values.Keys).Concat(FunctionNames)
            : ModelNames.Where(name => IsMemberOf(name, target));
        Add(TemplateIssueKind.UnknownName, node, $"There is no '{written}', so it would always be empty.", member, [.. known]);
    }

    // Compares shapes and not names, because a variable can refer to the same value.
    private static bool IsMemberOf(string name, ValueShape target)
    {
        var at = name.LastIndexOf('.');
        return at >= 0 ? Model.Of(name[..at]) == target : Model == target;
    }

    private void AddUnknownFunction(ScriptNode node, string name)
    {
        if (name is "DATE" or "TIME") Add(TemplateIssueKind.UnknownFunction, node, TemplateSyntax.FunctionAdvice);
        else Add(TemplateIssueKind.UnknownFunction, node, $"There is no helper '{name}'.", name, FunctionNames);
    }

    private void Add(
        TemplateIssueKind kind, ScriptNode node, string message, string? word = null, IReadOnlyCollection<string>? known = null)
    {
        if (_issues.Count == _maxIssues) return;
        _issues.Add(source.IssueAt(node.Span.Start.Offset, kind, message) with { Word = word, Known = known ?? [] });
    }

    private bool IsAssigned(string name) => HasUnknownNames || Own.Values.ContainsKey(name) || Shared.Contains(name);

    private bool IsKnown(string name) =>
        IsAssigned(name) || Model.Members!.ContainsKey(name) || BuiltIns.Shared.ContainsKey(name) || Language.Contains(name);

    private IScriptCustomFunction? Function(string name) =>
        !IsAssigned(name) && BuiltIns.Shared.TryGetValue(name, out var value) ? value as IScriptCustomFunction : null;

    private IScriptCustomFunction? FunctionOf(ScriptNode? node) => node switch
    {
        ScriptVariableGlobal variable => Function(variable.Name),
        ScriptMemberExpression { Target: ScriptVariableGlobal group } member when GroupOf(group) is not null =>
            ((ScriptObject)BuiltIns.Shared[group.Name]!).TryGetValue(member.Member!.Name, out var value)
                ? value as IScriptCustomFunction
                : null,
        _ => null,
    };

    // The name of a group of Scriban's functions, such as string.
    private string? GroupOf(ScriptExpression? target) => target is ScriptVariableGlobal variable && !IsAssigned(variable.Name)
        && BuiltIns.Shared.TryGetValue(variable.Name, out var value) && value is ScriptObject ? variable.Name : null;

    // Null when the shape is unknown. The depth is limited because assignments can form a cycle.
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
        if (Own.Loops.TryGetValue(name, out var iterated) && Own.Values[name].Count == 1) return ShapeOf(iterated, depth + 1)?.Item;
        if (Own.Values.TryGetValue(name, out var values))
            return values is [{ } value] && !Shared.Contains(name) ? ShapeOf(value, depth + 1) : null;
        return IsAssigned(name) ? null : Model.Members!.GetValueOrDefault(name);
    }
}
