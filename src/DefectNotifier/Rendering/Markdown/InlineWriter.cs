using System.Text;
using DefectNotifier.Rendering.Values;

namespace DefectNotifier.Rendering.Markdown;

/// <summary>Puts running text together: neighbours that look alike and are nothing but words become one piece, and what is empty none.</summary>
internal sealed class InlineWriter
{
    private readonly List<MessageInline> _pieces = [];
    private StringBuilder? _glued;

    // The words of the piece that is being written; null: it has more than one part, which are in the builder.
    private string? _words = "";
    private InlineStyle _style;
    private string? _url;

    public void Write(string text, InlineStyle style, string? url)
    {
        if (text.Length == 0) return;
        if (_words is "")
        {
            (_words, _style, _url) = (text, style, url);
        }
        else if (style == _style && url == _url)
        {
            _glued ??= new StringBuilder();
            if (_words is not null) _glued.Append(_words);
            _words = null;
            _glued.Append(text);
        }
        else
        {
            Close();
            Write(text, style, url);
        }
    }

    /// <param name="piece">A date or a mention stays a piece of its own.</param>
    /// <param name="style">How it looks besides its own style.</param>
    /// <param name="url">Where it leads; null: where it says itself.</param>
    public void Write(MessageInline piece, InlineStyle style, string? url)
    {
        if (piece.Date is null && piece.Mention is null)
        {
            Write(piece.Text, piece.Style | style, url ?? piece.Url);
            return;
        }

        if (piece.Text.Length == 0) return;
        Close();
        _pieces.Add(piece with { Style = piece.Style | style, Url = url ?? piece.Url });
    }

    /// <summary>All that was written. Nothing can be written after it.</summary>
    public List<MessageInline> End()
    {
        Close();
        return _pieces;
    }

    private void Close()
    {
        if (_words is "") return;
        _pieces.Add(new MessageInline(_words ?? _glued!.ToString(), _style) { Url = _url });
        _glued?.Clear();
        _words = "";
    }
}
