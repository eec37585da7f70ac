using System.Text;
using System.Text.RegularExpressions;
using DefectNotifier.Chat.Slack.Blocks;
using DefectNotifier.Chat.TextViews;
using DefectNotifier.Events;
using DefectNotifier.Rendering.JsonTemplates;
using DefectNotifier.Rendering.Values;

namespace DefectNotifier.Chat.Slack.Templates;

/// <summary>
/// Puts values into mrkdwn that an author wrote. The author's markup stays; a value is shown literally and cannot become a mention, link or
/// date.
/// </summary>
internal sealed partial class MrkdwnBinder(JsonTemplate template, int maxValue)
{
    /// <summary>In milliseconds; normal texts need a fraction of it.</summary>
    private const int MatchTimeout = 1_000;

    /// <param name="text">The author's mrkdwn with values.</param>
    /// <param name="limit">The maximum length of the result, in UTF-16 units.</param>
    /// <param name="warn">Receives warnings about likely mistakes.</param>
    public string Bind(string text, int limit, Action<string> warn)
    {
        var isBetweenMarks = EmphasisMarks.Between(MrkdwnReader.BlankBrackets(text), isMarkdown: false);
        return Join([.. PartsOf(template.OnOneLine(text, isBetweenMarks), warn)], limit);
    }

    private IEnumerable<MrkdwnPart> PartsOf(string text, Action<string> warn)
    {
        var at = 0;
        var isCode = false;
        foreach (Match brackets in AngleBrackets().Matches(text))
        {
            foreach (var part in BindPlain(text[at..brackets.Index], ref isCode)) yield return part;
            foreach (var part in BindBrackets(brackets.Groups["content"].Value, warn)) yield return part;
            at = brackets.Index + brackets.Length;
        }

        foreach (var part in BindPlain(text[at..], ref isCode)) yield return part;
    }

    /// <summary>Text outside angle brackets.</summary>
    private List<MrkdwnPart> BindPlain(string text, ref bool isCode)
    {
        var parts = new List<MrkdwnPart>();
        foreach (var piece in template.Split(text, maxValue))
        {
            if (piece.IsValue)
            {
                parts.AddRange(Value(piece.Inline, isCode));
                continue;
            }

            isCode ^= piece.Inline.Text.AsSpan().Count('`') % 2 == 1;
            parts.AddRange(Entity().Split(piece.Inline.Text).Where(part => part.Length > 0)
                .Select(part => Entity().IsMatch(part) ? new MrkdwnPart(part) : new MrkdwnPart(part, part)));
        }

        return parts;
    }

    /// <summary>The content of angle brackets: a URL with its label, or the author's own mention or date.</summary>
    private IEnumerable<MrkdwnPart> BindBrackets(string content, Action<string> warn)
    {
        if (!JsonTemplate.HasValue(content)) return [new MrkdwnPart($"<{content}>")];
        if (content[0] is '@' or '#' or '!')
        {
            warn("a value can't set who is mentioned; use the helper mention.");
            return Mrkdwn.Literal($"<{PlainTextOf(content)}>");
        }

        var bar = content.IndexOf('|', StringComparison.Ordinal);
        var label = PlainTextOf(bar < 0 ? "" : content[(bar + 1)..]);
        var url = template.UrlOf(bar < 0 ? content : content[..bar]);
        if (url is null) return Mrkdwn.Literal(VisibleText.IsIn(label) ? label : PlainTextOf(content));
        return [new MrkdwnPart(VisibleText.IsIn(label) ? Mrkdwn.Link(url, label) : $"<{Mrkdwn.Escape(url)}>")];
    }

    private static IEnumerable<MrkdwnPart> Value(MessageInline piece, bool isCode)
    {
        // Inside the author's backticks Slack interprets nothing but another backtick.
        if (isCode) return [new MrkdwnPart(Mrkdwn.Escape(piece.Text.Replace('`', 'ˋ')), piece.Text.Replace('`', 'ˋ'))];
        if (SlackInline.MentionOf(piece) is { } mention) return [new MrkdwnPart(mention.Markup)];
        var hasMarkup = piece.Url is not null || SlackInline.DateOf(piece) is not null || piece.Style != InlineStyle.None;
        if (!hasMarkup) return Mrkdwn.Literal(piece.Text);
        if (Mrkdwn.TryFormat([piece]) is { } markup) return [new MrkdwnPart(markup)];
        return piece.Url is { } url ? [new MrkdwnPart(Mrkdwn.Link(url, piece.Text))] : Mrkdwn.Literal(piece.Text);
    }

    private static string Join(List<MrkdwnPart> parts, int limit)
    {
        var whole = string.Concat(parts.Select(part => part.Markup));
        if (whole.Length <= limit) return whole;
        // Leaves room for the ellipsis and for closing a code block with three backticks.
        var room = limit - 5;
        var text = new StringBuilder();
        foreach (var part in parts)
        {
            if (text.Length + part.Markup.Length <= room)
            {
                text.Append(part.Markup);
                continue;
            }

            if (part.Plain is { } plain && room - text.Length > 1)
                text.Append(Mrkdwn.EscapeWithin(plain, room - text.Length)).Length--;

            break;
        }

        text.Append(Graphemes.Ellipsis);
        return Fence().Count(text.ToString()) % 2 == 1 ? text.Append("\n```").ToString() : text.ToString();
    }

    private string PlainTextOf(string text) => string.Concat(template.Split(text, maxValue).Select(piece => piece.Inline.Text));

    [GeneratedRegex("<(?<content>[^<>]+)>", RegexOptions.ExplicitCapture, MatchTimeout)]
    private static partial Regex AngleBrackets();

    [GeneratedRegex("(?<entity>&(amp|lt|gt);)", RegexOptions.ExplicitCapture, MatchTimeout)]
    private static partial Regex Entity();

    [GeneratedRegex("```", RegexOptions.None, MatchTimeout)]
    private static partial Regex Fence();
}
