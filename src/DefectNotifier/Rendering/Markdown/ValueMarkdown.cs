using System.Buffers;
using DefectNotifier.Events;
using DefectNotifier.Rendering.Values;
using Markdig;
using Markdig.Extensions.EmphasisExtras;
using Syntax = Markdig.Syntax;

namespace DefectNotifier.Rendering.Markdown;

/// <summary>Reads Markdown inside a value as text: paragraphs and list items on lines of their own, everything else inline.</summary>
internal static class ValueMarkdown
{
    private const string IndentStep = "    ";

    /// <summary>The maximum length of a value.</summary>
    private const int MaxText = 20_000;

    /// <summary>Markdig's time grows with the square of the number of marks, and the time of a template is limited.</summary>
    private const int MaxMarks = 2_000;

    private static readonly SearchValues<char> Marks = SearchValues.Create("*_~[]>|\n");

    private static readonly MarkdownPipeline Pipeline = CreatePipeline();

    // A value contains no tokens: they were removed when it was cleaned.
    private static readonly InlineReader Inlines = new(new ValueTokens());

    /// <summary>Text that Markdig cannot read (nested a hundred levels deep), or not in a short time, is returned unchanged.</summary>
    public static IReadOnlyList<MessageInline> Read(string text)
    {
        if (text.Length > MaxText || text.AsSpan().CountAny(Marks) > MaxMarks) return [new MessageInline(text)];
        try
        {
            var pieces = new List<MessageInline>();
            foreach (var block in Markdig.Markdown.Parse(text, Pipeline)) Read(block, "", pieces);
            return pieces;
        }
        catch (ArgumentException)
        {
            return [new MessageInline(text)];
        }
    }

    private static MarkdownPipeline CreatePipeline()
    {
        var builder = new MarkdownPipelineBuilder().UseEmphasisExtras(EmphasisExtraOptions.Strikethrough).DisableHtml();
        builder.InlineParsers.Insert(0, new BareLinkParser());
        return builder.Build();
    }

    private static void Read(Syntax.Block block, string indent, List<MessageInline> pieces)
    {
        switch (block)
        {
            case Syntax.ListBlock list:
                ReadList(list, indent, pieces);
                break;
            case Syntax.ContainerBlock container:
                foreach (var child in container) Read(child, indent, pieces);
                break;
            case Syntax.LeafBlock leaf:
                AddLine(pieces, indent, PiecesOf(leaf));
                break;
        }
    }

    private static void ReadList(Syntax.ListBlock list, string indent, List<MessageInline> pieces)
    {
        var number = int.TryParse(list.OrderedStart, out var start) ? start : 1;
        foreach (var item in list.OfType<Syntax.ListItemBlock>())
        {
            var marker = list.IsOrdered ? $"{number++}. " : "• ";
            foreach (var child in item)
            {
                if (child is Syntax.LeafBlock leaf) AddLine(pieces, indent + marker, PiecesOf(leaf));
                else Read(child, indent + IndentStep, pieces);
                marker = "";
            }
        }
    }

    private static IEnumerable<MessageInline> PiecesOf(Syntax.LeafBlock leaf) => leaf switch
    {
        Syntax.CodeBlock => [new MessageInline(leaf.Lines.ToString(), InlineStyle.Code)],
        Syntax.HeadingBlock => Inlines.Read(leaf.Inline).Select(piece => piece with { Style = piece.Style | InlineStyle.Bold }),
        { Inline: { } inline } => Inlines.Read(inline),
        _ => [],
    };

    private static void AddLine(List<MessageInline> pieces, string marker, IEnumerable<MessageInline> line)
    {
        var text = line.Where(piece => piece.Text.Length > 0).ToList();
        if (!text.Exists(piece => VisibleText.IsIn(piece.Text))) return;
        var start = (pieces.Count > 0 ? "\n" : "") + marker;
        if (start.Length > 0) pieces.Add(new MessageInline(start));
        pieces.AddRange(text);
    }
}
