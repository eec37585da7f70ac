using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace DefectNotifier.Chat.Limits;

/// <summary>A JSON writer with its buffer.</summary>
internal sealed class MessageJson : IDisposable
{
    // The default encoder writes é as \u00E9, which makes messages several times longer. The output is never embedded in HTML.
    private static readonly JsonWriterOptions Relaxed = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly ArrayBufferWriter<byte> _buffer = new(8 * 1024);

    public MessageJson() => Writer = new Utf8JsonWriter(_buffer, Relaxed);

    public Utf8JsonWriter Writer { get; }

    /// <summary>Everything that was written so far.</summary>
    public ReadOnlyMemory<byte> Flush()
    {
        Writer.Flush();
        return _buffer.WrittenMemory;
    }

    public void Dispose() => Writer.Dispose();
}
