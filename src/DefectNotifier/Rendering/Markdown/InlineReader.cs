using DefectNotifier.Rendering.Values;
using Markdig.Syntax.Inlines;

namespace DefectNotifier.Rendering.Markdown;

/// <summary>Reads running Markdown into literal pieces and puts the values in their places.</summary>
internal sealed class InlineReader(ValueTokens tokens)
{
    /// <summary>The pieces of a paragraph, a heading or a cell, or those inside a link or an image, without the link; neighbours that look alike are joined.</summary>
    public List<MessageInline> Read(ContainerInline? container)
    {
        var pieces = new InlineWriter();
        if (container is not null) ReadChildren(container, InlineStyle.None, null, pieces);
        return pieces.End();
    }

    public List<MessageInline> ReadOne(Inline inline)
    {
        var pieces = new InlineWriter();
        Read(inline, InlineStyle.None, null, pieces);
        return pieces.End();
    }

    /// <summary>An address with its values; null when the outcome is no address that may be linked to.</summary>
    public string? UrlOf(string? written) => tokens.UrlOf(written);

    private void ReadChildren(ContainerInline container, InlineStyle style, string? url, InlineWriter pieces)
    {
        foreach (var child in container) Read(child, style, url, pieces);
    }

    private void Read(Inline inline, InlineStyle style, string? url, InlineWriter pieces)
    {
        switch (inline)
        {
            case LiteralInline literal:
                Place(literal.Content.AsSpan(), style, url, pieces);
                break;
            case CodeInline code:
                Place(code.Content, style | InlineStyle.Code, url, pieces);
                break;
            case LineBreakInline:
                pieces.Write("\n", style, url);
                break;
            case HtmlEntityInline entity:
                pieces.Write(TextCleaning.Clean(entity.Transcoded.ToString()), style, url);
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

    private void Place(ReadOnlySpan<char> text, InlineStyle style, string? url, InlineWriter pieces)
    {
        while (tokens.TryReadNext(ref text, out var literal, out var value))
        {
            if (value.Typed is { } typed)
            {
                foreach (var piece in typed) pieces.Write(piece, style, url);
            }
            else
            {
                pieces.Write(literal.IsEmpty ? value.Text : literal.ToString(), style, url);
            }
        }
    }

    private static InlineStyle StyleOf(EmphasisInline emphasis) => emphasis switch
    {
        { DelimiterChar: '~' } => InlineStyle.Strike,
        { DelimiterCount: 2 } => InlineStyle.Bold,
        _ => InlineStyle.Italic,
    };
}
