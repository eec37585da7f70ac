using DefectNotifier.Console;
using DefectNotifier.Outbox.Contract;
using DefectNotifier.Worker.Http;
using DefectNotifier.Worker.Operations.Access;
using static Microsoft.AspNetCore.Http.StatusCodes;

namespace DefectNotifier.Worker.Operations;

/// <summary>Middleware in front of every operations endpoint: checks access, and turns errors into problems.</summary>
internal sealed partial class OperationsGuard(AccessCheck access, ILogger<OperationsGuard> logger)
{
    public async Task InvokeAsync(HttpContext context, RequestDelegate next)
    {
        SecurityHeaders.AddTo(context.Response.Headers);
        try
        {
            if (await access.CheckAsync(context) is { } problem)
            {
                if (problem.Status == Status401Unauthorized) context.Response.Headers.WWWAuthenticate = "Bearer";
                await problem.WriteToAsync(context.Response);
                return;
            }

            await next(context);
            if (context.Response is { HasStarted: false, StatusCode: >= 400, ContentLength: null, ContentType: null })
                await ProblemFor(context.Response.StatusCode).WriteToAsync(context.Response);
        }
        catch (OutboxUnavailableException error) when (!context.Response.HasStarted)
        {
            var detail = $"The store can't be read or written: {error.Message}.";
            await Problem.Of(Status503ServiceUnavailable, "store-unavailable", detail).WriteToAsync(context.Response);
        }
        catch (BadHttpRequestException error) when (!context.Response.HasStarted)
        {
            var detail = "The request could not be read: " + error.Message;
            await Problem.Of(error.StatusCode, "bad-request", detail).WriteToAsync(context.Response);
        }
        catch (Exception error) when (IsUnexpected(error, context))
        {
            Log.Failed(logger, error, context.Request.Method, context.Request.Path);
            const string Detail = "Unexpected error; the service's log has the details.";
            await Problem.Of(Status500InternalServerError, "internal-error", Detail).WriteToAsync(context.Response);
        }
    }

    // A client that has disconnected gets no response.
    private static bool IsUnexpected(Exception error, HttpContext context) =>
        error is not BadHttpRequestException && !context.Response.HasStarted && !context.RequestAborted.IsCancellationRequested;

    private static Problem ProblemFor(int status) => status switch
    {
        Status404NotFound => Problem.Of(status, "not-found", "There is no such path; /openapi.json lists all paths."),
        Status405MethodNotAllowed => Problem.Of(status, "method-not-allowed", "This path does not support this method; see /openapi.json."),
        Status415UnsupportedMediaType => Problem.Of(status, "wrong-content-type", "Send the body with Content-Type: application/json."),
        _ => Problem.Of(status, "bad-request", "The request could not be read; see /openapi.json."),
    };

    private static partial class Log
    {
        [LoggerMessage(502, LogLevel.Error, "Unexpected error in the operations API at {Method} {Path}; the response is 500")]
        public static partial void Failed(ILogger logger, Exception error, string method, string path);
    }
}
