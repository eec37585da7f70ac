using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace DefectNotifier.Chat.Limits;

/// <summary>A JSON writer with its buffer. The next message on the same thread reuses both.</summary>
internal sealed class MessageJson : IDisposable
{
    // The default encoder writes é as \u00E9, which makes messages several times longer. The output is never embedded in HTML.
    private static readonly JsonWriterOptions Relaxed = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>In bytes, more than the largest message. A larger buffer is not reused.</summary>
    private const int MaxKept = 64 * 1024;

    [ThreadStatic]
    private static MessageJson? _spare;

    private readonly ArrayBufferWriter<byte> _buffer = new(8 * 1024);

    private MessageJson() => Writer = new Utf8JsonWriter(_buffer, Relaxed);

    public Utf8JsonWriter Writer { get; }

    /// <summary>An empty writer. Writers that are used at the same time have separate buffers.</summary>
    public static MessageJson Take()
    {
        var taken = _spare ?? new MessageJson();
        _spare = null;
        return taken;
    }

    /// <summary>A copy of everything that was written so far.</summary>
    public byte[] ToArray()
    {
        Writer.Flush();
        return _buffer.WrittenSpan.ToArray();
    }

    public void Dispose()
    {
        if (_buffer.Capacity > MaxKept) return;
        Writer.Reset();
        _buffer.ResetWrittenCount();
        _spare = this;
    }
}
