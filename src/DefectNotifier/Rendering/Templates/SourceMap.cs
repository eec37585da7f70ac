using Scriban.Parsing;

namespace DefectNotifier.Rendering.Templates;

/// <summary>
/// Maps the output of a template to the parts of the template that wrote it, so that errors in the output are reported with the
/// template's line.
/// </summary>
internal sealed class SourceMap
{
    private readonly List<(int From, SourceSpan Span, bool IsLiteral)> _parts = [];

    /// <param name="from">The offset in the output where the part begins.</param>
    /// <param name="span">The part of the template.</param>
    /// <param name="isLiteral">True: the template's own text, copied unchanged. False: the result of an expression.</param>
    public void Add(int from, SourceSpan span, bool isLiteral)
    {
        // Scriban gives some nodes an empty span.
        if (from == 0 || span.End.Offset > 0) _parts.Add((from, span, isLiteral));
    }

    /// <summary>The part of a template that wrote the character at an offset of the output; empty when it is unknown.</summary>
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
