using System.Text.Json;
using DefectNotifier.Rendering.Values;

namespace DefectNotifier.Chat.Teams;

/// <summary>Writes the primitives of a card: elements, runs, actions. Only what Adaptive Cards 1.2 knows, because phones know no more.</summary>
internal sealed class TeamsCardWriter(Utf8JsonWriter writer)
{
    private bool _separatorIsDue;

    public Utf8JsonWriter Writer { get; } = writer;

    /// <summary>Adaptive Cards have no divider; the next element draws a line above itself. With no next element there is nothing to divide.</summary>
    public void Divide() => _separatorIsDue = true;

    public void StartElement(string type)
    {
        Writer.WriteStartObject();
        Writer.WriteString("type"u8, type);
        if (_separatorIsDue) Writer.WriteBoolean("separator"u8, true);
        _separatorIsDue = false;
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

    /// <summary>A RichTextBlock wraps by itself (it has no <c>wrap</c>) and knows no Markdown, so any text is shown as it is.</summary>
    public void RichText(IReadOnlyList<MessageInline> runs, RunStyle style, bool close = false)
    {
        if (runs.Any(run => run.Mention?.Teams is not null))
        {
            Markdown(runs, style, close);
            return;
        }

        StartElement("RichTextBlock");
        if (close) Writer.WriteString("spacing"u8, "Small");
        Writer.WriteStartArray("inlines"u8);
        foreach (var run in runs) Run(run, style);
        Writer.WriteEndArray();
        Writer.WriteEndObject();
    }

    /// <summary>Mentions are read in texts with Markdown only, so a text with one gives up its code and its struck words.</summary>
    private void Markdown(IReadOnlyList<MessageInline> runs, RunStyle style, bool close)
    {
        StartElement("TextBlock");
        if (close) Writer.WriteString("spacing"u8, "Small");
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
        Writer.WriteString("text"u8, TeamsText.Literal(run.Text));
        if (style.Size is not null) Writer.WriteString("size"u8, style.Size);
        if (style.Bold || run.Style.HasFlag(InlineStyle.Bold)) Writer.WriteString("weight"u8, "Bolder");
        if (style.Subtle) Writer.WriteBoolean("isSubtle"u8, true);
        if (run.Style.HasFlag(InlineStyle.Italic)) Writer.WriteBoolean("italic"u8, true);
        if (run.Style.HasFlag(InlineStyle.Strike)) Writer.WriteBoolean("strikethrough"u8, true);
        if (style.Monospace || run.Style.HasFlag(InlineStyle.Code)) Writer.WriteString("fontType"u8, "Monospace");
        if (run.Url is not null)
        {
            Writer.WritePropertyName("selectAction"u8);
            OpenUrl(run.Url);
        }

        Writer.WriteEndObject();
    }
}
