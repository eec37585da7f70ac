using System.Net;
using System.Net.Sockets;
using Npgsql;

namespace DefectNotifier.Testing.Databases;

/// <summary>
/// A TCP proxy between clients and a server, whose behaviour is switched while they run. Each switch replaces the one before it.
/// A new connection whose server can't be reached is reset.
/// </summary>
public sealed class DatabaseProxy : IAsyncDisposable
{
    private readonly Lock _lock = new();
    private readonly HashSet<ProxiedConnection> _connections = [];
    private readonly List<Task> _tasks = [];
    private TcpListener? _listener;
    private Behaviour _behaviour = new(TimeSpan.Zero);
    private int _commitsUntilCut;
    private int _cuts;

    /// <param name="serverPort">The port of the server, on 127.0.0.1.</param>
    public DatabaseProxy(int serverPort)
    {
        ServerPort = serverPort;
        Pass();
    }

    /// <summary>The server of the next connections; another one after a standby was promoted.</summary>
    public int ServerPort { get; set; }

    public int Port { get; } = FreePort.Next();

    /// <summary>How many connections <see cref="CutAfterCommit"/> has cut.</summary>
    public int Cuts => Volatile.Read(ref _cuts);

    /// <summary>The connection string of a server with this proxy in front of it.</summary>
    public string ConnectionString(string ofServer) =>
        new NpgsqlConnectionStringBuilder(ofServer) { Host = "127.0.0.1", Port = Port }.ConnectionString;

    /// <summary>Forwards everything. What was held back arrives now.</summary>
    public void Pass() => Behave(TimeSpan.Zero);

    /// <summary>
    /// Accepts connections and bytes, and forwards nothing in either direction, like a network that loses all packets. As TCP sends them
    /// again until the network is back, the bytes arrive after <see cref="Pass"/>; after <see cref="Reset"/> they are lost.
    /// </summary>
    public void Swallow() => Behave(Timeout.InfiniteTimeSpan);

    /// <summary>Forwards all bytes after this time, in either direction.</summary>
    public void Delay(TimeSpan time) => Behave(time);

    /// <summary>
    /// Passes until the n-th COMMIT from now, of all connections (1: the next one). The COMMIT is forwarded; the connection is reset when
    /// the server has answered to it, and neither this response nor any later byte reaches the client. The other connections, and later
    /// ones, pass. What a COMMIT is: <see cref="CommitFinder"/>.
    /// </summary>
    public void CutAfterCommit(int n)
    {
        Behave(TimeSpan.Zero);
        Volatile.Write(ref _commitsUntilCut, n);
    }

    /// <summary>Resets (RST) all connections and refuses new ones.</summary>
    public void Reset()
    {
        lock (_lock)
        {
            _listener?.Dispose();
            _listener = null;
            // A copy: an aborted connection removes itself.
            foreach (var connection in _connections.ToArray()) connection.Abort();
        }
    }

    public async ValueTask DisposeAsync()
    {
        Reset();
        await Task.WhenAll(_tasks);
    }

    /// <summary>Waits until bytes that were received then are forwarded.</summary>
    internal async Task HoldAsync(long received, CancellationToken stop)
    {
        while (true)
        {
            stop.ThrowIfCancellationRequested();
            var behaviour = Volatile.Read(ref _behaviour);
            var rest = behaviour.Delay - TimeProvider.System.GetElapsedTime(received);
            if (behaviour.Delay == Timeout.InfiniteTimeSpan) rest = behaviour.Delay;
            else if (rest <= TimeSpan.Zero) return;
            await Task.WhenAny(behaviour.Ended.Task, Task.Delay(rest, TimeProvider.System, stop));
        }
    }

    /// <summary>True when the connection that commits so often now must be cut.</summary>
    internal bool MustCut(int commits)
    {
        if (commits == 0 || Volatile.Read(ref _commitsUntilCut) <= 0) return false;
        var left = Interlocked.Add(ref _commitsUntilCut, -commits);
        return left <= 0 && left + commits > 0;
    }

    internal void CountCut() => Interlocked.Increment(ref _cuts);

    private void Behave(TimeSpan delay)
    {
        lock (_lock)
        {
            Volatile.Write(ref _commitsUntilCut, 0);
            var before = _behaviour;
            Volatile.Write(ref _behaviour, new Behaviour(delay));
            before.Ended.SetResult();
            if (_listener is not null) return;
            _listener = new TcpListener(IPAddress.Loopback, Port);
            _listener.Start();
            _tasks.Add(AcceptAsync(_listener));
        }
    }

    private async Task AcceptAsync(TcpListener listener)
    {
        try
        {
            while (true) Serve(listener, await listener.AcceptSocketAsync());
        }
        catch (Exception end) when (end is SocketException or ObjectDisposedException)
        {
            // Reset.
        }
    }

    private void Serve(TcpListener listener, Socket client)
    {
        var connection = new ProxiedConnection(this, client);
        lock (_lock)
        {
            if (listener != _listener)
            {
                connection.Abort();
                return;
            }

            _connections.Add(connection);
            _tasks.Add(RunAsync(connection));
        }
    }

    private async Task RunAsync(ProxiedConnection connection)
    {
        try
        {
            await connection.RunAsync(ServerPort);
        }
        finally
        {
            lock (_lock) _connections.Remove(connection);
        }
    }

    /// <summary>What holds until the next switch.</summary>
    /// <param name="Delay">The age at which bytes are forwarded; infinite: they are held back.</param>
    private sealed record Behaviour(TimeSpan Delay)
    {
        public TaskCompletionSource Ended { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
