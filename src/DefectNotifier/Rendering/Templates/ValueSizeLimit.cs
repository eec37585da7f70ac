using System.Numerics;
using DefectNotifier.Rendering.Values;
using Scriban.Parsing;
using Scriban.Runtime;
using Scriban.Syntax;

namespace DefectNotifier.Rendering.Templates;

/// <summary>
/// Stops a template that creates a text, a number, a list or an object that is too large or that contains itself. Scriban's functions
/// write such values into texts and error messages without a limit: a value that contains itself overflows the stack, which ends the
/// process, and one that contains the same parts many times uses all memory.
/// </summary>
internal sealed class ValueSizeLimit
{
    /// <summary>Maximum nesting of the lists and objects that a template creates. Writing a value copies its text at each level.</summary>
    private const int MaxDepth = 20;

    /// <summary>Maximum size of a list or an object. A part that occurs several times is counted each time.</summary>
    private const long MaxSize = 1_000_000;

    /// <summary>Added to the size of each value, so that a million empty texts exceed the limit too.</summary>
    private const int SizeOfValue = 4;

    /// <summary>About 300 digits. The time to write a number grows with the square of its length.</summary>
    private const int MaxBits = 1024;

    private readonly Dictionary<object, long> _sizes = new(ReferenceEqualityComparer.Instance);

    // Values of the event, which never change.
    private readonly Dictionary<object, long> _fixedSizes = new(ReferenceEqualityComparer.Instance);

    /// <summary>Forgets the values of the last run.</summary>
    public void Reset()
    {
        _sizes.Clear();
        _fixedSizes.Clear();
    }

    /// <param name="value">The result of an expression.</param>
    /// <param name="span">The expression.</param>
    /// <exception cref="ScriptRuntimeException">The value is too large or contains itself.</exception>
    public void Check(object? value, SourceSpan span)
    {
        switch (value)
        {
            case ScriptArray { IsReadOnly: false } or ScriptObject { IsReadOnly: false }:
                _sizes.Clear();
                if (SizeOf(value, 0) > MaxSize)
                    throw new ScriptRuntimeException(span, "This value contains itself or is too large for a message.");
                break;
            case BigInteger number when number.GetBitLength() > MaxBits:
                throw new ScriptRuntimeException(span, "This number has more than 300 digits.");
            case not null when LengthOf(value) > TokenContext.MaxOutput:
                throw new ScriptRuntimeException(span, $"This text is longer than {TokenContext.MaxOutput} characters.");
        }
    }

    private long SizeOf(object? value, int depth)
    {
        if (value is not (ScriptArray or ScriptObject)) return SizeOfValue + (value is null ? 0 : LengthOf(value));
        var isFixed = value is ScriptArray { IsReadOnly: true } or ScriptObject { IsReadOnly: true };
        var sizes = isFixed ? _fixedSizes : _sizes;
        if (sizes.TryGetValue(value, out var known)) return known;
        if (!isFixed && depth > MaxDepth) return MaxSize + 1;
        // Until its parts are counted, it counts as too large: if it is found again, it contains itself.
        sizes[value] = MaxSize + 1;
        long size = SizeOfValue;
        if (value is ScriptArray list)
        {
            for (var index = 0; index < list.Count && size <= MaxSize; index++) size += SizeOf(list[index], depth + 1);
        }
        else
        {
            foreach (var (name, member) in (ScriptObject)value)
            {
                size += name.Length + SizeOf(member, depth + 1);
                if (size > MaxSize) break;
            }
        }

        return sizes[value] = size;
    }

    private static int LengthOf(object value) => value switch
    {
        string text => text.Length,
        TemplateValue made => made.Text.Length,
        StringBuilderOutput captured => captured.Builder.Length,
        BigInteger => MaxBits / 3,
        _ => 0,
    };
}
