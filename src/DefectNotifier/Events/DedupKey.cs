using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace DefectNotifier.Events;

/// <summary>
/// Identifies a webhook, because Qase sends no delivery id. The key covers source, project code, event name, subject id, the second
/// in which the event happened, and the canonical payload. So a webhook that is sent twice has one key, two comments in one second have
/// two, and a forged event with another payload cannot take the key of the real one.
/// <para>
/// Canonical: member order, whitespace, string escapes and trailing zeros of a fraction (73.0) do not count. Of members with the same name
/// the last one counts, as for every reader of the payload. Otherwise numbers are compared as written, so no digit is rounded away.
/// </para>
/// <para>
/// A key starts with the second, so that keys of consecutive events are neighbours: an index over random keys writes one page per event.
/// </para>
/// </summary>
public static class DedupKey
{
    /// <summary>The length of every key in bytes: 4 of the time, then the first half of a SHA-256.</summary>
    public const int Length = TimeLength + HashLength;

    private const int TimeLength = 4;
    private const int HashLength = 16;
    private const int SecondsOfArrival = 600;

    // Enough for a typical webhook; the buffer grows to at most about twice the size of the body.
    private const int InitialCapacity = 1024;

    /// <summary>
    /// The key of a webhook. Without a timestamp, the ten minutes of its arrival stand in for the second: a resent request is recognized,
    /// and the same action repeated later is a new event.
    /// </summary>
    public static ReadOnlyMemory<byte> Of(DefectEvent defectEvent, DateTimeOffset receivedAt)
    {
        var occurred = defectEvent.OccurredAt?.ToUnixTimeSeconds();
        var second = occurred ?? (receivedAt.ToUnixTimeSeconds() / SecondsOfArrival * SecondsOfArrival);
        var stream = new MemoryStream(InitialCapacity);
        using var parts = new BinaryWriter(stream, Encoding.UTF8);
        Write(parts, defectEvent.Source);
        Write(parts, defectEvent.ProjectCode?.ToUpperInvariant());
        Write(parts, defectEvent.Name.ToLowerInvariant());
        Write(parts, defectEvent.SubjectId);
        Write(parts, second);
        parts.Write(occurred is null);
        Write(parts, defectEvent.Payload);
        return Key(second, stream);
    }

    /// <summary>
    /// The key of an event that the service itself makes. No webhook has the same key, because more parts follow its first text.
    /// </summary>
    /// <param name="text">What makes it different from every other event of that second.</param>
    /// <param name="at">When it was made.</param>
    public static ReadOnlyMemory<byte> OfNotice(string text, DateTimeOffset at)
    {
        var stream = new MemoryStream(InitialCapacity);
        using var parts = new BinaryWriter(stream, Encoding.UTF8);
        Write(parts, text);
        return Key(at.ToUnixTimeSeconds(), stream);
    }

    private static ReadOnlyMemory<byte> Key(long second, MemoryStream parts)
    {
        var key = new byte[TimeLength + SHA256.HashSizeInBytes];
        // The lower 32 bits are enough: here the time only orders the index.
        BinaryPrimitives.WriteUInt32BigEndian(key, unchecked((uint)second));
        SHA256.HashData(parts.GetBuffer().AsSpan(0, (int)parts.Length), key.AsSpan(TimeLength));
        return key.AsMemory(0, Length);
    }

    // The recursion is bounded: the parser accepts 64 levels.
    private static void Write(BinaryWriter parts, JsonElement value)
    {
        parts.Write((byte)value.ValueKind);
        switch (value.ValueKind)
        {
            case JsonValueKind.Object:
                var members = new SortedDictionary<string, JsonElement>(StringComparer.Ordinal);
                foreach (var member in value.EnumerateObject()) members[member.Name] = member.Value;
                parts.Write7BitEncodedInt(members.Count);
                foreach (var (name, member) in members)
                {
                    parts.Write(name);
                    Write(parts, member);
                }

                break;
            case JsonValueKind.Array:
                parts.Write7BitEncodedInt(value.GetArrayLength());
                foreach (var item in value.EnumerateArray()) Write(parts, item);
                break;
            case JsonValueKind.String:
                parts.Write(value.GetString()!);
                break;
            case JsonValueKind.Number:
                var number = JsonMarshal.GetRawUtf8Value(value);
                // With an exponent the number stays as written: shortening it would need arithmetic that can round.
                if (number.Contains((byte)'.') && number.IndexOfAny((byte)'e', (byte)'E') < 0)
                    number = number.TrimEnd((byte)'0').TrimEnd((byte)'.');
                parts.Write7BitEncodedInt(number.Length);
                parts.Write(number);
                break;
        }
    }

    // A text is written with its length, so that two different lists of parts never give the same bytes.
    private static void Write(BinaryWriter parts, string? text)
    {
        parts.Write(text is not null);
        if (text is not null) parts.Write(text);
    }

    private static void Write(BinaryWriter parts, long? number)
    {
        parts.Write(number is not null);
        if (number is not null) parts.Write(number.Value);
    }
}
