using DefectNotifier.Events;

namespace DefectNotifier.Rendering.Values;

/// <summary>A piece of text. <see cref="Text"/> is always literal: a formatter escapes it for the place where it writes it.</summary>
/// <param name="Text">The text; for a date, its text on platforms that have no dates of their own. May contain <c>\n</c>.</param>
/// <param name="Style">Bold, italic, ...</param>
public sealed record MessageInline(string Text, InlineStyle Style = InlineStyle.None)
{
    /// <summary>The link target, checked by <see cref="SafeUrl"/>. Null: no link.</summary>
    public string? Url { get; init; }

    /// <summary>The time that <see cref="Text"/> shows, for platforms that convert it to the reader's time zone. Null: no date.</summary>
    public DateTimeOffset? Date { get; init; }

    /// <summary>Who is notified here; <see cref="Text"/> is <c>@name</c>. Null: no one.</summary>
    public Mention? Mention { get; init; }

    /// <summary>
    /// The pieces without empty ones; adjacent text with the same style and link is one piece. A piece that shows nothing has neither.
    /// </summary>
    public static List<MessageInline> Join(IEnumerable<MessageInline> pieces)
    {
        var joined = JoinEqual(pieces.Where(piece => piece.Text.Length > 0).ToList());
        return joined.Exists(IsBlank)
            ? JoinEqual(joined.ConvertAll(piece => IsBlank(piece) ? new MessageInline(piece.Text) : piece))
            : joined;
    }

    private static List<MessageInline> JoinEqual(List<MessageInline> all)
    {
        if (all.Count < 2) return all;
        var joined = new List<MessageInline>(all.Count);
        for (int first = 0, next; first < all.Count; first = next)
        {
            next = first + 1;
            while (next < all.Count && all[first].JoinsWith(all[next])) next++;
            joined.Add(next == first + 1
                ? all[first]
                : all[first] with { Text = string.Concat(all[first..next].Select(piece => piece.Text)) });
        }

        return joined;
    }

    private static bool IsBlank(MessageInline piece) =>
        (piece.Style != InlineStyle.None || piece.Url is not null) && !VisibleText.IsIn(piece.Text);

    private bool JoinsWith(MessageInline next) =>
        Style == next.Style && Url == next.Url && Date is null && next.Date is null && Mention is null && next.Mention is null;
}

/// <summary>The style of a piece of text.</summary>
[Flags]
public enum InlineStyle
{
    None = 0,
    Bold = 1,
    Italic = 2,
    Strike = 4,
    Code = 8,
}

/// <summary>A person or a group that templates may mention, as configured in <c>Templates:Mentions</c>.</summary>
/// <param name="Name">The displayed name, without <c>@</c>. Contains no <c>&lt; &gt; &amp; |</c> and no line break.</param>
public sealed record Mention(string Name)
{
    /// <summary>
    /// Slack: the id of a person (<c>U…</c>, <c>W…</c>) or of a user group (<c>S…</c>), or <c>here</c>, <c>channel</c>,
    /// <c>everyone</c>. Null: Slack shows only the name.
    /// </summary>
    public string? Slack { get; init; }

    /// <summary>Teams: the sign-in name (<c>lead@contoso.com</c>) or object id of a person. Null: Teams shows only the name.</summary>
    public string? Teams { get; init; }
}
