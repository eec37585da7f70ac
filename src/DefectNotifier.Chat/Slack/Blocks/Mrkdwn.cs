using System.Buffers;
using System.Text;
using System.Text.RegularExpressions;
using DefectNotifier.Rendering.Values;

namespace DefectNotifier.Chat.Slack.Blocks;

/// <summary>
/// Slack's markup language. It can escape only <c>&amp; &lt; &gt;</c>; for text with other markup characters <see cref="TryFormat"/>
/// returns null and the caller uses <c>rich_text</c> or <c>plain_text</c>. Where there is neither, <see cref="Literal"/> writes such a
/// character as an invalid date with the character as its fallback text, which Slack shows as the plain character
/// (github.com/yhatt/jsx-slack, "special characters"). docs.slack.dev/messaging/formatting-message-text
/// </summary>
internal static partial class Mrkdwn
{
    private const char WordJoiner = '\u2060';

    /// <summary>In milliseconds; normal texts need a fraction of it.</summary>
    private const int MatchTimeout = 1_000;

    /// <summary>The length of the longest markup that <see cref="Literal"/> writes for one character.</summary>
    private const int MaxGrowth = 25;

    private static readonly SearchValues<char> Markers = SearchValues.Create("*_~`");

    /// <summary>Escapes <c>&amp; &lt; &gt;</c>. That prevents mentions and links, but not formatting.</summary>
    public static string Escape(string text) => text
        .Replace("&", "&amp;", StringComparison.Ordinal)
        .Replace("<", "&lt;", StringComparison.Ordinal)
        .Replace(">", "&gt;", StringComparison.Ordinal);

    /// <summary>Escaped text of at most <paramref name="limit"/> characters, cut before escaping so that no entity is split.</summary>
    public static string EscapeWithin(string text, int limit) => Within(limit, cap => Escape(Graphemes.Cut(text, cap)));

    /// <summary>Parts that together show exactly this text: no formatting, quote, emoji, link or mention.</summary>
    public static IEnumerable<MrkdwnPart> Literal(string text)
    {
        if (IsLiteral(text))
        {
            yield return MrkdwnPart.Of(text);
            yield break;
        }

        var from = 0;
        foreach (Match mark in Special().Matches(text))
        {
            if (mark.Index > from) yield return MrkdwnPart.Of(text[from..mark.Index]);
            // Slack shows an emoji only for a name directly between colons; the word joiner is invisible.
            yield return mark.Value == ":"
                ? MrkdwnPart.Of(":" + WordJoiner)
                : new MrkdwnPart($"<!date^00000000^{{_}}|{Escape(mark.Value)}>");
            from = mark.Index + mark.Length;
        }

        if (from < text.Length) yield return MrkdwnPart.Of(text[from..]);
    }

    /// <summary>Text of at most <paramref name="limit"/> characters that shows exactly the given one, which is cut if necessary.</summary>
    /// <param name="text">The text to show.</param>
    /// <param name="limit">The maximum length of the result, in UTF-16 units.</param>
    /// <param name="cut">Shortens a text to a length; null: cuts off its end.</param>
    public static string LiteralWithin(string text, int limit, Func<string, int, string>? cut = null) => Within(
        limit, cap => string.Concat(Literal((cut ?? Graphemes.Cut)(text, cap)).Select(part => part.Markup)));

    /// <summary>A link with a label that shows literally.</summary>
    public static string Link(string url, string label)
    {
        // A label cannot contain the invalid date, a bar or a line break.
        var parts = Literal(label.Replace('|', '¦').Replace('\n', ' ')).Select(part => part.Plain is null ? "'" : part.Markup);
        return $"<{Escape(url)}|{string.Concat(parts)}>";
    }

