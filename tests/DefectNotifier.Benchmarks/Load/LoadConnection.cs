using System.Net.Sockets;
using System.Text;

namespace DefectNotifier.Benchmarks.Load;

/// <summary>
/// A persistent connection with one request at a time. The request is built once and only its numbers change, so that the sender costs a
/// fraction of what it measures.
/// </summary>
internal sealed class LoadConnection : IDisposable
{
    private const int AnyDefect = 100_000_000;

    private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
    private readonly byte[] _response = new byte[8192];
    private readonly byte[] _request;
    private readonly int _defectAt;
    private readonly int _projectAt;

    public LoadConnection(Uri ingress)
    {
        var body = Webhooks.Body(AnyDefect, Webhooks.Project(0));
        _request = Encoding.ASCII.GetBytes(
            $"POST {ingress.AbsolutePath} HTTP/1.1\r\nHost: {ingress.Authority}\r\nContent-Type: application/json\r\n"
            + $"Content-Length: {body.Length}\r\n\r\n{body}");
        _defectAt = _request.AsSpan().IndexOf(Encoding.ASCII.GetBytes($"{AnyDefect}"));
        _projectAt = _request.AsSpan().IndexOf(Encoding.ASCII.GetBytes(Webhooks.Project(0)));
    }

    public async Task ConnectAsync(Uri ingress) => await _socket.ConnectAsync(ingress.Host, ingress.Port);

    /// <summary>Sends a new defect (from 100,000,000) of a destination's project and returns the status.</summary>
    public async ValueTask<int> SendAsync(int defect, int destination)
    {
        defect.TryFormat(_request.AsSpan(_defectAt), out _);
        destination.TryFormat(_request.AsSpan(_projectAt + 1), out _, "0000");
        await _socket.SendAsync(_request);
        var length = 0;
        do
        {
            var read = await _socket.ReceiveAsync(_response.AsMemory(length));
            if (read == 0) throw new IOException("The connection was closed.");
            length += read;
        }
        while (!IsWhole(_response.AsSpan(0, length)));
        return Numbers.After(_response.AsSpan(0, length), "HTTP/1.1 "u8);
    }

    public void Dispose() => _socket.Dispose();

    private static bool IsWhole(ReadOnlySpan<byte> response)
    {
        var head = response.IndexOf("\r\n\r\n"u8);
        if (head < 0) return false;
        // Without a length the body is chunked; the last chunk is empty.
        var length = Numbers.After(response[..head], "Content-Length: "u8);
        return length < 0 ? response.EndsWith("\r\n0\r\n\r\n"u8) : response.Length >= head + 4 + length;
    }
}
