using System.Net.Sockets;

namespace DefectNotifier.FunctionalTests.Harness;

/// <summary>Connections that stay open until this is disposed.</summary>
internal sealed class OpenConnections : IDisposable
{
    private readonly List<TcpClient> _open = [];

    public void Add(TcpClient connection) => _open.Add(connection);

    public async Task OpenAsync(Uri address, int count)
    {
        for (var number = 0; number < count; number++)
        {
            var connection = new TcpClient();
            _open.Add(connection);
            await connection.ConnectAsync(address.Host, address.Port, TestContext.Current.CancellationToken);
        }
    }

    /// <summary>Begins requests and leaves them open. Ends early when the process does.</summary>
    public async Task HoldAsync(IngressClient ingress, int count, int contentLength)
    {
        try
        {
            for (var number = 0; number < count; number++) Add(await ingress.BeginPostAsync(contentLength));
        }
        catch (Exception error) when (error is SocketException or IOException)
        {
            // The process has ended.
        }
    }

    public void Dispose()
    {
        foreach (var connection in _open) connection.Dispose();
    }
}
