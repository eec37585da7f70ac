using System.Net;
using DefectNotifier.Telemetry;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace DefectNotifier.Worker.Http;

/// <summary>
/// One of the two addresses that the service listens on. Requests are assigned by their connection, because a sender controls the Host
/// header.
/// </summary>
/// <param name="name">Its name in the health report.</param>
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

    /// <summary>True for a request that arrived here.</summary>
    public bool Has(HttpContext context) => _connections.Has(context);

    /// <summary>Middleware that reports to the connection limit which connections are in use.</summary>
    public Task HandleAsync(HttpContext context, RequestDelegate next) => _connections.HandleAsync(context, next);

    private static IPEndPoint EndPointOf(Uri url) =>
        new(url.Host == "localhost" ? IPAddress.Loopback : IPAddress.Parse(url.Host.Trim('[', ']')), url.Port);
}

/// <summary>The listener for Qase's webhooks and the one for operators.</summary>
internal sealed record Listeners(Listener Ingress, Listener Operations);
