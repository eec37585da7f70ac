using System.Text;
using System.Text.RegularExpressions;
using DefectNotifier.Rendering.JsonTemplates;
using DefectNotifier.Rendering.Values;

namespace DefectNotifier.Chat.Slack;

/// <summary>
/// Puts values into mrkdwn that an author wrote. The author's markup stays; a value is shown as it is and can be no mention, link or date. What can't be
/// escaped is written as Slack's own date with the character as its fallback, which Slack shows as that character and reads as nothing else
/// (github.com/yhatt/jsx-slack, "special characters").
/// </summary>
internal sealed partial class MrkdwnPlacer(JsonTemplate template, int cap)
{
    private const char WordJoiner = '\u2060';

    /// <summary>In milliseconds. No text needs more than a fraction of it.</summary>
    private const int MatchTimeout = 1_000;

    /// <param name="text">The author's mrkdwn with values.</param>
    /// <param name="limit">The longest result, in UTF-16 units.</param>
    /// <param name="remark">Told of what the author surely did not mean.</param>
    public string Place(string text, int limit, Action<string> remark) => Join([.. Atoms(text, remark)], limit);

    private IEnumerable<MrkdwnAtom> Atoms(string text, Action<string> remark)
    {
        var at = 0;
        var isCode = false;
        foreach (Match angle in Angle().Matches(text))
        {
            foreach (var atom in Running(text[at..angle.Index], ref isCode)) yield return atom;
            foreach (var atom in Pointed(angle.Groups["content"].Value, remark)) yield return atom;
            at = angle.Index + angle.Length;
        }

        foreach (var atom in Running(text[at..], ref isCode)) yield return atom;
    }

    private List<MrkdwnAtom> Running(string text, ref bool isCode)
    {
        var atoms = new List<MrkdwnAtom>();
        foreach (var piece in template.Split(text, cap))
        {
            if (piece.IsValue)
            {
                atoms.AddRange(Value(piece.Inline, isCode));
                continue;
            }

            isCode ^= piece.Inline.Text.AsSpan().Count('`') % 2 == 1;
            atoms.AddRange(Entity().Split(piece.Inline.Text).Where(part => part.Length > 0)
                .Select(part => Entity().IsMatch(part) ? new MrkdwnAtom(part) : new MrkdwnAtom(part, part)));
        }

        return atoms;
    }

    /// <summary>What stands between angle brackets: an address with its label, or the author's own mention or date.</summary>
    private IEnumerable<MrkdwnAtom> Pointed(string content, Action<string> remark)
    {
        if (!JsonTemplate.HasValue(content)) return [new MrkdwnAtom($"<{content}>")];
        if (content[0] is '@' or '#' or '!')
        {
            remark("a value can't say who is mentioned; use the helper mention.");
            return Literal($"<{Words(content)}>");
        }

        var bar = content.IndexOf('|', StringComparison.Ordinal);
        var label = Words(bar < 0 ? "" : content[(bar + 1)..]).Replace('\n', ' ');
        var url = template.UrlOf(bar < 0 ? content : content[..bar]);
        if (url is null) return Literal(label.Length > 0 ? label : Words(content));
        return [new MrkdwnAtom(label.Length > 0 ? $"<{Mrkdwn.Escape(url)}|{Label(label)}>" : $"<{Mrkdwn.Escape(url)}>")];
    }

    private static IEnumerable<MrkdwnAtom> Value(MessageInline piece, bool isCode)
    {
        // Within the author's backticks nothing but a backtick is read.
        if (isCode) return [new MrkdwnAtom(Mrkdwn.Escape(piece.Text.Replace('`', 'ˋ')), piece.Text.Replace('`', 'ˋ'))];
        if (SlackMention.Mrkdwn(piece.Mention) is { } mention) return [new MrkdwnAtom(mention)];
        var isPointed = piece.Url is not null || SlackDate.TryRead(piece, out _);
        if (!isPointed && piece.Style == InlineStyle.None) return Literal(piece.Text);
        if (Mrkdwn.TryFormat([piece]) is { } markup) return [new MrkdwnAtom(markup)];
        return piece.Url is { } url ? [new MrkdwnAtom($"<{Mrkdwn.Escape(url)}|{Label(piece.Text.Replace('\n', ' '))}>")] : Literal(piece.Text);
    }

    private static string Label(string text) => string.Concat(Literal(text.Replace('|', '¦')).Select(atom => atom.Plain is null ? "'" : atom.Markup));

    private static IEnumerable<MrkdwnAtom> Literal(string text)
    {
        var from = 0;
        foreach (Match mark in Special().Matches(text))
        {
            if (mark.Index > from) yield return Plain(text[from..mark.Index]);
            // A name between colons is an emoji only when nothing else stands there.
            if (mark.Value == ":") yield return Plain(":" + WordJoiner);
            else yield return new MrkdwnAtom($"<!date^00000000^{{_}}|{Mrkdwn.Escape(mark.Value)}>");
            from = mark.Index + mark.Length;
        }

        if (from < text.Length) yield return Plain(text[from..]);
    }

    private static MrkdwnAtom Plain(string text) => new(Mrkdwn.Escape(text), text);

    private static string Join(List<MrkdwnAtom> atoms, int limit)
    {
        var whole = string.Concat(atoms.Select(atom => atom.Markup));
        if (whole.Length <= limit) return whole;
        // Room for the ellipsis and for closing a fence of three backticks.
        var room = limit - 5;
        var text = new StringBuilder();
        foreach (var atom in atoms)
        {
            if (text.Length + atom.Markup.Length <= room)
            {
                text.Append(atom.Markup);
                continue;
            }

            if (atom.Plain is { } plain && room - text.Length > 1) text.Append(Mrkdwn.EscapeWithin(plain, room - text.Length)).Length--;
            break;
        }

        text.Append(Graphemes.Ellipsis);
        return Fence().Count(text.ToString()) % 2 == 1 ? text.Append("\n```").ToString() : text.ToString();
    }

    private string Words(string text) => string.Concat(template.Split(text, cap).Select(piece => piece.Inline.Text));

    [GeneratedRegex("<(?<content>[^<>]+)>", RegexOptions.ExplicitCapture, MatchTimeout)]
    private static partial Regex Angle();

    [GeneratedRegex("(?<entity>&(amp|lt|gt);)", RegexOptions.ExplicitCapture, MatchTimeout)]
    private static partial Regex Entity();

    // A marker within a word, as in snake_case, is no markup; a > is only at the beginning of a line, a colon only before a name and another.
    [GeneratedRegex(@"(?<![\p{L}\p{N}])[*_~`]|[*_~`](?![\p{L}\p{N}])|(?<=^\s*)>|:(?=[^\s:]+:)", RegexOptions.Multiline, MatchTimeout)]
    private static partial Regex Special();

    [GeneratedRegex("```", RegexOptions.None, MatchTimeout)]
    private static partial Regex Fence();
}
