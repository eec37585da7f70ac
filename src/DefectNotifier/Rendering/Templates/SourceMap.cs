using Scriban.Parsing;

namespace DefectNotifier.Rendering.Templates;

/// <summary>Knows which part of a template wrote which part of its output, so that what is wrong with the output is told by the template's line.</summary>
internal sealed class SourceMap
{
    private readonly List<(int From, SourceSpan Span, bool IsLiteral)> _parts = [];

    /// <param name="from">Where in the output the part begins.</param>
    /// <param name="span">Where in the template it comes from.</param>
    /// <param name="isLiteral">True: the template's own text, copied as it is. False: an expression wrote it.</param>
    public void Add(int from, SourceSpan span, bool isLiteral)
    {
        // Scriban does not say of everything where it stands.
        if (from == 0 || span.End.Offset > 0) _parts.Add((from, span, isLiteral));
    }

    /// <summary>What in a template wrote the character of the output; empty when that is unknown.</summary>
    public SourceSpan Find(int offset)
    {
        var index = _parts.FindLastIndex(part => part.From <= offset);
        if (index < 0) return default;
        var (from, span, isLiteral) = _parts[index];
        if (!isLiteral) return span;
        var at = Math.Min(span.Start.Offset + offset - from, span.End.Offset + 1);
        return new SourceSpan(span.FileName ?? "", new TextPosition(at, 0, 0), new TextPosition(at, 0, 0));
    }
}
