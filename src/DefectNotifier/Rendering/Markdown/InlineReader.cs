using DefectNotifier.Rendering.Values;
using Markdig.Syntax.Inlines;

namespace DefectNotifier.Rendering.Markdown;

/// <summary>Reads inline Markdown as pieces of literal text and replaces tokens with their values.</summary>
internal sealed class InlineReader(ValueTokens tokens)
{
    /// <summary>
    /// True for Markdown inside a value, which anybody may have written: the host of a link is shown beside its text, so that the text
    /// can't pretend another one, and an image is a link.
    /// </summary>
    public bool ShowsHosts { get; init; }

    /// <summary>
    /// The text of a paragraph, a heading or a cell, or the text inside a link or an image. Adjacent pieces with the same style and link
    /// are one piece; no piece is empty.
    /// </summary>
    public List<MessageInline> Read(ContainerInline? container)
    {
        var pieces = new List<MessageInline>();
        foreach (var child in container ?? []) Read(child, InlineStyle.None, null, pieces);
        return MessageInline.Join(pieces);
    }

    private void Read(Inline inline, InlineStyle style, string? url, List<MessageInline> pieces)
    {
        switch (inline)
        {
            case LiteralInline literal:
                ReadText(literal.Content.ToString(), style, url, pieces);
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
                ReadText(auto.Url, style, url ?? tokens.UrlOf(auto.IsEmail ? "mailto:" + auto.Url : auto.Url), pieces);
                break;
            case ContainerInline container:
                if (container is EmphasisInline emphasis)
                {
                    style |= emphasis switch
                    {
                        { DelimiterChar: '~' } => InlineStyle.Strike,
                        { DelimiterCount: 2 } => InlineStyle.Bold,
                        _ => InlineStyle.Italic,
                    };
                }
                else if (container is LinkInline link)
                {
                    url ??= tokens.UrlOf(link.Url);
                }

                var first = pieces.Count;
                foreach (var child in container) Read(child, style, url, pieces);
                if (ShowsHosts && container is LinkInline && url is not null) AddHost(url, style, first, pieces);
                break;
        }
    }

    private static void AddHost(string url, InlineStyle style, int first, List<MessageInline> pieces)
    {
        if (!Uri.TryCreate(url, UriKind.Absolute, out var address) || address.Host.Length == 0) return;
        var text = string.Concat(pieces.Skip(first).Select(piece => piece.Text));
        if (text.Length == 0) pieces.Add(new MessageInline(address.Host, style) { Url = url });
        else if (text != url) pieces.Add(new MessageInline($" ({address.Host})", style));
    }

    private void ReadText(string text, InlineStyle style, string? url, List<MessageInline> pieces)
    {
        foreach (var (part, value) in tokens.Split(text))
        {
            if (value?.Formatted is { } formatted)
                pieces.AddRange(formatted.Select(piece => piece with { Style = piece.Style | style, Url = url ?? piece.Url }));
            else
                pieces.Add(new MessageInline(value?.Text ?? part, style) { Url = url });
        }
    }
}
