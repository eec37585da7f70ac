using System.Buffers.Binary;

namespace DefectNotifier.Events;

/// <summary>
/// Our id of an event: a UUID of version 7 (RFC 9562, section 5.7) without its dashes, which sorts by time of arrival. It names, and keeps no secret: its random part comes from a quick generator
/// and not, as <see cref="Guid.CreateVersion7()"/> has it, from the system with a call for each.
/// </summary>
public static class EventId
{
    /// <param name="receivedAt">When the event arrived, to the millisecond.</param>
    public static string New(DateTimeOffset receivedAt)
    {
        Span<byte> id = stackalloc byte[16];
        Random.Shared.NextBytes(id);
        // 48 bits of time, then the version; what was random there is written over.
        BinaryPrimitives.WriteInt64BigEndian(id, (receivedAt.ToUnixTimeMilliseconds() << 16) | 0x7000 | (BinaryPrimitives.ReadInt64BigEndian(id) & 0x0FFF));
        id[8] = (byte)(0x80 | (id[8] & 0x3F));
        return Convert.ToHexStringLower(id);
    }
}
