using System.Net.Sockets;
using DefectNotifier.Worker.Http;

namespace DefectNotifier.Worker.Hosting;

/// <summary>Starts the composed service.</summary>
internal static class ServiceStart
{
    /// <exception cref="ListenException">It can't listen at one of its addresses.</exception>
    public static async Task RunAsync(WebApplication host, CancellationToken stop)
    {
        try
        {
            await host.StartAsync(stop);
        }
        catch (Exception error)
        {
            // Services that have started must end before the outbox is closed, or they report that it does not work.
            await host.StopAsync(CancellationToken.None);
            var listeners = host.Services.GetRequiredService<Listeners>();
            if (error is IOException or SocketException && (listeners.Ingress.Refusal ?? listeners.Operations.Refusal) is { } refusal)
                throw refusal;
            throw;
        }
    }
}
