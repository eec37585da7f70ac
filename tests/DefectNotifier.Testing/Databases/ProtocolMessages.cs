using System.Buffers.Binary;

namespace DefectNotifier.Testing.Databases;

/// <summary>One message of PostgreSQL's protocol.</summary>
/// <param name="Type">Its first byte; 0: the client's messages before the first one with a type.</param>
/// <param name="Body">What follows its length.</param>
internal readonly record struct ProtocolMessage(char Type, byte[] Body);

/// <summary>Splits what one side of a connection without TLS sends into messages of PostgreSQL's protocol 3.</summary>
internal sealed class ProtocolMessages(bool isFromClient)
{
    // The first half of the codes with which a client asks for TLS or GSS encryption, in place of a protocol version.
    private const short Negotiation = 1234;

    private byte[] _rest = [];

    // A client's message has a type after the startup message. The server first refuses encryption, by one byte for each request.
    private bool _isStarted;

    /// <summary>The messages that these bytes complete.</summary>
    public IReadOnlyList<ProtocolMessage> Add(ReadOnlySpan<byte> bytes)
    {
        _rest = [.. _rest, .. bytes];
        var (messages, at) = (new List<ProtocolMessage>(), 0);
        while (Next(_rest.AsSpan(at)) is (var length and > 0, var message))
        {
            if (message is { } complete) messages.Add(complete);
            at += length;
        }

        _rest = _rest[at..];
        return messages;
    }

    // The length is 0 when the rest holds no complete message.
    private (int Length, ProtocolMessage? Message) Next(ReadOnlySpan<byte> rest)
    {
        if (!_isStarted && !isFromClient && rest is [(byte)'N', ..]) return (1, null);
        var type = _isStarted || !isFromClient ? 1 : 0;
        if (rest.Length < type + sizeof(int)) return (0, null);
        var length = BinaryPrimitives.ReadInt32BigEndian(rest[type..]);
        if (length < sizeof(int)) throw new InvalidDataException("This is not PostgreSQL's protocol 3 without TLS.");
        if (rest.Length < type + length) return (0, null);
        var body = rest[(type + sizeof(int))..(type + length)].ToArray();
        if (!_isStarted) _isStarted = !isFromClient || BinaryPrimitives.ReadInt16BigEndian(body) != Negotiation;
        return (type + length, new ProtocolMessage(type == 0 ? '\0' : (char)rest[0], body));
    }
}
