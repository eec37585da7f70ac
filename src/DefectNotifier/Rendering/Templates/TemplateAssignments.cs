using Scriban.Syntax;

namespace DefectNotifier.Rendering.Templates;

/// <summary>The names that a template makes itself: assigned, captured, looped over, functions and their parameters.</summary>
internal sealed class TemplateAssignments : ScriptVisitor
{
    private readonly Dictionary<string, List<ScriptExpression?>> _values = new(StringComparer.Ordinal);

    /// <summary>Each name with what is assigned to it; null where that says nothing of its shape.</summary>
    public IReadOnlyDictionary<string, List<ScriptExpression?>> Values => _values;

    /// <summary>For the variable of a loop: what is looped over.</summary>
    public Dictionary<string, ScriptExpression> Loops { get; } = new(StringComparer.Ordinal);

    /// <summary>True where a <c>with</c> or an <c>import</c> brings in names that can't be told from here.</summary>
    public bool IsOpen { get; private set; }

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
        Loop(node);
        base.Visit(node);
    }

    public override void Visit(ScriptTableRowStatement node)
    {
        Loop(node);
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
        IsOpen = true;
        base.Visit(node);
    }

    public override void Visit(ScriptImportStatement node)
    {
        IsOpen = true;
        base.Visit(node);
    }

    private void Loop(ScriptForStatement node)
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
