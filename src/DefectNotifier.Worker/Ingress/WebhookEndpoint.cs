using System.Text.Json;
using DefectNotifier.Delivery;
using DefectNotifier.Events;
using DefectNotifier.Outbox.Intake;
using DefectNotifier.Telemetry;
using DefectNotifier.Worker.Reloading;

namespace DefectNotifier.Worker.Ingress;

/// <summary>
/// Answers Qase. Everything on the ingress listener comes here. Qase switches a webhook off after a answer slower than 15 s, so no answer waits
/// for longer than a good part of that, and none waits for a chat. A request goes by the configuration that was in force when it came, to its end.
/// </summary>
internal sealed partial class WebhookEndpoint(CurrentConfiguration current, EventIntake intake, NotifierMetrics metrics, TimeProvider time, ILogger<WebhookEndpoint> logger)
{
    private const string SecretHeader = "X-Qase-Secret";
    private const int MaxSourceLength = 64;

    /// <summary>The commit may take so long; docs.qase.io/general/webhooks gives the whole answer 15 s.</summary>
    private static readonly TimeSpan CommitLimit = TimeSpan.FromSeconds(10);

    private readonly OnceAMinute _refusals = new(time);
    private int _waiting;

    public async Task HandleAsync(HttpContext context)
    {
        try
        {
            await RespondAsync(context);
        }
        catch (BadHttpRequestException error)
        {
            // Kestrel's own verdict on a broken or too slow request.
            await RefuseAsync(context, error.StatusCode, "bad-request", "The request could not be read: " + error.Message);
        }
        catch (Exception) when (context.RequestAborted.IsCancellationRequested)
        {
            // Nobody is there to hear a answer.
        }
        catch (Exception error) when (error is not OutOfMemoryException && !context.Response.HasStarted)
        {
            // A bug of ours is no reason for a sender to give up: the event may go through later.
            Log.Failed(logger, error);
            await RefuseAsync(context, StatusCodes.Status503ServiceUnavailable, "internal-error", "The event could not be taken in. Please send it again later.");
        }
    }

    private async Task RespondAsync(HttpContext context)
    {
        var (request, configuration) = (context.Request, current.Value);
        var options = configuration.Settings.Ingress;
        if (!TryReadSource(request.Path, options.Path, out var source))
        {
            await RefuseAsync(context, StatusCodes.Status404NotFound, "not-found", $"Webhooks are taken at {options.Path} and {options.Path}/SOURCE.");
            return;
        }

        if (!HttpMethods.IsPost(request.Method))
        {
            context.Response.Headers.Allow = HttpMethods.Post;
            await RefuseAsync(context, StatusCodes.Status405MethodNotAllowed, "method-not-allowed", "Webhooks are sent with POST.");
            return;
        }

        if (!configuration.IngressSecrets.Passes(request.Headers[SecretHeader]))
        {
            context.Response.Headers.WWWAuthenticate = SecretHeader;
            await RefuseAsync(context, StatusCodes.Status401Unauthorized, "wrong-secret", $"The header {SecretHeader} is missing or holds none of the accepted secrets.");
            return;
        }

        try
        {
            if (Interlocked.Increment(ref _waiting) <= options.MaxWaiting) await TakeAsync(context, source, configuration);
            else await RefuseAsync(context, StatusCodes.Status503ServiceUnavailable, "busy", "Too many requests wait at once. Please send it again later.");
        }
        finally
        {
            Interlocked.Decrement(ref _waiting);
        }
    }

    private async Task TakeAsync(HttpContext context, string source, NotifierConfiguration configuration)
    {
        var options = configuration.Settings.Ingress;
        var body = await BodyReader.ReadAsync(context.Request, options.MaxBodyBytes, context.RequestAborted);
        if (body is null)
        {
            await RefuseAsync(context, StatusCodes.Status413PayloadTooLarge, "body-too-large", $"The body is larger than {options.MaxBodyBytes} bytes.");
            return;
        }

        var parsed = WebhookParser.Parse(body, source);
        if (!parsed.IsEvent)
        {
            await RefuseAsync(context, StatusCodes.Status400BadRequest, parsed.Error.Code, parsed.Error.Detail, parsed.Error.Field);
            return;
        }

        var taken = await WaitForCommitAsync(parsed.Event, body, configuration.Pipeline);
        if (taken is { IsStored: true })
        {
            await AcceptAsync(context.Response, new WebhookResponse(taken.EventId!, taken.Outcome, taken.Deliveries));
            return;
        }

        var reason = taken?.Detail ?? (taken?.Outcome == "busy" ? "too many events wait" : "it takes too long");
        await RefuseAsync(context, StatusCodes.Status503ServiceUnavailable, "store-unavailable", $"The event could not be stored: {reason}. Please send it again later.");
    }

    // Null when the commit takes too long. It may still happen; then the event that is sent again is its duplicate.
    private async Task<IntakeResult?> WaitForCommitAsync(DefectEvent defectEvent, byte[] body, PipelineConfiguration pipeline)
    {
        try
        {
            return await intake.AcceptAsync(defectEvent, body, pipeline.Routes, pipeline.Accounts.For(defectEvent.Source) is not null, CancellationToken.None).WaitAsync(CommitLimit, time);
        }
        catch (TimeoutException)
        {
            metrics.CountEvent(defectEvent.Name, "unavailable");
            return null;
        }
    }

    private static bool TryReadSource(PathString path, string expected, out string source)
    {
        source = "";
        if (!path.StartsWithSegments(expected, StringComparison.OrdinalIgnoreCase, out var rest)) return false;
        source = rest.Value?.Trim('/') ?? "";
        return source.Length <= MaxSourceLength && source.All(character => char.IsAsciiLetterOrDigit(character) || character is '-' or '_' or '.');
    }

    // In one piece, with its length: shorter than chunks, and made without going through streams.
    private static async Task AcceptAsync(HttpResponse response, WebhookResponse accepted)
    {
        var json = JsonSerializer.SerializeToUtf8Bytes(accepted, IngressJson.Default.WebhookResponse);
        response.StatusCode = StatusCodes.Status202Accepted;
        response.ContentType = "application/json; charset=utf-8";
        response.ContentLength = json.Length;
        await response.BodyWriter.WriteAsync(json);
    }

    private async Task RefuseAsync(HttpContext context, int status, string code, string detail, string? field = null)
    {
        // Store errors were counted where the event's name was known.
        if (code != "store-unavailable") metrics.CountEvent("other", code is "busy" or "internal-error" ? code : "refused");
        // Anybody can make these lines; the metric counts every one.
        if (_refusals.IsNews(code)) Log.Refused(logger, status, code, detail);
        if (!context.Response.HasStarted) await Problems.WriteAsync(context.Response, status, code, detail, field);
    }

    private static partial class Log
    {
        [LoggerMessage(100, LogLevel.Warning, "Webhook refused with {Status} ({Code}): {Detail} Said at most once a minute for each code.")]
        public static partial void Refused(ILogger logger, int status, string code, string detail);

        [LoggerMessage(101, LogLevel.Critical, "A webhook could not be handled; it was answered with 503")]
        public static partial void Failed(ILogger logger, Exception error);
    }
}
