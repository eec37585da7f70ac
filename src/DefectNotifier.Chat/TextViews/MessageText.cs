namespace DefectNotifier.Chat.TextViews;

/// <summary>A message as its readers see it, for a terminal: lines of runs. Control characters except tabs are replaced.</summary>
public sealed class MessageText
{
    internal MessageText(IReadOnlyList<IReadOnlyList<TextRun>> lines) => Lines = lines;

    public IReadOnlyList<IReadOnlyList<TextRun>> Lines { get; }

    /// <summary>The text without styles; each line ends in <c>\n</c>.</summary>
    public override string ToString() => string.Concat(Lines.Select(line => string.Concat(line.Select(run => run.Text)) + "\n"));
}

/// <summary>Characters with the same style.</summary>
public readonly record struct TextRun(string Text, TextStyle Style = TextStyle.Plain);

/// <summary>How a chat shows a run of text; styles can be combined.</summary>
[Flags]
public enum TextStyle
{
    Plain = 0,
    Bold = 1,
    Italic = 1 << 1,
    Struck = 1 << 2,
    Code = 1 << 3,

    /// <summary>Small print, URLs, rules and margins.</summary>
    Subtle = 1 << 4,

    /// <summary>The text of a link or button.</summary>
    Link = 1 << 5,

    /// <summary>A person, a group or a channel.</summary>
    Mention = 1 << 6,

    Heading = 1 << 7,

    /// <summary>A heading in a card with the style <c>good</c>.</summary>
    Good = 1 << 8,

    /// <summary>A heading in a card with the style <c>warning</c>.</summary>
    Warning = 1 << 9,

    /// <summary>A heading in a card with the style <c>attention</c>.</summary>
    Attention = 1 << 10,
}
