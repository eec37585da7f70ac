using System.Buffers;
using System.Text;
using System.Text.RegularExpressions;
using DefectNotifier.Rendering.Values;

namespace DefectNotifier.Chat.Slack.Blocks;

/// <summary>
/// Slack's markup language. It can escape only <c>&amp; &lt; &gt;</c>; for text with other markup characters <see cref="TryFormat"/>
/// returns null and the caller uses <c>rich_text</c> or <c>plain_text</c>. docs.slack.dev/messaging/formatting-message-text
/// </summary>
internal static partial class Mrkdwn
{
    private static readonly SearchValues<char> Markers = SearchValues.Create("*_~`");

    /// <summary>Escapes <c>&amp; &lt; &gt;</c>. That prevents mentions and links, but not formatting.</summary>
    public static string Escape(string text) => text
        .Replace("&", "&amp;", StringComparison.Ordinal)
        .Replace("<", "&lt;", StringComparison.Ordinal)
        .Replace(">", "&gt;", StringComparison.Ordinal);

    /// <summary>Escaped text of at most <paramref name="limit"/> characters, cut before escaping so that no entity is split.</summary>
    public static string EscapeWithin(string text, int limit)
    {
        var cap = limit;
        while (true)
        {
            var escaped = Escape(Graphemes.Cut(text, cap));
            if (escaped.Length <= limit) return escaped;
            // Escaping turns one character into at most five, so at least this many must be removed.
            cap -= Math.Max(1, (escaped.Length - limit) / 5);
        }
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
        if (text.AsSpan().ContainsAny(Markers) || EmojiCode().IsMatch(text)) return false;
        foreach (var line in text.AsSpan().EnumerateLines())
            if (line.TrimStart().StartsWith('>')) return false;
        return true;
    }

    /// <summary>The first colon of any <c>:word:</c>: workspaces define their own emoji, so any word may be one.</summary>
    [GeneratedRegex(@":(?=[^\s:]+:)", RegexOptions.None, matchTimeoutMilliseconds: 1_000)]
    public static partial Regex EmojiCode();

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
