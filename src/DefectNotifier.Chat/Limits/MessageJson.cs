using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace DefectNotifier.Chat.Limits;

/// <summary>A writer of JSON with the memory that it writes into. Its thread uses both again for the next message, so they are taken and disposed of at one place.</summary>
internal sealed class MessageJson : IDisposable
{
    /// <summary>What was larger once is not kept, in bytes. No message may be so large.</summary>
    private const int LargestKept = 64 * 1024;

    // The default encoder writes é as \u00E9, which triples a message; nothing here ends up in HTML.
    private static readonly JsonWriterOptions Relaxed = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    [ThreadStatic]
    private static MessageJson? _spare;

    private readonly ArrayBufferWriter<byte> _buffer = new(4 * 1024);

    private MessageJson() => Writer = new Utf8JsonWriter(_buffer, Relaxed);

    public Utf8JsonWriter Writer { get; }

    /// <summary>Whoever takes one while another is in use gets one of his own.</summary>
    public static MessageJson Take()
    {
        var taken = _spare ?? new MessageJson();
        _spare = null;
        return taken;
    }

    /// <summary>All that was written; valid until this is disposed of.</summary>
    public ReadOnlySpan<byte> Flush()
    {
        Writer.Flush();
        return _buffer.WrittenSpan;
    }

    public void Dispose()
    {
        if (_buffer.Capacity > LargestKept) return;
        Writer.Reset();
        _buffer.ResetWrittenCount();
        _spare = this;
    }
}
