using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace DefectNotifier.Events;

/// <summary>
/// What makes two webhooks the same one. Qase sends no delivery id, so it is derived: source, project code, event name,
/// subject id and timestamp. Two real events of one kind for one defect within one second collide: accepted, they say the same.
/// </summary>
public static class DedupKey
{
    /// <summary>Length in bytes: the first half of a SHA-256.</summary>
    public const int Length = 16;

    /// <summary>
    /// Without a timestamp nothing tells a repeat from a second event of the same kind, so the body's bytes and the ten minutes
    /// of arrival stand in for it: a resent request is caught, the same thing done again later is not lost.
    /// </summary>
    public static ReadOnlyMemory<byte> Of(DefectEvent defectEvent, ReadOnlySpan<byte> body, DateTimeOffset receivedAt)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Append(hash, defectEvent.Source);
        Append(hash, defectEvent.ProjectCode?.ToUpperInvariant());
        Append(hash, defectEvent.Name.ToLowerInvariant());
        Append(hash, defectEvent.SubjectId);
        Append(hash, defectEvent.OccurredAt?.ToUnixTimeMilliseconds());
        if (defectEvent.OccurredAt is null) Append(hash, receivedAt.ToUnixTimeSeconds() / 600);
        // Events of other families may have no id (shared steps have a hash): then the body tells them apart.
        if (defectEvent.OccurredAt is null || defectEvent.SubjectId is null) hash.AppendData(body);
        return hash.GetHashAndReset().AsMemory(0, Length);
    }

    // Each part with its length, so that no two lists of parts read the same.
    private static void Append(IncrementalHash hash, string? text)
    {
        Append(hash, text?.Length);
        if (text is not null) hash.AppendData(Encoding.UTF8.GetBytes(text));
    }

    private static void Append(IncrementalHash hash, long? number)
    {
        Span<byte> bytes = stackalloc byte[9];
        bytes[0] = number is null ? (byte)0 : (byte)1;
        BinaryPrimitives.WriteInt64LittleEndian(bytes[1..], number ?? 0);
        hash.AppendData(bytes);
    }
}
