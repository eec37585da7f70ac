using System.Text.Json;

namespace DefectNotifier.Chat.Slack.Blocks;

/// <summary>Writes the blocks of one message and counts what Slack limits.</summary>
internal sealed class SlackJson(Utf8JsonWriter writer)
{
    // The writer may already contain members before the blocks.
    private readonly long _start = writer.BytesCommitted + writer.BytesPending;
    private long _textBytes;

    public Utf8JsonWriter Writer { get; } = writer;

    public int Blocks { get; private set; }

    public int Buttons { get; set; }

    /// <summary>The length of all visible text: texts, alternative texts, fallbacks. In UTF-16 units.</summary>
    public int TextLength { get; private set; }

    /// <summary>
    /// The length of the text plus that of the JSON around it, which is nearly all ASCII. JSON escapes such as <c>\uD83D</c> count as the
    /// character that they stand for, because Slack counts the parsed text.
    /// </summary>
    public long TotalLength => Written - _start - _textBytes + TextLength;

    private long Written => Writer.BytesCommitted + Writer.BytesPending;

    public void StartBlock(string type)
    {
        Blocks++;
        StartElement(type);
    }

    public void StartElement(string type)
    {
        Writer.WriteStartObject();
        Writer.WriteString("type"u8, type);
    }

    /// <summary>A property whose value people read; it counts as text.</summary>
    public void Text(string name, string value)
    {
        Writer.WritePropertyName(name);
        var before = Written;
        Writer.WriteStringValue(value);
        _textBytes += Written - before - "\"\"".Length;
        TextLength += value.Length;
    }

    /// <summary>Counts text that Slack shows in place of an id.</summary>
    public void CountText(int length) => TextLength += length;

    /// <summary>
    /// A text object. <c>plain_text</c> shows every character literally: <c>emoji: false</c> keeps <c>:tada:</c> as text. In
    /// <c>mrkdwn</c>, <c>verbatim</c> keeps Slack from detecting links and mentions by itself.
    /// </summary>
    public void TextObject(string type, string value)
    {
        StartElement(type);
        Text("text", value);
        if (type == "mrkdwn") Writer.WriteBoolean("verbatim"u8, true);
        else Writer.WriteBoolean("emoji"u8, false);
        Writer.WriteEndObject();
    }
}
