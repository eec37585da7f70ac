using System.Net;
using System.Net.Sockets;

namespace DefectNotifier.Testing;

/// <summary>
/// Ports for servers that must come back at the same address. They are below the range of ephemeral ports: the kernel could give a port of
/// that range to an outgoing connection while the server is down, and a client that connects to it could even connect to itself.
/// </summary>
public static class FreePort
{
    private const int First = 20_000;
    private const int Count = 10_000;

    // Random, because other test runs on this machine use the same range.
    private static int _last = Random.Shared.Next(Count);

    public static int Next()
    {
        while (true)
        {
            var port = First + (Interlocked.Increment(ref _last) % Count);
            if (IsFree(port)) return port;
        }
    }

    public static bool IsFree(int port)
    {
        try
        {
            using var probe = new TcpListener(IPAddress.Loopback, port);
            probe.Start();
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
