using System.Buffers;
using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace DefectNotifier.Postgres.Moving;

/// <summary>The number of rows and a digest of all their values. It does not depend on the order of the rows.</summary>
internal sealed class RowDigest
{
    private readonly ArrayBufferWriter<byte> _row = new();
    private ulong _sum;

    public long Rows { get; private set; }

    /// <summary>Adds the next value of the present row: null, a number, a text or bytes.</summary>
    public void Add(object? value)
    {
        switch (value)
        {
            case null:
                Begin('-', 0);
                break;
            case long number:
                Begin('n', number);
                break;
            case string text:
                Begin('t', Encoding.UTF8.GetByteCount(text));
                Encoding.UTF8.GetBytes(text, _row);
                break;
            case byte[] bytes:
                Begin('b', bytes.Length);
                _row.Write(bytes);
                break;
            default:
                throw new ArgumentException($"A value of type {value.GetType().Name} has no digest.", nameof(value));
        }
    }

    public void EndRow()
    {
        Rows++;
        unchecked
        {
            _sum += BinaryPrimitives.ReadUInt64LittleEndian(SHA256.HashData(_row.WrittenSpan));
        }

        _row.ResetWrittenCount();
    }

    public bool IsSameAs(RowDigest other) => (Rows, _sum) == (other.Rows, other._sum);

    private void Begin(char type, long number)
    {
        var span = _row.GetSpan(1 + sizeof(long));
        span[0] = (byte)type;
        BinaryPrimitives.WriteInt64LittleEndian(span[1..], number);
        _row.Advance(1 + sizeof(long));
    }
}
