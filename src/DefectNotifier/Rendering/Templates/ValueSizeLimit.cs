using System.Collections;
using Scriban.Parsing;
using Scriban.Runtime;
using Scriban.Syntax;

namespace DefectNotifier.Rendering.Templates;

/// <summary>
/// Stops a template that builds a list or an object that contains itself, or in which the same parts stand in each other many times over. Scriban's functions put such a value into the words of their
/// errors without a bound: the first kind overflows the stack, which no process survives, the second takes all memory.
/// </summary>
internal sealed class ValueSizeLimit
{
    /// <summary>Deeper than the JSON of any webhook that is accepted.</summary>
    private const int MaxDepth = 100;

    /// <summary>Values, those of the same part counted each time that it stands there. More than a webhook of the largest size has.</summary>
    private const long MaxValues = 1_000_000;

    private readonly Dictionary<object, long> _counted = new(ReferenceEqualityComparer.Instance);
    private readonly SourceSpan _span;

    private ValueSizeLimit(SourceSpan span) => _span = span;

    /// <param name="value">What an expression came to. What is read-only was made by us and is sound.</param>
    /// <param name="span">The expression.</param>
    /// <exception cref="ScriptRuntimeException">It contains itself, or too much.</exception>
    public static void Check(object? value, SourceSpan span)
    {
        if (IsOfTheTemplate(value)) new ValueSizeLimit(span).Count(value!, 0);
    }

    private static bool IsOfTheTemplate(object? value) => value is ScriptArray { IsReadOnly: false } or ScriptObject { IsReadOnly: false };

    private long Count(object container, int depth)
    {
        // While its parts are counted it counts for more than everything: whoever meets it again is within it.
        if (_counted.TryGetValue(container, out var known)) return known;
        if (depth > MaxDepth) throw TooMuch();
        _counted[container] = MaxValues + 1;
        var count = 1L;
        foreach (var part in container is ScriptObject map ? map.Values : (IEnumerable)container)
        {
            count += IsOfTheTemplate(part) ? Count(part!, depth + 1) : 1;
            if (count > MaxValues) throw TooMuch();
        }

        return _counted[container] = count;
    }

    private ScriptRuntimeException TooMuch() => new(_span, "This value contains itself, or more than a message could ever show.");
}
