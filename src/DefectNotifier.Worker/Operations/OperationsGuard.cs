using System.Net;
using DefectNotifier.Outbox.Contract;
using DefectNotifier.Worker.Http;
using DefectNotifier.Worker.Settings;
using static Microsoft.AspNetCore.Http.StatusCodes;

namespace DefectNotifier.Worker.Operations;

/// <summary>Middleware in front of every operations endpoint: checks access, and turns errors into problems.</summary>
internal sealed partial class OperationsGuard(Func<NotifierSettings> current, Listeners listeners, ILogger<OperationsGuard> logger)
{
    private const string Bearer = "Bearer ";

    public async Task InvokeAsync(HttpContext context, RequestDelegate next)
    {
        if (CheckAccess(context) is { } problem)
        {
            if (problem.Status == Status401Unauthorized) context.Response.Headers.WWWAuthenticate = Bearer.Trim();
            await problem.WriteToAsync(context.Response);
            return;
        }

        try
        {
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

    private Problem? CheckAccess(HttpContext context)
    {
        var (request, settings) = (context.Request, current());
        // DNS rebinding: a web page open on this machine could point its own host name at loopback and read the history, but its requests
        // would carry that name as Host.
        if (context.Connection.LocalIpAddress is { } address && IPAddress.IsLoopback(address) && !IsLoopbackName(request.Host.Host))
        {
            const string Detail = "Operations:Url is on loopback; use localhost, 127.0.0.1 or [::1] as the host name.";
            return Problem.Of(Status421MisdirectedRequest, "wrong-host", Detail);
        }

        if (!IsPublic(request.Path) && !new SecretCheck(settings.OperationsSecrets).Passes(SecretIn(request)))
            return Problem.Of(Status401Unauthorized, "wrong-secret", "Send one of Operations:Secrets as Authorization: Bearer SECRET.");

        return HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method) ? null : CheckChange(request, settings);
    }

    // Without a secret, reading is allowed beyond loopback, and changing is not.
    private Problem? CheckChange(HttpRequest request, NotifierSettings settings)
    {
        if (request.Headers.Origin.Count > 0 && !IsSameOrigin(request))
            return Problem.Of(Status403Forbidden, "foreign-origin", "A web page of another origin can't change anything here.");
        return settings.OperationsSecrets.Count == 0 && !settings.OperationsUrl.IsLoopback
            ? Problem.Of(
                Status403Forbidden,
                "secret-needed",
                "Operations:Url is not on loopback, so changes need a secret. Set Operations:Secrets (Operations__Secrets__0) or "
                + "Operations:SecretsFile.")
            : null;
    }

    // For container health checks and Prometheus; neither contains data of a defect.
    private static bool IsPublic(PathString path) =>
        path.StartsWithSegments("/health", StringComparison.OrdinalIgnoreCase) || path == OpenApiSetup.MetricsPath;

    private static string? SecretIn(HttpRequest request) =>
        request.Headers.Authorization is [{ } header] && header.StartsWith(Bearer, StringComparison.OrdinalIgnoreCase)
            ? header[Bearer.Length..].Trim()
            : null;

    // Only an IP address or a loopback name is accepted: any other name could point here through DNS rebinding.
    private bool IsSameOrigin(HttpRequest request) =>
        request.Headers.Origin is [{ } text] && Uri.TryCreate(text, UriKind.Absolute, out var origin) && origin.Scheme == Uri.UriSchemeHttp
        && origin.Port == listeners.Operations.Url.Port && origin.Authority == request.Host.Value
        && (origin.HostNameType is UriHostNameType.IPv4 or UriHostNameType.IPv6 || IsLoopbackName(origin.Host));

    private static Problem ProblemFor(int status) => status switch
    {
        Status404NotFound => Problem.Of(status, "not-found", "There is no such path; /openapi.json lists all paths."),
        Status405MethodNotAllowed => Problem.Of(status, "method-not-allowed", "This path does not support this method; see /openapi.json."),
        Status415UnsupportedMediaType => Problem.Of(status, "wrong-content-type", "Send the body with Content-Type: application/json."),
        _ => Problem.Of(status, "bad-request", "The request could not be read; see /openapi.json."),
    };

    private static bool IsLoopbackName(string host) =>
        string.Equals(host, "localhost", StringComparison.OrdinalIgnoreCase)
        || (IPAddress.TryParse(host.Trim('[', ']'), out var address) && IPAddress.IsLoopback(address));

    private static partial class Log
    {
        [LoggerMessage(502, LogLevel.Error, "Unexpected error in the operations API at {Method} {Path}; the response is 500")]
        public static partial void Failed(ILogger logger, Exception error, string method, string path);
    }
}
