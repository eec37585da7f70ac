using System.Net;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace DefectNotifier.Worker.Http;

/// <summary>
/// One of the two addresses that the service listens on. Requests are assigned by their connection, because a sender controls the Host
/// header.
/// </summary>
internal sealed class Listener(Uri url)
{
    private ListenOptions? _options;

    /// <summary>The address in use: after the start, port 0 is replaced by the port that was assigned.</summary>
    public Uri Url => _options?.IPEndPoint is { } end ? new UriBuilder(url) { Port = end.Port }.Uri : url;

    public void Open(KestrelServerOptions server)
    {
        server.Listen(EndPointOf(url), options =>
        {
            _options = options;
            options.Use(next => connection =>
            {
                connection.Items[typeof(Listener)] = this;
                return next(connection);
            });
        });
    }

    public bool Has(HttpContext context) =>
        context.Features.Get<IConnectionItemsFeature>()?.Items.TryGetValue(typeof(Listener), out var listener) == true
        && ReferenceEquals(listener, this);

    private static IPEndPoint EndPointOf(Uri url) =>
        new(url.Host == "localhost" ? IPAddress.Loopback : IPAddress.Parse(url.Host.Trim('[', ']')), url.Port);
}

/// <summary>The listener for Qase's webhooks and the one for operators.</summary>
internal sealed record Listeners(Listener Ingress, Listener Operations);
