using System.Globalization;
using System.Net.Sockets;
using System.Text;

namespace DefectNotifier.Testing;

/// <summary>One connection, for a script.</summary>
public sealed class ScriptedConnection(Socket socket, Stream stream, Action<ScriptedRequest> record, CancellationToken stopped)
{
    /// <summary>Cancelled when the server is disposed.</summary>
    public CancellationToken Stopped => stopped;

    public async Task ReadByteAsync() => await stream.ReadExactlyAsync(new byte[1], stopped);

    /// <summary>Reads and records one request. A body needs a Content-Length.</summary>
    public async Task<ScriptedRequest> ReadRequestAsync()
    {
        var bytes = new List<byte>();
        var one = new byte[1];
        while (!EndsHead(bytes))
        {
            await stream.ReadExactlyAsync(one, stopped);
            bytes.Add(one[0]);
        }

        var head = Encoding.Latin1.GetString([.. bytes]);
        var header = head.Split("\r\n")
            .FirstOrDefault(line => line.StartsWith("Content-Length:", StringComparison.OrdinalIgnoreCase), "Content-Length:0");
        var body = new byte[int.Parse(header.Split(':')[1], CultureInfo.InvariantCulture)];
        await stream.ReadExactlyAsync(body, stopped);
        var request = new ScriptedRequest(head, Encoding.UTF8.GetString(body));
        record(request);
        return request;
    }

    public async Task WriteAsync(string text)
    {
        await stream.WriteAsync(Encoding.UTF8.GetBytes(text), stopped);
        await stream.FlushAsync(stopped);
    }

    /// <summary>Resets the connection, like a crashed process.</summary>
    public void Reset() => socket.Close(0);

    private static bool EndsHead(List<byte> bytes) =>
        bytes.Count >= 4 && bytes[^4] == '\r' && bytes[^3] == '\n' && bytes[^2] == '\r' && bytes[^1] == '\n';
}
