using System.Net;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace DefectNotifier.Worker.Http;

/// <summary>
/// One of the two addresses that the service listens on. Requests are assigned by their connection, because a sender controls the Host
/// header.
/// </summary>
/// <param name="name">For the log: <c>Ingress</c> or <c>Operations</c>.</param>
/// <param name="url">The configured address.</param>
/// <param name="maxConnections">How many connections may be open.</param>
/// <param name="time">The clock.</param>
internal sealed partial class Listener(string name, Uri url, int maxConnections, TimeProvider time)
{
    /// <summary>How long a reached limit is reported, and the least time between two lines in the log.</summary>
    private static readonly TimeSpan ReportFor = TimeSpan.FromMinutes(1);

    private ListenOptions? _options;
    private ILogger? _logger;
    private ConnectionLimit _connections = null!;
    private long _fullAt;

    /// <summary>The address in use: after the start, port 0 is replaced by the port that was assigned.</summary>
    public Uri Url => _options?.IPEndPoint is { } end ? new UriBuilder(url) { Port = end.Port }.Uri : url;

    /// <summary>True when the limit of connections was reached within the last minute.</summary>
    public bool IsFull => Interlocked.Read(ref _fullAt) is not 0 and var at && time.GetElapsedTime(at) < ReportFor;

    public void Open(KestrelServerOptions server)
    {
        _logger = server.ApplicationServices.GetRequiredService<ILogger<Listener>>();
        _connections = new ConnectionLimit(maxConnections, time, ReportFull);
        server.Listen(EndPointOf(url), options =>
        {
            _options = options;
            options.Use(next => connection => _connections.RunAsync(connection, next));
        });
    }

    /// <summary>True for a request that arrived here.</summary>
    public bool Has(HttpContext context) => _connections.Has(context);

    /// <summary>Middleware that tells the limit of connections which of them are in use.</summary>
    public Task HandleAsync(HttpContext context, RequestDelegate next) => _connections.HandleAsync(context, next);

    private void ReportFull()
    {
        if (IsFull) return;
        Interlocked.Exchange(ref _fullAt, time.GetTimestamp());
        Log.Full(_logger!, name, Url, maxConnections);
    }

    private static IPEndPoint EndPointOf(Uri url) =>
        new(url.Host == "localhost" ? IPAddress.Loopback : IPAddress.Parse(url.Host.Trim('[', ']')), url.Port);

    private static partial class Log
    {
        [LoggerMessage(
            4,
            LogLevel.Warning,
            "{Listener}: all {Limit} connections to {Url} are open. For each new one, the connection that has been idle for the longest "
            + "time is closed; without an idle one, the new one is refused. Check who opens so many.")]
        public static partial void Full(ILogger logger, string listener, Uri url, int limit);
    }
}

/// <summary>The listener for Qase's webhooks and the one for operators.</summary>
internal sealed record Listeners(Listener Ingress, Listener Operations);
