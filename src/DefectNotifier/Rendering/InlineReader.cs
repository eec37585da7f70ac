using Markdig.Syntax.Inlines;

namespace DefectNotifier.Rendering;

/// <summary>Reads running Markdown into literal pieces and puts the values in their places.</summary>
internal sealed class InlineReader(ValueTokens tokens)
{
    /// <summary>The pieces of a paragraph, a heading or a cell; neighbours that look alike are joined.</summary>
    public List<MessageInline> Read(ContainerInline? container)
    {
        var pieces = new List<MessageInline>();
        if (container is not null) ReadChildren(container, InlineStyle.None, null, pieces);
        return Joined(pieces);
    }

    /// <summary>The pieces inside a link or an image, without the link.</summary>
    public List<MessageInline> ReadChildren(ContainerInline container)
    {
        var pieces = new List<MessageInline>();
        ReadChildren(container, InlineStyle.None, null, pieces);
        return Joined(pieces);
    }

    public List<MessageInline> ReadOne(Inline inline)
    {
        var pieces = new List<MessageInline>();
        Read(inline, InlineStyle.None, null, pieces);
        return Joined(pieces);
    }

    /// <summary>An address with its values; null when the outcome is no address that may be linked to.</summary>
    public string? UrlOf(string? written) => tokens.UrlOf(written);

    private void ReadChildren(ContainerInline container, InlineStyle style, string? url, List<MessageInline> pieces)
    {
        foreach (var child in container) Read(child, style, url, pieces);
    }

    private void Read(Inline inline, InlineStyle style, string? url, List<MessageInline> pieces)
    {
        switch (inline)
        {
            case LiteralInline literal:
                Place(literal.Content.ToString(), style, url, pieces);
                break;
            case CodeInline code:
                Place(code.Content, style | InlineStyle.Code, url, pieces);
                break;
            case LineBreakInline:
                pieces.Add(new MessageInline("\n", style) { Url = url });
                break;
            case HtmlEntityInline entity:
                pieces.Add(new MessageInline(TextCleaning.Clean(entity.Transcoded.ToString()), style) { Url = url });
                break;
            case AutolinkInline auto:
                Place(auto.Url, style, UrlOf(auto.IsEmail ? "mailto:" + auto.Url : auto.Url), pieces);
                break;
            case EmphasisInline emphasis:
                ReadChildren(emphasis, style | StyleOf(emphasis), url, pieces);
                break;
            case LinkInline link:
                ReadChildren(link, style, url ?? UrlOf(link.Url), pieces);
                break;
            case ContainerInline container:
                ReadChildren(container, style, url, pieces);
                break;
        }
    }

    private void Place(string text, InlineStyle style, string? url, List<MessageInline> pieces)
    {
        foreach (var (literal, value) in tokens.Split(text))
        {
            foreach (var piece in value?.Pieces ?? [new MessageInline(literal)])
                if (piece.Text.Length > 0) pieces.Add(piece with { Style = piece.Style | style, Url = url ?? piece.Url });
        }
    }

    private static InlineStyle StyleOf(EmphasisInline emphasis) => emphasis switch
    {
        { DelimiterChar: '~' } => InlineStyle.Strike,
        { DelimiterCount: 2 } => InlineStyle.Bold,
        _ => InlineStyle.Italic,
    };

    private static List<MessageInline> Joined(List<MessageInline> pieces)
    {
        var joined = new List<MessageInline>(pieces.Count);
        foreach (var piece in pieces)
        {
            if (joined.Count > 0 && piece.JoinsWith(joined[^1]))
                joined[^1] = joined[^1] with { Text = joined[^1].Text + piece.Text };
            else joined.Add(piece);
        }

        return joined;
    }
}
