using System.Buffers.Binary;
using System.Net.Sockets;
using System.Text;

namespace DefectNotifier.Tests.Postgres;

/// <summary>
/// A client of PostgreSQL that stops within a transaction. It speaks the protocol itself, because a library sends statements only as a
/// whole. https://www.postgresql.org/docs/current/protocol-message-formats.html
/// </summary>
internal sealed class StoppedClient : IDisposable
{
    private const int Protocol = 3 << 16;

    private readonly TcpClient _client = new();
    private NetworkStream _stream = null!;

    private StoppedClient() { }

    /// <summary>The id of the server's process for this client.</summary>
    public int ServerProcess { get; private set; }

    /// <param name="port">The port of the server on this machine, which asks for no password.</param>
    /// <param name="statements">What is sent.</param>
    /// <param name="isMidway">
    /// True: it stops within a message, and the server waits for the rest. False: it stops after the last statement, and the server waits
    /// for the next one.
    /// </param>
    public static async Task<StoppedClient> StartAsync(int port, IEnumerable<string> statements, bool isMidway)
    {
        var client = new StoppedClient();
        await client._client.ConnectAsync("127.0.0.1", port, TestContext.Current.CancellationToken);
        client._stream = client._client.GetStream();
        await client.SendAsync(type: null, [.. Number(Protocol), .. Text("user"), .. Text("postgres"), 0]);
        while (await client.ReadAsync() is var (type, body) && type != 'Z')
            if (type == 'K') client.ServerProcess = BinaryPrimitives.ReadInt32BigEndian(body);
        foreach (var statement in statements)
        {
            await client.SendAsync('P', [0, .. Text(statement), 0, 0]);
            await client.SendAsync('B', [0, 0, 0, 0, 0, 0, 0, 0]);
            await client.SendAsync('E', [0, .. Number(0)]);
        }

        await client.SendAsync('S', [], length: isMidway ? 1 : 5);
        return client;
    }

    public void Dispose() => _client.Dispose();

    private async Task SendAsync(char? type, byte[] body, int length = int.MaxValue)
    {
        byte[] message = [.. Number(body.Length + 4), .. body];
        if (type is { } letter) message = [(byte)letter, .. message];
        await _stream.WriteAsync(message.AsMemory(0, Math.Min(length, message.Length)), TestContext.Current.CancellationToken);
    }

    private async Task<(char Type, byte[] Body)> ReadAsync()
    {
        var head = new byte[5];
        await _stream.ReadExactlyAsync(head, TestContext.Current.CancellationToken);
        var body = new byte[BinaryPrimitives.ReadInt32BigEndian(head.AsSpan(1)) - 4];
        await _stream.ReadExactlyAsync(body, TestContext.Current.CancellationToken);
        return ((char)head[0], body);
    }

    private static byte[] Text(string text) => [.. Encoding.ASCII.GetBytes(text), 0];

    private static byte[] Number(int number)
    {
        var bytes = new byte[4];
        BinaryPrimitives.WriteInt32BigEndian(bytes, number);
        return bytes;
    }
}
