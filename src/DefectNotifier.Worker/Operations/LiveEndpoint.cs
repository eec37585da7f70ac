using System.Globalization;
using DefectNotifier.Outbox.Contract;
using DefectNotifier.Worker.Http;
using DefectNotifier.Worker.Operations.Access;
using DefectNotifier.Worker.Operations.Live;
using DefectNotifier.Worker.Settings;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Http.HttpResults;
using static Microsoft.AspNetCore.Http.StatusCodes;

namespace DefectNotifier.Worker.Operations;

/// <summary>The stream of changes for consoles.</summary>
internal static class LiveEndpoint
{
    public static void Map(WebApplication app) =>
        app.MapGet("/live", StreamAsync)
            .Needs(Permissions.Read)
            .WithSummary("What changes, as server-sent events: status, events, reset, configuration. Ends with the login.")
            .WithTags("Console")
            .Produces(Status200OK, contentType: "text/event-stream")
            .RejectsWith();

    private static async Task<Results<EmptyHttpResult, ProblemResult>> StreamAsync(
        HttpContext context,
        LiveHub hub,
        Func<NotifierSettings> settings,
        AccessCheck access,
        TimeProvider time,
        IHostApplicationLifetime lifetime)
    {
        var sent = context.Request.Headers["Last-Event-ID"];
        long? last = long.TryParse(sent, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
        var sender = settings().HasOperatorSecret() ? context.Operator() : null;
        var client = new LiveClient(sender, last, isResumed: sent.Count > 0, context.Abort);
        if (!hub.TryAdd(client))
        {
            return new ProblemResult(Problem.Of(
                Status503ServiceUnavailable,
                "too-many-streams",
                $"Too many consoles are open: at most {LiveHub.MaxClients}, and {LiveHub.MaxPerOperator} of one operator. Close one."));
        }

        // The host waits for open requests when it stops.
        using var end = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, lifetime.ApplicationStopping);
        try
        {
            await SendAsync(context, client.ReadAllAsync(time, end.Token), access, end.Token);
        }
        catch (OperationCanceledException) when (end.IsCancellationRequested)
        {
            // The client has disconnected, or the service stops.
        }
        catch (OutboxUnavailableException)
        {
            // The session can't be confirmed now. The browser connects again, and is then told so.
        }
        finally
        {
            hub.Remove(client);
        }

        return TypedResults.Empty;
    }

    private static async Task SendAsync(
        HttpContext context, IAsyncEnumerable<byte[]> frames, AccessCheck access, CancellationToken cancellationToken)
    {
        var response = context.Response;
        response.ContentType = "text/event-stream";
        // Proxies, such as nginx, would collect a response.
        response.Headers["X-Accel-Buffering"] = "no";
        context.Features.Get<IHttpResponseBodyFeature>()?.DisableBuffering();
        await response.Body.WriteAsync(LiveFrames.Start, cancellationToken);
        await response.Body.FlushAsync(cancellationToken);
        await foreach (var frame in frames)
        {
            // After a logout, or when the secret was changed, nothing more is sent.
            if (!await access.StillMayAsync(context, Permissions.Read)) return;
            await response.Body.WriteAsync(frame, cancellationToken);
            await response.Body.FlushAsync(cancellationToken);
        }
    }
}
