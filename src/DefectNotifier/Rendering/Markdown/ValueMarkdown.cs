using System.Buffers;
using System.Text.RegularExpressions;
using DefectNotifier.Events;
using DefectNotifier.Rendering.Values;
using Markdig;
using Markdig.Extensions.EmphasisExtras;
using Syntax = Markdig.Syntax;

namespace DefectNotifier.Rendering.Markdown;

/// <summary>
/// Reads Markdown inside a value as text: paragraphs and list items on lines of their own, everything else inline. Stack traces, which are
/// no Markdown, stay as they are.
/// </summary>
internal static partial class ValueMarkdown
{
    private const string IndentStep = "    ";

    /// <summary>The maximum length of a value.</summary>
    private const int MaxText = 20_000;

    /// <summary>Markdig's time grows with the square of the number of marks, and the time of a template is limited.</summary>
    private const int MaxMarks = 2_000;

    private static readonly SearchValues<char> Marks = SearchValues.Create("*_~[]>|\n");

    private static readonly SearchValues<char> Markup = SearchValues.Create("*_~`[]<>|#!\\&:\n\r\t");

    private static readonly MarkdownPipeline Pipeline = CreatePipeline();

    // A value contains no tokens: they were removed when it was cleaned.
    private static readonly InlineReader Inlines = new(new ValueTokens()) { ShowsHosts = true };

    private const string Fence = "~~~~~~";

    /// <summary>Text that Markdig cannot read (nested a hundred levels deep), or not in a short time, is returned unchanged.</summary>
    public static IReadOnlyList<MessageInline> Read(string text)
    {
        if (IsPlain(text)) return [new MessageInline(text.Trim())];
        if (text.Length > MaxText || text.AsSpan().CountAny(Marks) > MaxMarks) return [new MessageInline(text)];
        try
        {
            var pieces = new List<MessageInline>();
            var markdown = FenceTraces(text);
            foreach (var block in Markdig.Markdown.Parse(markdown, Pipeline))
            {
                // The gap between two paragraphs stays.
                if (pieces.Count > 0 && IsAfterGap(markdown.AsSpan(0, block.Span.Start))) pieces.Add(new MessageInline("\n"));
                Read(block, "", pieces);
            }

            return pieces;
        }
        catch (Exception error) when (error is ArgumentException or RegexMatchTimeoutException)
        {
            return [new MessageInline(text)];
        }
    }

    // One line of words: most values are, and parsing takes longer than all the rest.
    private static bool IsPlain(ReadOnlySpan<char> text) =>
        !text.ContainsAny(Markup) && !text.Trim().IsEmpty && char.IsLetter(text.TrimStart()[0]);

    private static bool IsAfterGap(ReadOnlySpan<char> before) => before[before.TrimEnd().Length..].Count('\n') > 1;

    // Two lines of a stack trace in a row are preformatted text.
    private static string FenceTraces(string text)
    {
        if (text.Contains("```", StringComparison.Ordinal) || text.Contains("~~~", StringComparison.Ordinal)) return text;
        return TraceLines().Replace(text, trace => $"{Fence}\n{trace.Value.TrimEnd('\n')}\n{Fence}\n");
    }

    // Java, .NET and JavaScript: "   at Shop.Cart.Total(Cart.cs:41)"; Python: "  File "cart.py", line 41, in total".
    [GeneratedRegex(
        """^(?:[ \t]*(?:at [^\n]*[:.(][^\n]*|File "[^"\n]+", line [0-9]+[^\n]*(?:\n[ \t]{4}[^\n]*)?|\.{3} [0-9]+ more)"""
            + """[ \t]*(?:\n|\z)){2,}""",
        RegexOptions.Multiline | RegexOptions.CultureInvariant,
        matchTimeoutMilliseconds: 100)]
    private static partial Regex TraceLines();

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
