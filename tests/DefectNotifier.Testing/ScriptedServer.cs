using System.Collections.Concurrent;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;

namespace DefectNotifier.Testing;

/// <summary>
/// A server on loopback that speaks raw bytes, to make errors that a real HTTP server refuses to make. Each connection runs the next script; the
/// last script runs for all that follow. A connection is closed when its script ends.
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

    /// <param name="certificate">With it the server speaks TLS.</param>
    /// <param name="scripts">What happens on each connection.</param>
    public ScriptedServer(X509Certificate2? certificate, params Func<ScriptedConnection, Task>[] scripts)
        : this([certificate], scripts)
    {
    }

    /// <param name="certificates">For each connection the next one, the last one for all that follow; null where the script speaks before any TLS.</param>
    /// <param name="scripts">What happens on each connection.</param>
    public ScriptedServer(IReadOnlyList<X509Certificate2?> certificates, params Func<ScriptedConnection, Task>[] scripts)
    {
        _certificates = certificates;
        _scripts = scripts;
        _listener.Start();
        _accepting = AcceptAsync();
    }

    /// <summary>The requests that were read, in order.</summary>
    public IReadOnlyList<ScriptedRequest> Requests => [.. _requests];

    public Uri Address => new($"{(_certificates.Any(certificate => certificate is not null) ? "https" : "http")}://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}/");

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
            // The client left, or the test is over.
        }
    }

    private static T At<T>(IReadOnlyList<T> turns, int index) => turns[Math.Min(index, turns.Count - 1)];

    private static bool IsEnd(Exception end) =>
        end is OperationCanceledException or IOException or SocketException or ObjectDisposedException or AuthenticationException;
}
