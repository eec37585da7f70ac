using System.Collections.Concurrent;
using System.Net.Sockets;
using System.Text;

namespace DefectNotifier.FunctionalTests.Harness;

/// <summary>The socket on which systemd receives the notices of a service.</summary>
internal sealed class NotifySocket : IDisposable
{
    private readonly Socket _socket = new(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);
    private readonly ConcurrentQueue<string> _received = new();
    private readonly Task _receiving;

    public NotifySocket(string path)
    {
        Path = path;
        _socket.Bind(new UnixDomainSocketEndPoint(path));
        _receiving = Task.Run(ReceiveAsync);
    }

    public string Path { get; }

    public IReadOnlyCollection<string> Received => _received;

    public void Dispose()
    {
        _socket.Dispose();
        _receiving.GetAwaiter().GetResult();
    }

    private async Task ReceiveAsync()
    {
        var buffer = new byte[1024];
        try
        {
            while (true) _received.Enqueue(Encoding.UTF8.GetString(buffer, 0, await _socket.ReceiveAsync(buffer)));
        }
        catch (Exception error) when (error is SocketException or ObjectDisposedException)
        {
            // Closed.
        }
    }
}
