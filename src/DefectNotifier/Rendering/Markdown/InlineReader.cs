using DefectNotifier.Rendering.Values;
using Markdig.Syntax.Inlines;

namespace DefectNotifier.Rendering.Markdown;

/// <summary>Reads inline Markdown as pieces of literal text and replaces tokens with their values.</summary>
internal sealed class InlineReader(ValueTokens tokens)
{
    /// <summary>The text of a paragraph, a heading or a cell, or the text inside a link or an image.</summary>
    public List<MessageInline> Read(ContainerInline? container)
    {
        var pieces = new List<MessageInline>();
        if (container is not null) ReadChildren(container, InlineStyle.None, null, pieces);
        return Join(pieces);
    }

    private void ReadChildren(ContainerInline container, InlineStyle style, string? url, List<MessageInline> pieces)
    {
        foreach (var child in container) Read(child, style, url, pieces);
    }

    private void Read(Inline inline, InlineStyle style, string? url, List<MessageInline> pieces)
    {
        switch (inline)
        {
            case LiteralInline literal:
                ReadText(literal.Content.AsSpan(), style, url, pieces);
                break;
            case CodeInline code:
                ReadText(code.Content, style | InlineStyle.Code, url, pieces);
                break;
            case LineBreakInline:
                pieces.Add(new MessageInline("\n", style) { Url = url });
                break;
            case HtmlEntityInline entity:
                pieces.Add(new MessageInline(TextCleaning.Clean(entity.Transcoded.ToString()), style) { Url = url });
                break;
            case AutolinkInline auto:
                ReadText(auto.Url, style, tokens.UrlOf(auto.IsEmail ? "mailto:" + auto.Url : auto.Url), pieces);
                break;
            case EmphasisInline emphasis:
                ReadChildren(emphasis, style | StyleOf(emphasis), url, pieces);
                break;
            case LinkInline link:
                ReadChildren(link, style, url ?? tokens.UrlOf(link.Url), pieces);
                break;
            case ContainerInline container:
                ReadChildren(container, style, url, pieces);
                break;
        }
    }

    private void ReadText(ReadOnlySpan<char> text, InlineStyle style, string? url, List<MessageInline> pieces)
    {
        while (tokens.TryReadNext(ref text, out var literal, out var value))
        {
            if (value.Formatted is { } formatted)
            {
                foreach (var piece in formatted) pieces.Add(piece with { Style = piece.Style | style, Url = url ?? piece.Url });
            }
            else
            {
                pieces.Add(new MessageInline(literal.IsEmpty ? value.Text : literal.ToString(), style) { Url = url });
            }
        }
    }

    // Adjacent pieces with the same style and link become one; empty pieces are dropped.
    private static List<MessageInline> Join(List<MessageInline> pieces)
    {
        pieces.RemoveAll(piece => piece.Text.Length == 0);
        var joined = new List<MessageInline>(pieces.Count);
        for (int first = 0, next; first < pieces.Count; first = next)
        {
            next = first + 1;
            while (next < pieces.Count && pieces[first].JoinsWith(pieces[next])) next++;
            joined.Add(next == first + 1
                ? pieces[first]
                : pieces[first] with { Text = string.Concat(pieces[first..next].Select(piece => piece.Text)) });
        }

        return joined;
    }

    private static InlineStyle StyleOf(EmphasisInline emphasis) => emphasis switch
    {
        { DelimiterChar: '~' } => InlineStyle.Strike,
        { DelimiterCount: 2 } => InlineStyle.Bold,
        _ => InlineStyle.Italic,
    };
}
