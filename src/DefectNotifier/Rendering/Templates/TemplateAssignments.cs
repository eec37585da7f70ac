using Scriban.Syntax;

namespace DefectNotifier.Rendering.Templates;

/// <summary>The names that a template defines: variables, captures, loop variables, functions and their parameters.</summary>
internal sealed class TemplateAssignments : ScriptVisitor
{
    private readonly Dictionary<string, List<ScriptExpression?>> _values = new(StringComparer.Ordinal);

    /// <summary>Each name with the expressions that are assigned to it; null for an assignment whose shape is unknown.</summary>
    public IReadOnlyDictionary<string, List<ScriptExpression?>> Values => _values;

    /// <summary>The expression that each loop variable iterates over.</summary>
    public Dictionary<string, ScriptExpression> Loops { get; } = new(StringComparer.Ordinal);

    /// <summary>True when a <c>with</c> or an <c>import</c> adds names that are not known before the template runs.</summary>
    public bool HasUnknownNames { get; private set; }

    public static TemplateAssignments Of(ScriptPage page)
    {
        var found = new TemplateAssignments();
        found.Visit(page);
        return found;
    }

    public override void Visit(ScriptAssignExpression node)
    {
        Add(node.Target, node.Value);
        base.Visit(node);
    }

    public override void Visit(ScriptCaptureStatement node)
    {
        Add(node.Target, null);
        base.Visit(node);
    }

    public override void Visit(ScriptForStatement node)
    {
        AddLoop(node);
        base.Visit(node);
    }

    public override void Visit(ScriptTableRowStatement node)
    {
        AddLoop(node);
        base.Visit(node);
    }

    public override void Visit(ScriptFunction node)
    {
        Add(node.NameOrDoToken as ScriptExpression, null);
        if (node.Parameters is not null)
        {
            foreach (var parameter in node.Parameters) Add(parameter.Name, null);
        }

        base.Visit(node);
    }

    public override void Visit(ScriptWithStatement node)
    {
        HasUnknownNames = true;
        base.Visit(node);
    }

    public override void Visit(ScriptImportStatement node)
    {
        HasUnknownNames = true;
        base.Visit(node);
    }

    private void AddLoop(ScriptForStatement node)
    {
        Add(node.Variable, null);
        if (node is { Variable: ScriptVariableGlobal variable, Iterator: { } iterator }) Loops[variable.Name] = iterator;
    }

    private void Add(ScriptExpression? target, ScriptExpression? value)
    {
        if (target is not ScriptVariableGlobal variable) return;
        if (!_values.TryGetValue(variable.Name, out var values)) _values[variable.Name] = values = [];
        values.Add(value);
    }
}
