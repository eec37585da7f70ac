using Scriban.Parsing;

namespace DefectNotifier.Rendering;

/// <summary>Knows which part of a template wrote which part of its output, so that what is wrong with the output is told by the template's line.</summary>
internal sealed class OutputMap
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

    /// <summary>Line and column in the template, from 1; zeros when unknown.</summary>
    public (int Line, int Column) Find(string output, int offset)
    {
        var index = _parts.FindLastIndex(part => part.From <= offset);
        if (index < 0) return (0, 0);
        var (from, span, isLiteral) = _parts[index];
        var (line, column) = (span.Start.Line + 1, span.Start.Column + 1);
        if (!isLiteral) return (line, column);
        var before = output.AsSpan(from, Math.Clamp(offset, from, output.Length) - from);
        var newLines = before.Count('\n');
        return newLines == 0 ? (line, column + before.Length) : (line + newLines, before.Length - before.LastIndexOf('\n'));
    }
}
