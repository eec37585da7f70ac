using System.Text.Json;
using System.Text.Json.Serialization;
using DefectNotifier.Events;
using DefectNotifier.Outbox.Intake;
using DefectNotifier.Telemetry;
using DefectNotifier.Worker.Http;
using DefectNotifier.Worker.Reloading;
using DefectNotifier.Worker.Settings;
using static Microsoft.AspNetCore.Http.StatusCodes;

namespace DefectNotifier.Worker.Ingress;

/// <summary>
/// Handles every request on the ingress listener. Qase disables a webhook whose response takes longer than 15 s, so the commit has a
/// shorter limit, and no response waits for a chat. A request uses the configuration that was active when it arrived.
/// </summary>
internal sealed partial class WebhookEndpoint(
    CurrentConfiguration current, EventIntake intake, NotifierMetrics metrics, TimeProvider time, ILogger<WebhookEndpoint> logger)
{
    private const string SecretHeader = "X-Qase-Secret";
    private const string StoreUnavailable = "store-unavailable";
    private const string ReservedName =
        $"event_name is reserved for events of this service: {OwnEvents.Details}, {OwnEvents.Digest}, "
        + "and all names that begin with notifier.";

    /// <summary>The maximum wait for a commit; Qase waits 15 s for the response (docs.qase.io/general/webhooks).</summary>
    private static readonly TimeSpan CommitTimeout = TimeSpan.FromSeconds(10);

    private readonly LogThrottle _rejections = new(time, TimeSpan.FromMinutes(1));
    private readonly BodyBudget _bodies = new(current.Value.Settings.Ingress.MaxWaitingBytes);
    private int _waiting;

    public async Task HandleAsync(HttpContext context)
    {
        try
        {
            if (await AcceptAsync(context) is { } problem) await RejectAsync(context, problem);
        }
        catch (BadHttpRequestException error)
        {
            // Kestrel rejected a broken or slow request.
            await RejectAsync(
                context, Problem.Of(error.StatusCode, "bad-request", "The request could not be read: " + error.Message));
        }
        catch (Exception) when (context.RequestAborted.IsCancellationRequested)
        {
            // The sender has disconnected.
        }
        catch (Exception error) when (error is not OutOfMemoryException && !context.Response.HasStarted)
        {
            // 503 instead of 500, so that the sender tries again.
            Log.Failed(logger, error);
            const string Detail = "The event could not be accepted because of an internal error. Please send it again later.";
            await RejectAsync(context, Problem.Of(Status503ServiceUnavailable, "internal-error", Detail));
        }
    }

    // Writes the response for an accepted event; otherwise returns why the request is rejected.
    private async Task<Problem?> AcceptAsync(HttpContext context)
    {
        var (request, configuration) = (context.Request, current.Value);
        var options = configuration.Settings.Ingress;
        if (!TryReadSource(request.Path, options.Path, out var source))
            return Problem.Of(Status404NotFound, "not-found", $"Send webhooks to {options.Path} or {options.Path}/SOURCE.");
        if (!HttpMethods.IsPost(request.Method))
        {
            context.Response.Headers.Allow = HttpMethods.Post;
            return Problem.Of(Status405MethodNotAllowed, "method-not-allowed", "Send webhooks with POST.");
        }

        if (!configuration.IngressSecrets.Passes(source, request.Headers[SecretHeader]))
        {
            context.Response.Headers.WWWAuthenticate = SecretHeader;
            const string Detail = $"The header {SecretHeader} is missing, or its secret is not accepted for this path.";
            return Problem.Of(Status401Unauthorized, "wrong-secret", Detail);
        }

        try
        {
            return Interlocked.Increment(ref _waiting) <= options.MaxWaiting
                ? await AcceptWithinBudgetAsync(context, source, configuration)
                : Problem.Of(Status503ServiceUnavailable, "busy", "Too many requests at once. Please send it again later.");
        }
        finally
        {
            Interlocked.Decrement(ref _waiting);
        }
    }

    private async Task<Problem?> AcceptWithinBudgetAsync(HttpContext context, string source, NotifierConfiguration configuration)
    {
        var limit = configuration.Settings.Ingress.MaxBodyBytes;
        // A body of unknown length may need the largest size.
        var bytes = Math.Min(context.Request.ContentLength ?? limit, limit);
        if (!_bodies.TryTake(bytes))
        {
            return Problem.Of(
                Status503ServiceUnavailable, "busy", "Too many bytes at once (Ingress:MaxWaitingBytes). Please send it again later.");
        }

        Task<IntakeResult>? storing = null;
        try
        {
            var read = await BodyReader.ReadAsync(context.Request, limit, context.RequestAborted);
            if (read.Bytes is not { } body) return read.Problem;
            var parsed = WebhookParser.Parse(body, source);
            if (!parsed.IsEvent) return Problem.Of(Status400BadRequest, parsed.Error.Code, parsed.Error.Detail, parsed.Error.Field);
            if (OwnEvents.IsOwn(parsed.Event.Name))
                return Problem.Of(Status400BadRequest, "reserved-event-name", ReservedName, "event_name");

            var canEnrich = configuration.Pipeline.Accounts.For(parsed.Event.Source) is not null;
            storing = intake.AcceptAsync(parsed.Event, body, configuration.Pipeline.Routes, canEnrich, CancellationToken.None);
            return await RespondAsync(context.Response, parsed.Event, storing);
        }
        finally
        {
            // An event whose commit takes too long is still in memory after the response.
            if (storing is { IsCompleted: false }) _ = storing.ContinueWith(_ => _bodies.Return(bytes), TaskScheduler.Default);
            else _bodies.Return(bytes);
        }
    }

    private async Task<Problem?> RespondAsync(HttpResponse response, DefectEvent defectEvent, Task<IntakeResult> storing)
    {
        var taken = await WaitAsync(defectEvent, storing);
        if (taken is { IsStored: true })
        {
            await WriteAcceptedAsync(response, new WebhookResponse(taken.EventId!, taken.Outcome.Word(), taken.Deliveries));
            return null;
        }

        var reason = taken?.Detail ?? (taken?.Outcome == IntakeOutcome.Busy ? "too many events are waiting" : "the commit takes too long");
        return Problem.Of(
            Status503ServiceUnavailable, StoreUnavailable, $"The event could not be stored: {reason}. Please send it again later.");
    }

    // Null after a timeout. The event may still be committed later; then the repeated webhook is a duplicate.
    private async Task<IntakeResult?> WaitAsync(DefectEvent defectEvent, Task<IntakeResult> storing)
    {
        try
        {
            return await storing.WaitAsync(CommitTimeout, time);
        }
        catch (TimeoutException)
        {
            metrics.CountEvent(defectEvent.Name, IntakeOutcome.Unavailable.Word());
            return null;
        }
    }

    private static bool TryReadSource(PathString path, string expected, out string source)
    {
        source = "";
        if (!path.StartsWithSegments(expected, StringComparison.OrdinalIgnoreCase, out var rest)) return false;
        source = rest.Value?.Trim('/') ?? "";
        return IngressOptions.IsSourceName(source);
    }

    // With a Content-Length instead of chunks.
    private static async Task WriteAcceptedAsync(HttpResponse response, WebhookResponse accepted)
    {
        var json = JsonSerializer.SerializeToUtf8Bytes(accepted, IngressJson.Default.WebhookResponse);
        response.StatusCode = Status202Accepted;
        response.ContentType = "application/json; charset=utf-8";
        response.ContentLength = json.Length;
        await response.BodyWriter.WriteAsync(json);
    }

    private async Task RejectAsync(HttpContext context, Problem problem)
    {
        var code = problem.Code;
        // Store errors are counted by the intake, which knows the event's name.
        if (code != StoreUnavailable) metrics.CountEvent("other", code is "busy" or "internal-error" ? code : "rejected");
        // Anyone can cause this line, so it is throttled; the metric counts every rejection.
        if (_rejections.ShouldLog(code)) Log.Rejected(logger, problem.Status, code, problem.Detail);
        if (!context.Response.HasStarted) await problem.WriteToAsync(context.Response);
    }

    private static partial class Log
    {
        [LoggerMessage(
            100,
            LogLevel.Warning,
            "Webhook rejected with {Status} ({Code}): {Detail} This line is logged at most once a minute for each code.")]
        public static partial void Rejected(ILogger logger, int status, string code, string detail);

        [LoggerMessage(101, LogLevel.Critical, "Unexpected error while handling a webhook; the response is 503, so Qase sends it again")]
        public static partial void Failed(ILogger logger, Exception error);
    }
}

/// <summary>The body of a 202: the event's id, <c>accepted</c> or why it has no deliveries, and the number of its deliveries.</summary>
internal sealed record WebhookResponse(string Id, string Status, int Deliveries);

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(WebhookResponse))]
internal sealed partial class IngressJson : JsonSerializerContext;
