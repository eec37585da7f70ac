using System.Net;
using DefectNotifier.Outbox.Contract;
using DefectNotifier.Worker.Settings;

namespace DefectNotifier.Worker.Operations;

/// <summary>Stands before every operations endpoint.</summary>
internal sealed partial class OperationsGuard(Func<NotifierSettings> current, Listeners listeners, ILogger<OperationsGuard> logger)
{
    private const string Bearer = "Bearer ";

    public async Task InvokeAsync(HttpContext context, RequestDelegate next)
    {
        if (WhyNot(context) is { } problem)
        {
            if (problem.Status == StatusCodes.Status401Unauthorized) context.Response.Headers.WWWAuthenticate = Bearer.Trim();
            await Problems.WriteAsync(context.Response, problem);
            return;
        }

        try
        {
            await next(context);
            if (context.Response is { HasStarted: false, StatusCode: >= 400, ContentLength: null, ContentType: null }) await ExplainAsync(context.Response);
        }
        catch (OutboxUnavailableException error) when (!context.Response.HasStarted)
        {
            await Problems.WriteAsync(context.Response, StatusCodes.Status503ServiceUnavailable, "store-unavailable", $"The store can't be read or written: {error.Message}.");
        }
        catch (Exception error) when (IsOurError(error, context))
        {
            Log.Failed(logger, error, context.Request.Method, context.Request.Path);
            await Problems.WriteAsync(context.Response, StatusCodes.Status500InternalServerError, "internal-error", "The service failed at this; its log says at what.");
        }
    }

    // Kestrel answers what it could not read; one that has gone hears nothing.
    private static bool IsOurError(Exception error, HttpContext context) =>
        error is not BadHttpRequestException && !context.Response.HasStarted && !context.RequestAborted.IsCancellationRequested;

    private Problem? WhyNot(HttpContext context)
    {
        var (request, settings) = (context.Request, current());
        // A page in a browser on this machine could rebind its own name to loopback and read the history; it can't choose this header.
        if (context.Connection.LocalIpAddress is { } address && IPAddress.IsLoopback(address) && !IsLoopbackName(request.Host.Host))
            return Problem.Of(StatusCodes.Status421MisdirectedRequest, "wrong-host", "Operations on loopback are asked by a loopback name: localhost, 127.0.0.1 or [::1].");
        if (!IsOpen(request.Path) && !new SecretCheck(settings.OperationsSecrets).Passes(SecretIn(request)))
            return Problem.Of(StatusCodes.Status401Unauthorized, "wrong-secret", "Send one of Operations:Secrets as Authorization: Bearer SECRET.");
        return HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method) ? null : WhyNotChanged(request, settings);
    }

    // Reading gives away what a message says; changing sends or drops it.
    private Problem? WhyNotChanged(HttpRequest request, NotifierSettings settings)
    {
        if (request.Headers.Origin.Count > 0 && !IsOurs(request))
            return Problem.Of(StatusCodes.Status403Forbidden, "foreign-origin", "A page of another origin may not change anything here.");
        return settings.OperationsSecrets.Count == 0 && !settings.OperationsUrl.IsLoopback
            ? Problem.Of(StatusCodes.Status403Forbidden, "secret-needed", "Operations:Url is not on loopback, so nothing can be changed without a secret. Set Operations:Secrets (Operations__Secrets__0) or Operations:SecretsFile.")
            : null;
    }

    // Health is asked by what runs the container and metrics are by Prometheus; neither tells of any defect.
    private static bool IsOpen(PathString path) => path.StartsWithSegments("/health", StringComparison.OrdinalIgnoreCase) || path == OpenApiSetup.MetricsPath;

    private static string? SecretIn(HttpRequest request) =>
        request.Headers.Authorization is [{ } header] && header.StartsWith(Bearer, StringComparison.OrdinalIgnoreCase) ? header[Bearer.Length..].Trim() : null;

    // By its address: a name could be one that somebody has pointed here.
    private bool IsOurs(HttpRequest request) =>
        request.Headers.Origin is [{ } text] && Uri.TryCreate(text, UriKind.Absolute, out var origin) && origin.Scheme == Uri.UriSchemeHttp
        && origin.Port == listeners.Operations.Url.Port && origin.Authority == request.Host.Value
        && (origin.HostNameType is UriHostNameType.IPv4 or UriHostNameType.IPv6 || IsLoopbackName(origin.Host));

    private static Task ExplainAsync(HttpResponse response) => response.StatusCode switch
    {
        StatusCodes.Status404NotFound => Problems.WriteAsync(response, response.StatusCode, "not-found", "There is nothing at this path; /openapi.json names what there is."),
        StatusCodes.Status405MethodNotAllowed => Problems.WriteAsync(response, response.StatusCode, "method-not-allowed", "This path is asked in another way; /openapi.json says how."),
        StatusCodes.Status415UnsupportedMediaType => Problems.WriteAsync(response, response.StatusCode, "wrong-content-type", "Send the body with Content-Type: application/json."),
        var status => Problems.WriteAsync(response, status, "bad-request", "The request could not be read; /openapi.json says what is expected."),
    };

    private static bool IsLoopbackName(string host) =>
        string.Equals(host, "localhost", StringComparison.OrdinalIgnoreCase) || (IPAddress.TryParse(host.Trim('[', ']'), out var address) && IPAddress.IsLoopback(address));

    private static partial class Log
    {
        [LoggerMessage(502, LogLevel.Error, "{Method} {Path} of the operations API has failed")]
        public static partial void Failed(ILogger logger, Exception error, string method, string path);
    }
}
