using System.Collections.Concurrent;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;

namespace DefectNotifier.Testing;

/// <summary>
/// A loopback server that writes raw bytes, to produce errors that a real HTTP server cannot produce. Each connection runs the next script;
/// after the last one, the last one is repeated. A connection is closed when its script ends.
/// </summary>
public sealed class ScriptedServer : IAsyncDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly ConcurrentQueue<ScriptedRequest> _requests = new();
    private readonly ConcurrentBag<Task> _connections = [];
    private readonly Func<ScriptedConnection, Task>[] _scripts;
    private readonly IReadOnlyList<X509Certificate2?> _certificates;
    private readonly Task _accepting;

    public ScriptedServer(params Func<ScriptedConnection, Task>[] scripts)
        : this(certificate: null, scripts)
    {
    }

    /// <param name="certificate">The server's TLS certificate; null: no TLS.</param>
    /// <param name="scripts">The script of each connection.</param>
    public ScriptedServer(X509Certificate2? certificate, params Func<ScriptedConnection, Task>[] scripts)
        : this([certificate], scripts)
    {
    }

    /// <param name="certificates">One per connection, the last one repeated; null: no TLS on that connection.</param>
    /// <param name="scripts">The script of each connection.</param>
    public ScriptedServer(IReadOnlyList<X509Certificate2?> certificates, params Func<ScriptedConnection, Task>[] scripts)
    {
        _certificates = certificates;
        _scripts = scripts;
        _listener.Start();
        _accepting = AcceptAsync();
    }

    /// <summary>The received requests, in order.</summary>
    public IReadOnlyList<ScriptedRequest> Requests => [.. _requests];

    public Uri Address
    {
        get
        {
            var scheme = _certificates.Any(certificate => certificate is not null) ? "https" : "http";
            return new Uri($"{scheme}://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}/");
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _accepting;
        _listener.Stop();
        await Task.WhenAll(_connections);
        _listener.Dispose();
        _stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            for (var i = 0; ; i++)
                _connections.Add(ServeAsync(await _listener.AcceptSocketAsync(_stop.Token), At(_certificates, i), At(_scripts, i)));
        }
        catch (Exception end) when (IsEnd(end))
        {
        }
    }

    private async Task ServeAsync(Socket socket, X509Certificate2? certificate, Func<ScriptedConnection, Task> script)
    {
        try
        {
            await using Stream network = new NetworkStream(socket, ownsSocket: true);
            if (certificate is null)
            {
                await script(new ScriptedConnection(socket, network, _requests.Enqueue, _stop.Token));
                return;
            }

            await using var tls = new SslStream(network);
            await tls.AuthenticateAsServerAsync(new SslServerAuthenticationOptions { ServerCertificate = certificate }, _stop.Token);
            await script(new ScriptedConnection(socket, tls, _requests.Enqueue, _stop.Token));
        }
        catch (Exception end) when (IsEnd(end))
        {
            // The client disconnected or the test ended.
        }
    }

    private static T At<T>(IReadOnlyList<T> list, int index) => list[Math.Min(index, list.Count - 1)];

    private static bool IsEnd(Exception end) =>
        end is OperationCanceledException or IOException or SocketException or ObjectDisposedException or AuthenticationException;
}
