using System.Net;
using System.Net.Sockets;

namespace DefectNotifier.FunctionalTests.Harness;

/// <summary>
/// Ports for servers that must come back at the same address. Below the range that the kernel hands out by itself: a port from that range can be
/// taken by an outgoing connection while nobody listens, and a client that connects to it can even meet itself.
/// </summary>
internal static class FreePort
{
    private const int First = 20_000;
    private const int Count = 10_000;

    // Another run of the tests on this machine starts elsewhere.
    private static int _last = Random.Shared.Next(Count);

    public static int Next()
    {
        while (true)
        {
            var port = First + (Interlocked.Increment(ref _last) % Count);
            try
            {
                using var probe = new TcpListener(IPAddress.Loopback, port);
                probe.Start();
                return port;
            }
            catch (SocketException)
            {
                // Taken; the next one then.
            }
        }
    }
}
