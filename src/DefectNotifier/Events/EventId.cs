using System.Buffers.Binary;

namespace DefectNotifier.Events;

/// <summary>
/// Our id of an event: a UUID of version 7 (RFC 9562, section 5.7) without dashes, so ids sort by time of arrival. An id is not a secret,
/// so its random part comes from <see cref="Random.Shared"/>; <see cref="Guid.CreateVersion7()"/> makes a system call per id.
/// </summary>
public static class EventId
{
    /// <param name="receivedAt">When the event arrived, to the millisecond.</param>
    public static string New(DateTimeOffset receivedAt)
    {
        Span<byte> id = stackalloc byte[16];
        Random.Shared.NextBytes(id);
        // 48 bits of time, then the version. They replace the random bits there.
        var random = BinaryPrimitives.ReadInt64BigEndian(id) & 0x0FFF;
        BinaryPrimitives.WriteInt64BigEndian(id, (receivedAt.ToUnixTimeMilliseconds() << 16) | 0x7000 | random);
        id[8] = (byte)(0x80 | (id[8] & 0x3F));
        return Convert.ToHexStringLower(id);
    }
}
