using System.Net;
using DefectNotifier.Outbox;

namespace DefectNotifier.Worker.Operations;

/// <summary>Stands before every operations endpoint.</summary>
internal static class OperationsGuard
{
    public static async Task InvokeAsync(HttpContext context, RequestDelegate next)
    {
        // A page in a browser on this machine could rebind its own name to loopback and read the history; it can't choose this header.
        if (context.Connection.LocalIpAddress is { } address && IPAddress.IsLoopback(address) && !IsLoopbackName(context.Request.Host.Host))
        {
            await Problems.WriteAsync(
                context.Response, StatusCodes.Status421MisdirectedRequest, "wrong-host", "Operations on loopback are asked by a loopback name: localhost, 127.0.0.1 or [::1].");
            return;
        }

        try
        {
            await next(context);
        }
        catch (OutboxUnavailableException fault) when (!context.Response.HasStarted)
        {
            await Problems.WriteAsync(context.Response, StatusCodes.Status503ServiceUnavailable, "store-unavailable", $"The store can't be read: {fault.Message}.");
        }
    }

    private static bool IsLoopbackName(string host) =>
        string.Equals(host, "localhost", StringComparison.OrdinalIgnoreCase) || (IPAddress.TryParse(host.Trim('[', ']'), out var address) && IPAddress.IsLoopback(address));
}
