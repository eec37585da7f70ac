namespace DefectNotifier.Rendering.Values;

/// <summary>
/// A piece of running text. <see cref="Text"/> is always literal: a formatter escapes it for the place where it puts it.
/// </summary>
/// <param name="Text">What is read; for a date the wording where the platform has no dates of its own. May hold <c>\n</c>.</param>
/// <param name="Style">How it looks.</param>
public sealed record MessageInline(string Text, InlineStyle Style = InlineStyle.None)
{
    /// <summary>Where it leads; has passed <see cref="SafeUrl"/>. Null: no link.</summary>
    public string? Url { get; init; }

    /// <summary>The moment that <see cref="Text"/> words, for platforms that show it in the reader's own zone. Null: no date.</summary>
    public DateTimeOffset? Date { get; init; }

    /// <summary>Who is notified where this stands; <see cref="Text"/> reads <c>@name</c>. Null: nobody.</summary>
    public Mention? Mention { get; init; }

    /// <summary>True for neighbours that look alike and are nothing but words: together they are one piece.</summary>
    public bool JoinsWith(MessageInline next) =>
        Style == next.Style && Url == next.Url && Date is null && next.Date is null && Mention is null && next.Mention is null;
}
