using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;

namespace DefectNotifier.Worker.Http;

/// <summary>
/// The open connections of one listener. At the limit, the one that has been idle for the longest time is closed, so that idle connections
/// cannot keep others out. There is no limit per address, because all requests may come through one proxy.
/// </summary>
/// <param name="limit">How many connections may be open.</param>
/// <param name="time">The clock.</param>
/// <param name="onFullChanged">Called with true each time the limit is reached, and with false when there is room again.</param>
internal sealed class ConnectionLimit(int limit, TimeProvider time, Action<bool> onFullChanged)
{
    /// <summary>Time limit for the first request. A later one may take longer: proxies keep connections open for minutes.</summary>
    private static readonly TimeSpan FirstRequestTimeout = TimeSpan.FromSeconds(15);

    private readonly Lock _lock = new();

    // The first one has been idle for the longest time.
    private readonly LinkedList<OpenConnection> _idle = [];
    private int _open;

    /// <summary>Runs a new connection until it ends.</summary>
    public async Task RunAsync(ConnectionContext transport, ConnectionDelegate next)
    {
        var connection = new OpenConnection(transport);
        var isAdded = TryAdd(connection, out var replaced);
        if (!isAdded || replaced is not null) onFullChanged(true);
        replaced?.Transport.Abort();
        if (!isAdded)
        {
            transport.Abort();
            return;
        }

        transport.Items[this] = connection;
        try
        {
            await using var timeout = time.CreateTimer(_ => AbortUnused(connection), null, FirstRequestTimeout, Timeout.InfiniteTimeSpan);
            await next(transport);
        }
        finally
        {
            if (Remove(connection)) onFullChanged(false);
        }
    }

    /// <summary>True for a request on one of these connections.</summary>
    public bool Has(HttpContext context) => Find(context) is not null;

    /// <summary>Handles a request. Its connection is not idle during this time.</summary>
    public Task HandleAsync(HttpContext context, RequestDelegate next) =>
        Find(context) is { } connection ? HandleAsync(connection, context, next) : next(context);

    private async Task HandleAsync(OpenConnection connection, HttpContext context, RequestDelegate next)
    {
        lock (_lock)
        {
            connection.IsUsed = true;
            connection.LeaveIdle();
        }

        try
        {
            await next(context);
        }
        finally
        {
            lock (_lock)
                if (!connection.IsReplaced) _idle.AddLast(connection.Node);
        }
    }

    private OpenConnection? Find(HttpContext context) =>
        context.Features.Get<IConnectionItemsFeature>()?.Items.TryGetValue(this, out var item) is true ? (OpenConnection)item! : null;

    private bool TryAdd(OpenConnection connection, out OpenConnection? replaced)
    {
        lock (_lock)
        {
            replaced = _open < limit ? null : _idle.First?.Value;
            if (replaced is not null)
            {
                // The new connection takes its place.
                replaced.IsReplaced = true;
                replaced.LeaveIdle();
            }
            else if (_open < limit)
            {
                _open++;
            }
            else
            {
                return false;
            }

            _idle.AddLast(connection.Node);
            return true;
        }
    }

    private void AbortUnused(OpenConnection connection)
    {
        lock (_lock)
            if (connection.IsUsed) return;
        connection.Transport.Abort();
    }

    // True when a quarter of the places is free.
    private bool Remove(OpenConnection connection)
    {
        lock (_lock)
        {
            connection.LeaveIdle();
            if (!connection.IsReplaced) _open--;
            // A request that still runs must not make it idle again.
            connection.IsReplaced = true;
            return _open <= limit * 3 / 4;
        }
    }

    private sealed class OpenConnection
    {
        public OpenConnection(ConnectionContext transport)
        {
            Transport = transport;
            Node = new LinkedListNode<OpenConnection>(this);
        }

        public ConnectionContext Transport { get; }

        /// <summary>In the list of idle connections, or in none.</summary>
        public LinkedListNode<OpenConnection> Node { get; }

        /// <summary>True once it has sent a request.</summary>
        public bool IsUsed { get; set; }

        /// <summary>True when its place was given to another connection, or it has ended.</summary>
        public bool IsReplaced { get; set; }

        public void LeaveIdle() => Node.List?.Remove(Node);
    }
}