    /// <summary>The runs as mrkdwn that shows exactly their text; null when mrkdwn cannot.</summary>
    public static string? TryFormat(IReadOnlyList<MessageInline> runs)
    {
        if (runs is [{ Style: InlineStyle.None, Url: null, Date: null, Mention: null } plain])
            return IsLiteral(plain.Text) ? Escape(plain.Text) : null;

        if (!IsLiteral(string.Concat(runs.Select(run => SlackInline.MentionOf(run) is null ? run.Text : "@")))) return null;
        var markup = new StringBuilder();
        for (var i = 0; i < runs.Count; i++)
        {
            var run = runs[i];
            if (run.Style != InlineStyle.None && !CanStyle(runs, i)) return null;
            if ((run.Url is not null || run.Date is not null) && run.Text.AsSpan().ContainsAny('|', '\n')) return null;
            var marks = (run.Style.HasFlag(InlineStyle.Bold) ? "*" : "") + (run.Style.HasFlag(InlineStyle.Italic) ? "_" : "")
                + (run.Style.HasFlag(InlineStyle.Strike) ? "~" : "") + (run.Style.HasFlag(InlineStyle.Code) ? "`" : "");
            markup.Append(marks).Append(Format(run));
            for (var mark = marks.Length - 1; mark >= 0; mark--) markup.Append(marks[mark]);
        }

        return markup.ToString();
    }

    /// <summary>True when escaping is enough: the text contains nothing that Slack would show as bold, code, a quote or an emoji.</summary>
    public static bool IsLiteral(string text)
    {
        if (text.AsSpan().ContainsAny(Markers)) return false;
        if (text.AsSpan().Count(':') > 1 && EmojiCode().IsMatch(text)) return false;
        foreach (var line in text.AsSpan().EnumerateLines())
            if (line.TrimStart().StartsWith('>')) return false;
        return true;
    }

    /// <summary>The first colon of any <c>:word:</c>: workspaces define their own emoji, so any word may be one.</summary>
    [GeneratedRegex(@":(?=[^\s:]+:)", RegexOptions.None, MatchTimeout)]
    public static partial Regex EmojiCode();

    private static string Within(int limit, Func<int, string> write)
    {
        var cap = limit;
        while (true)
        {
            var written = write(cap);
            if (written.Length <= limit) return written;
            // At least this many characters must be removed.
            cap -= Math.Max(1, (written.Length - limit) / MaxGrowth);
        }
    }

    // A marker inside a word, as in snake_case, is not markup; a > counts only at the start of a line, a colon only before a name and a
    // colon.
    [GeneratedRegex(@"(?<![\p{L}\p{N}])[*_~`]|[*_~`](?![\p{L}\p{N}])|(?<=^\s*)>|:(?=[^\s:]+:)", RegexOptions.Multiline, MatchTimeout)]
    private static partial Regex Special();

    private static string Format(MessageInline run)
    {
        if (SlackInline.MentionOf(run) is { } mention) return mention.Markup;
        var text = Escape(run.Text);
        var url = run.Url is null ? null : Escape(run.Url);
        if (SlackInline.DateOf(run) is { } unixSeconds)
            return $"<!date^{unixSeconds}^{SlackInline.DateFormat}{(url is null ? "" : "^" + url)}|{text}>";
        return url is null ? text : $"<{url}|{text}>";
    }

    /// <summary>Slack applies styles only to whole words within one line: <c>a*b*c</c> and <c>* b *</c> are shown as typed.</summary>
    private static bool CanStyle(IReadOnlyList<MessageInline> runs, int index)
    {
        var text = runs[index].Text;
        return !text.Contains('\n', StringComparison.Ordinal)
            && !char.IsWhiteSpace(text[0]) && !char.IsWhiteSpace(text[^1])
            && (index == 0 || char.IsWhiteSpace(runs[index - 1].Text[^1]))
            && (index == runs.Count - 1 || char.IsWhiteSpace(runs[index + 1].Text[0]));
    }
}

/// <summary>A part of a mrkdwn text.</summary>
/// <param name="Markup">As Slack reads it.</param>
/// <param name="Plain">The unescaped text, which may be cut anywhere; null: the part must be kept or dropped whole.</param>
internal sealed record MrkdwnPart(string Markup, string? Plain = null)
{
    /// <summary>Text without markup characters, escaped.</summary>
    public static MrkdwnPart Of(string plain) => new(Mrkdwn.Escape(plain), plain);
}
