using System.Net;
using System.Net.Sockets;
using DefectNotifier.Telemetry;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace DefectNotifier.Worker.Http;

/// <summary>
/// One of the two addresses that the service listens on. Requests are assigned by their connection, because a sender controls the Host
/// header.
/// </summary>
/// <param name="name">Its name in the health report: its section of the settings in lower case.</param>
/// <param name="url">The configured address.</param>
/// <param name="maxConnections">How many connections may be open.</param>
/// <param name="time">The clock.</param>
internal sealed class Listener(string name, Uri url, int maxConnections, TimeProvider time)
{
    private ListenOptions? _options;
    private ConnectionLimit _connections = null!;

    /// <summary>The address in use: after the start, port 0 is replaced by the port that was assigned.</summary>
    public Uri Url => _options?.IPEndPoint is { } end ? new UriBuilder(url) { Port = end.Port }.Uri : url;

    public void Open(KestrelServerOptions server)
    {
        var health = server.ApplicationServices.GetRequiredService<ServiceHealth>();
        _connections = new ConnectionLimit(maxConnections, time, isFull =>
        {
            if (isFull) health.Fails(HealthPart.Connections, $"all {maxConnections} connections are open", name);
            else health.Works(HealthPart.Connections, name);
        });
        server.Listen(EndPointOf(url), options =>
        {
            _options = options;
            options.Use(next => connection => _connections.RunAsync(connection, next));
        });
    }

    /// <summary>
    /// Why it is not possible to listen at this address now; null: it is. Kestrel's error names only some addresses, and never the setting.
    /// </summary>
    public ListenException? Refusal => ErrorAt(url) is { } error
        ? new ListenException($"it can't listen at {url} ({char.ToUpperInvariant(name[0])}{name[1..]}:Url): {error.Message}. "
            + (error.SocketErrorCode == SocketError.AddressAlreadyInUse
                ? "End the other program that uses the port, or set another port."
                : "Set an address of this machine, with a port that this user may use."))
        : null;

    /// <summary>The error of listening at an address now; null: it is possible.</summary>
    public static SocketException? ErrorAt(Uri url)
    {
        using var probe = new TcpListener(EndPointOf(url));
        try
        {
            probe.Start();
            return null;
        }
        catch (SocketException error)
        {
            return error;
        }
    }

    /// <summary>True for a request that arrived here.</summary>
    public bool Has(HttpContext context) => _connections.Has(context);

    /// <summary>Middleware that reports to the connection limit which connections are in use.</summary>
    public Task HandleAsync(HttpContext context, RequestDelegate next) => _connections.HandleAsync(context, next);

    private static IPEndPoint EndPointOf(Uri url) =>
        new(url.Host == "localhost" ? IPAddress.Loopback : IPAddress.Parse(url.Host.Trim('[', ']')), url.Port);
}

/// <summary>The listener for Qase's webhooks and the one for operators.</summary>
internal sealed record Listeners(Listener Ingress, Listener Operations);

/// <summary>An address can't be listened at. The message is the end of a sentence.</summary>
internal sealed class ListenException(string message) : IOException(message);
