using System.Collections;
using Scriban.Parsing;
using Scriban.Runtime;
using Scriban.Syntax;

namespace DefectNotifier.Rendering.Templates;

/// <summary>
/// Stops a template that builds a list or an object that contains itself, or that contains the same parts many times. Scriban's
/// functions write such a value into their error messages without a limit: the first kind overflows the stack, which ends the
/// process; the second uses all memory.
/// </summary>
internal sealed class ValueSizeLimit
{
    /// <summary>Deeper than the JSON of any accepted webhook.</summary>
    private const int MaxDepth = 100;

    /// <summary>More than the largest accepted webhook contains. A part that occurs several times is counted each time.</summary>
    private const long MaxValues = 1_000_000;

    private readonly Dictionary<object, long> _counts = new(ReferenceEqualityComparer.Instance);
    private readonly SourceSpan _span;

    private ValueSizeLimit(SourceSpan span) => _span = span;

    /// <param name="container">A list or an object that the template built.</param>
    /// <param name="span">The expression that returned it.</param>
    /// <exception cref="ScriptRuntimeException">The value contains itself or is too large.</exception>
    public static void Check(object container, SourceSpan span) => new ValueSizeLimit(span).Count(container, 0);

    private long Count(object container, int depth)
    {
        if (_counts.TryGetValue(container, out var known)) return known;
        if (depth > MaxDepth) throw Exceeded();
        // Until its parts are counted, the container counts as too large: if it is found again, it contains itself.
        _counts[container] = MaxValues + 1;
        var count = 1L;
        foreach (var part in container is ScriptObject map ? map.Values : (IEnumerable)container)
        {
            count += part is ScriptArray { IsReadOnly: false } or ScriptObject { IsReadOnly: false } ? Count(part, depth + 1) : 1;
            if (count > MaxValues) throw Exceeded();
        }

        return _counts[container] = count;
    }

    private ScriptRuntimeException Exceeded() => new(_span, "This value contains itself or is too large for a message.");
}
