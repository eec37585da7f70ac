using System.Text.Json;

namespace DefectNotifier.Chat.Slack;

/// <summary>Writes the blocks of one message and keeps count of what Slack limits.</summary>
internal sealed class SlackJson(Utf8JsonWriter writer)
{
    // The message may have begun before its blocks.
    private readonly long _start = WrittenBy(writer);
    private long _textBytes;
    private int _buttons;

    public Utf8JsonWriter Writer { get; } = writer;

    public int Blocks { get; private set; }

    /// <summary>Of everything that is read: texts, alternative texts, fallbacks. In UTF-16 units.</summary>
    public int TextLength { get; private set; }

    /// <summary>
    /// Text as the reader counts it, and the JSON around it, which is nearly all ASCII. Escapes such as <c>\uD83D</c> are the encoder's
    /// and not Slack's, so they count as what they stand for.
    /// </summary>
    public long TotalLength => WrittenBy(Writer) - _start - _textBytes + TextLength;

    /// <summary>Unique within the message, as Slack wants it.</summary>
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

    /// <summary>A property that is read by people.</summary>
    public void Text(string name, string value)
    {
        Writer.WritePropertyName(name);
        var before = WrittenBy(Writer);
        Writer.WriteStringValue(value);
        _textBytes += WrittenBy(Writer) - before - "\"\"".Length;
        TextLength += value.Length;
    }

    /// <summary>Counts what Slack shows in place of an id.</summary>
    public void CountText(int length) => TextLength += length;

    /// <summary>The content of a text object that shows every character as it is; <c>emoji:false</c> keeps <c>:tada:</c> a word.</summary>
    public void PlainText(string value)
    {
        StartElement("plain_text");
        Text("text", value);
        Writer.WriteBoolean("emoji"u8, false);
        Writer.WriteEndObject();
    }

    /// <summary>The content of a text object with markup; <c>verbatim</c> keeps Slack from making links and mentions of its own.</summary>
    public void MrkdwnText(string value)
    {
        StartElement("mrkdwn");
        Text("text", value);
        Writer.WriteBoolean("verbatim"u8, true);
        Writer.WriteEndObject();
    }

    private static long WrittenBy(Utf8JsonWriter writer) => writer.BytesCommitted + writer.BytesPending;
}
