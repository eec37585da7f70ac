using System.Text.Json;
using DefectNotifier.Rendering.Values;

namespace DefectNotifier.Chat.Teams.Cards;

/// <summary>
/// Writes the parts of a card: elements, runs, actions. Only features of Adaptive Cards 1.2, because phones support no more,
/// except tables.
/// </summary>
internal sealed class TeamsCardWriter(Utf8JsonWriter writer)
{
    private bool _isSeparatorPending;

    public Utf8JsonWriter Writer { get; } = writer;

    /// <summary>Adaptive Cards have no divider element; instead the next element gets a line above it.</summary>
    public void Divide() => _isSeparatorPending = true;

    public void StartElement(string type)
    {
        Writer.WriteStartObject();
        Writer.WriteString("type"u8, type);
        if (_isSeparatorPending) Writer.WriteBoolean("separator"u8, true);
        _isSeparatorPending = false;
    }

    public void StartContainer(string style, bool bleed = false)
    {
        StartElement("Container");
        Writer.WriteString("style"u8, style);
        if (bleed) Writer.WriteBoolean("bleed"u8, true);
        Writer.WriteStartArray("items"u8);
    }

    public void EndContainer()
    {
        Writer.WriteEndArray();
        Writer.WriteEndObject();
    }

    /// <summary>A RichTextBlock always wraps, and only iPhones interpret Markdown there: see <see cref="TeamsText.TextRun"/>.</summary>
    public void RichText(IReadOnlyList<MessageInline> runs, RunStyle style, bool isClose = false)
    {
        if (runs.Any(run => run.Mention?.Teams is not null))
        {
            Markdown(runs, style, isClose);
            return;
        }

        StartElement("RichTextBlock");
        if (isClose) Writer.WriteString("spacing"u8, "Small");
        Writer.WriteStartArray("inlines"u8);
        foreach (var run in runs) Run(run, style);
        Writer.WriteEndArray();
        Writer.WriteEndObject();
    }

    /// <summary>Mentions work only in Markdown, so a text with a mention loses its code and strikethrough styles.</summary>
    private void Markdown(IReadOnlyList<MessageInline> runs, RunStyle style, bool isClose)
    {
        StartElement("TextBlock");
        if (isClose) Writer.WriteString("spacing"u8, "Small");
        Writer.WriteString("text"u8, TeamsText.ToStyledMarkdown(runs));
        Writer.WriteBoolean("wrap"u8, true);
        if (style.Size is not null) Writer.WriteString("size"u8, style.Size);
        if (style.Bold) Writer.WriteString("weight"u8, "Bolder");
        if (style.Subtle) Writer.WriteBoolean("isSubtle"u8, true);
        Writer.WriteEndObject();
    }

    public void OpenUrl(string url, string? title = null)
    {
        Writer.WriteStartObject();
        Writer.WriteString("type"u8, "Action.OpenUrl");
        if (title is not null) Writer.WriteString("title"u8, TeamsText.Literal(title));
        Writer.WriteString("url"u8, url);
        Writer.WriteEndObject();
    }

    private void Run(MessageInline run, RunStyle style)
    {
        Writer.WriteStartObject();
        Writer.WriteString("type"u8, "TextRun");
        var isCode = style.Monospace || run.Style.HasFlag(InlineStyle.Code);
        Writer.WriteString("text"u8, TeamsText.TextRun(run.Text, isCode));
        if (style.Size is not null) Writer.WriteString("size"u8, style.Size);
        if (style.Bold || run.Style.HasFlag(InlineStyle.Bold)) Writer.WriteString("weight"u8, "Bolder");
        if (style.Subtle) Writer.WriteBoolean("isSubtle"u8, true);
        if (run.Style.HasFlag(InlineStyle.Italic)) Writer.WriteBoolean("italic"u8, true);
        if (run.Style.HasFlag(InlineStyle.Strike)) Writer.WriteBoolean("strikethrough"u8, true);
        if (isCode) Writer.WriteString("fontType"u8, "Monospace");
        if (run.Url is not null)
        {
            Writer.WritePropertyName("selectAction"u8);
            OpenUrl(run.Url);
        }

        Writer.WriteEndObject();
    }
}

/// <summary>The style of all runs of a text, in addition to their own styles.</summary>
internal sealed record RunStyle
{
    public static readonly RunStyle Plain = new();
    public static readonly RunStyle Title = new() { Size = "Large", Bold = true };
    public static readonly RunStyle Subtitle = new() { Bold = true };
    public static readonly RunStyle SmallPrint = new() { Size = "Small", Subtle = true };
    public static readonly RunStyle Code = new() { Monospace = true };

    public string? Size { get; private init; }

    public bool Bold { get; private init; }

    public bool Subtle { get; private init; }

    public bool Monospace { get; private init; }
}
