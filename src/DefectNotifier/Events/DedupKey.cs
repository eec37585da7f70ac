using System.Buffers;
using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace DefectNotifier.Events;

/// <summary>
/// What makes two webhooks the same one. Qase sends no delivery id, so it is derived: source, project code, event name,
/// subject id and timestamp. Two real events of one kind for one defect within one second collide: accepted, they say the same.
/// The second in which it happened comes first, so that the keys of events that come one after the other lie side by side: an index of keys in random order costs a page
/// for each, and the more the more there are.
/// </summary>
public static class DedupKey
{
    /// <summary>The first half of a SHA-256, in bytes.</summary>
    public const int HashLength = 16;

    /// <summary>In bytes: four of the time and the hash. Up to 2026-11 a key was the hash alone.</summary>
    public const int Length = TimeLength + HashLength;

    private const int TimeLength = 4;
    private const int SecondsOfArrival = 600;

    // Source, project code and the name of the event have room in it.
    private const int InitialLength = 256;

    /// <summary>
    /// Without a timestamp nothing tells a repeat from a second event of the same kind, so the body's bytes and the ten minutes
    /// of arrival stand in for it: a resent request is caught, the same thing done again later is not lost.
    /// </summary>
    public static ReadOnlyMemory<byte> Of(DefectEvent defectEvent, ReadOnlySpan<byte> body, DateTimeOffset receivedAt)
    {
        var parts = new ArrayBufferWriter<byte>(InitialLength);
        Append(parts, defectEvent.Source);
        Append(parts, defectEvent.ProjectCode?.ToUpperInvariant());
        Append(parts, defectEvent.Name.ToLowerInvariant());
        Append(parts, defectEvent.SubjectId);
        Append(parts, defectEvent.OccurredAt?.ToUnixTimeMilliseconds());
        var arrival = receivedAt.ToUnixTimeSeconds() / SecondsOfArrival;
        if (defectEvent.OccurredAt is null) Append(parts, arrival);
        // Events of other families may have no id (shared steps have a hash): then the body tells them apart.
        if (defectEvent.OccurredAt is null || defectEvent.SubjectId is null) parts.Write(body);
        var key = new byte[TimeLength + SHA256.HashSizeInBytes];
        // The lower 32 bits of any time will do: it is an order for the sake of speed alone.
        BinaryPrimitives.WriteUInt32BigEndian(key, unchecked((uint)(defectEvent.OccurredAt?.ToUnixTimeSeconds() ?? (arrival * SecondsOfArrival))));
        SHA256.HashData(parts.WrittenSpan, key.AsSpan(TimeLength));
        return key.AsMemory(0, Length);
    }

    /// <summary>The part of a key that was the whole of it once.</summary>
    public static ReadOnlyMemory<byte> HashOf(ReadOnlyMemory<byte> key) => key[^HashLength..];

    // Each part with its length, so that no two lists of parts read the same.
    private static void Append(ArrayBufferWriter<byte> parts, string? text)
    {
        Append(parts, text?.Length);
        if (text is not null) Encoding.UTF8.GetBytes(text, parts);
    }

    private static void Append(ArrayBufferWriter<byte> parts, long? number)
    {
        var bytes = parts.GetSpan(9);
        bytes[0] = number is null ? (byte)0 : (byte)1;
        BinaryPrimitives.WriteInt64LittleEndian(bytes[1..], number ?? 0);
        parts.Advance(9);
    }
}
