using System.Text.Json;

namespace DefectNotifier.Chat.Slack.Blocks;

/// <summary>Writes the blocks of one message and counts what Slack limits.</summary>
internal sealed class SlackJson(Utf8JsonWriter writer)
{
    // The writer may already contain members before the blocks.
    private readonly long _start = WrittenBy(writer);
    private long _textBytes;
    private int _buttons;

    public Utf8JsonWriter Writer { get; } = writer;

    public int Blocks { get; private set; }

    /// <summary>The length of all visible text: texts, alternative texts, fallbacks. In UTF-16 units.</summary>
    public int TextLength { get; private set; }

    /// <summary>
    /// The length of the text plus that of the JSON around it, which is nearly all ASCII. JSON escapes such as <c>\uD83D</c> count as the
    /// character that they stand for, because Slack counts the parsed text.
    /// </summary>
    public long TotalLength => WrittenBy(Writer) - _start - _textBytes + TextLength;

    /// <summary>Unique within the message, as Slack requires.</summary>
    public string NextActionId() => $"open-{++_buttons}";

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
        var before = WrittenBy(Writer);
        Writer.WriteStringValue(value);
        _textBytes += WrittenBy(Writer) - before - "\"\"".Length;
        TextLength += value.Length;
    }

    /// <summary>Counts text that Slack shows in place of an id.</summary>
    public void CountText(int length) => TextLength += length;

    /// <summary>A text object that shows every character literally; <c>emoji: false</c> keeps <c>:tada:</c> as text.</summary>
    public void PlainText(string value)
    {
        StartElement("plain_text");
        Text("text", value);
        Writer.WriteBoolean("emoji"u8, false);
        Writer.WriteEndObject();
    }

    /// <summary>A text object with markup; with <c>verbatim</c> Slack does not detect links and mentions by itself.</summary>
    public void MrkdwnText(string value)
    {
        StartElement("mrkdwn");
        Text("text", value);
        Writer.WriteBoolean("verbatim"u8, true);
        Writer.WriteEndObject();
    }

    private static long WrittenBy(Utf8JsonWriter writer) => writer.BytesCommitted + writer.BytesPending;
}
