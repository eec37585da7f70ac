using System.Net;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace DefectNotifier.Worker;

/// <summary>
/// One of the two doors. A request is told by the connection that it came over, never by its Host header, which a sender may write as it likes.
/// </summary>
internal sealed class Listener(Uri url)
{
    private ListenOptions? _options;

    /// <summary>Where it really listens, once the server has started: port 0 has become a real one.</summary>
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
        context.Features.Get<IConnectionItemsFeature>()?.Items.TryGetValue(typeof(Listener), out var listener) == true && ReferenceEquals(listener, this);

    private static IPEndPoint EndPointOf(Uri url) =>
        new(url.Host == "localhost" ? IPAddress.Loopback : IPAddress.Parse(url.Host.Trim('[', ']')), url.Port);
}
