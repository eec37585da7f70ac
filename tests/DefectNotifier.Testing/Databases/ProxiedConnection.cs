using System.Net;
using System.Net.Sockets;
using System.Threading.Channels;

namespace DefectNotifier.Testing.Databases;

/// <summary>A client's connection through the proxy. The bytes of both sides are always read; the proxy says when they pass.</summary>
internal sealed class ProxiedConnection(DatabaseProxy proxy, Socket client)
{
    private readonly Socket _server = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
    private readonly CancellationTokenSource _aborted = new();
    private readonly CommitFinder _commits = new();
    private volatile bool _isCut;

    public async Task RunAsync(int serverPort)
    {
        client.NoDelay = true;
        try
        {
            await _server.ConnectAsync(IPAddress.Loopback, serverPort, _aborted.Token);
            await Task.WhenAll(
                ForwardAsync(client, _server, ForwardRequestAsync), ForwardAsync(_server, client, ForwardResponseAsync));
        }
        catch (Exception end) when (end is SocketException or ObjectDisposedException or OperationCanceledException)
        {
            // A side has disconnected, or the proxy has reset the connection.
        }
        finally
        {
            Abort();
        }
    }

    /// <summary>Resets the connections to both sides.</summary>
    public void Abort()
    {
        _aborted.Cancel();
        foreach (var socket in (Socket[])[client, _server]) socket.Close(0);
    }

    private Task ForwardAsync(Socket from, Socket to, Func<byte[], Task> forwardAsync)
    {
        var chunks = Channel.CreateUnbounded<(byte[] Bytes, long Received)>();
        return Task.WhenAll(AbortingAsync(ReadAsync(from, chunks)), AbortingAsync(WriteAsync(chunks, to, forwardAsync)));
    }

    // What ends one of the four loops by a fault ends the connection, also while bytes are held back.
    private async Task AbortingAsync(Task loop)
    {
        try
        {
            await loop;
        }
        catch
        {
            Abort();
            throw;
        }
    }

    private async Task ReadAsync(Socket from, ChannelWriter<(byte[] Bytes, long Received)> chunks)
    {
        var buffer = new byte[65_536];
        while (await from.ReceiveAsync(buffer, _aborted.Token) is var count and > 0)
            chunks.TryWrite((buffer[..count], TimeProvider.System.GetTimestamp()));
        chunks.Complete();
    }

    private async Task WriteAsync(ChannelReader<(byte[] Bytes, long Received)> chunks, Socket to, Func<byte[], Task> forwardAsync)
    {
        await foreach (var (bytes, received) in chunks.ReadAllAsync(_aborted.Token))
        {
            await proxy.HoldAsync(received, _aborted.Token);
            await forwardAsync(bytes);
        }

        to.Shutdown(SocketShutdown.Send);
    }

    private async Task ForwardRequestAsync(byte[] bytes)
    {
        // Before the server gets the COMMIT, so that its response can't pass.
        if (proxy.MustCut(_commits.CountCommits(bytes))) _isCut = true;
        await SendAsync(_server, bytes);
    }

    private async Task ForwardResponseAsync(byte[] bytes)
    {
        var hasOutcome = _commits.HasOutcome(bytes);
        if (!_isCut)
        {
            await SendAsync(client, bytes);
        }
        else if (hasOutcome)
        {
            proxy.CountCut();
            Abort();
        }
    }

    private async Task SendAsync(Socket to, byte[] bytes)
    {
        for (ReadOnlyMemory<byte> rest = bytes; rest.Length > 0; rest = rest[await to.SendAsync(rest, _aborted.Token)..])
        {
        }
    }
}
