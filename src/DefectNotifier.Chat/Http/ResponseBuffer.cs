using System.Buffers;
using System.Text;

namespace DefectNotifier.Chat.Http;

/// <summary>
/// A answer's bytes as they come, up to a limit, in rented memory that doubles when it is full: most answers are a line, and a few may have megabytes.
/// </summary>
internal sealed class ResponseBuffer(int limit) : IDisposable
{
    private const int FirstSize = 16 * 1024;

    private byte[] _bytes = ArrayPool<byte>.Shared.Rent(Math.Min(FirstSize, limit));
    private int _length;

    public bool IsFull => _length == limit;

    /// <summary>Room for more; never empty while the buffer is not full.</summary>
    public Memory<byte> Free()
    {
        if (_length == _bytes.Length) Grow();
        return _bytes.AsMemory(_length, Math.Min(_bytes.Length, limit) - _length);
    }

    public void Advance(int count) => _length += count;

    public string Read() => Encoding.UTF8.GetString(_bytes, 0, _length);

    public void Dispose() => ArrayPool<byte>.Shared.Return(_bytes);

    private void Grow()
    {
        var larger = ArrayPool<byte>.Shared.Rent(Math.Min(2 * _length, limit));
        _bytes.AsSpan(0, _length).CopyTo(larger);
        ArrayPool<byte>.Shared.Return(_bytes);
        _bytes = larger;
    }
}
