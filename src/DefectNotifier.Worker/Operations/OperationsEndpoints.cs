using System.Text.Json.Nodes;
using DefectNotifier.Chat;
using DefectNotifier.Chat.Sandbox;
using DefectNotifier.Rendering.Values;
using DefectNotifier.Worker.Http;
using DefectNotifier.Worker.Operations.Access;
using DefectNotifier.Worker.Operations.Status;
using DefectNotifier.Worker.Reloading;
using DefectNotifier.Worker.Settings;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using static Microsoft.AspNetCore.Http.StatusCodes;

namespace DefectNotifier.Worker.Operations;

/// <summary>
/// The API for operators: health, metrics, history, outbox administration, silences, reload and sandbox messages. Only on the operations
/// listener.
/// </summary>
internal static class OperationsEndpoints
{
    /// <summary>A command recognises the service by this response.</summary>
    public const string LiveResponse = "live";

    /// <summary>Several supervisors may ask at the same time.</summary>
    private static readonly TimeSpan MaxTrialAge = TimeSpan.FromSeconds(1);

    public static void Map(WebApplication app)
    {
        string[] reads = [HttpMethods.Get, HttpMethods.Head];
        app.MapPrometheusScrapingEndpoint(OpenApiSetup.MetricsPath).IsAlwaysOpen().WithMetadata(new HttpMethodMetadata(reads));
        app.MapMethods("/health/live", reads, Live)
            .IsAlwaysOpen()
            .WithSummary("Returns \"live\" as long as the process responds.")
            .WithTags("Health");
        app.MapMethods("/health/ready", reads, CheckReadyAsync)
            .IsAlwaysOpen()
            .WithSummary("Whether events can be stored and delivered now; on this machine or with a login also what each destination does.")
            .WithTags("Health")
            .Produces<ReadyReport>()
            .Produces<ReadyReport>(Status503ServiceUnavailable);
        StatusEndpoint.Map(app);
        EventEndpoints.Map(app);
        DeliveryEndpoints.Map(app);
        DestinationEndpoints.Map(app);
        SilenceEndpoints.Map(app);
        SessionEndpoints.Map(app);
        LiveEndpoint.Map(app);
        app.MapPost("/reload", Reload)
            .Needs(Permissions.Edit)
            .WithSummary("Reads settings and templates now and activates them. The service also does this within seconds of a change.")
            .WithTags("Configuration")
            .RejectsWith(Status403Forbidden, Status409Conflict);
        app.MapGet("/sandbox/messages", ListSandboxMessages)
            .Needs(Permissions.Read)
            .WithSummary("The messages that sandbox destinations received, newest last.")
            .WithTags("Sandbox")
            .RejectsWith();
        OpenApiSetup.Map(app);
    }

    /// <summary>Describes the problems that an endpoint behind <see cref="OperationsGuard"/> can return.</summary>
    public static RouteHandlerBuilder RejectsWith(this RouteHandlerBuilder endpoint, params ReadOnlySpan<int> statuses)
    {
        endpoint.Produces<Problem>(Status401Unauthorized, Problem.ContentType);
        endpoint.Produces<Problem>(Status421MisdirectedRequest, Problem.ContentType);
        endpoint.Produces<Problem>(Status500InternalServerError, Problem.ContentType);
        endpoint.Produces<Problem>(Status503ServiceUnavailable, Problem.ContentType);
        foreach (var status in statuses) endpoint.Produces<Problem>(status, Problem.ContentType);
        return endpoint;
    }

    private static ContentHttpResult Live() => TypedResults.Text(LiveResponse);

    private static async Task<JsonHttpResult<ReadyReport>> CheckReadyAsync(
        HttpContext context, Readiness readiness, AccessCheck access, CancellationToken cancellationToken)
    {
        var report = await readiness.CheckAsync(MaxTrialAge, cancellationToken);
        var status = report.Status == "unavailable" ? Status503ServiceUnavailable : Status200OK;
        if (!await access.MaySeeNamesAsync(context)) report = report.WithoutNames();
        return TypedResults.Json(report, OperationsJson.Readable.ReadyReport, statusCode: status);
    }

    private static Results<Ok<ReloadResponse>, ProblemResult> Reload(HttpContext context, Reloader reloader)
    {
        var trigger = context.Operator()!.Name is { } name ? $"POST /reload by {name}" : "POST /reload";
        var (configuration, state, changes) = reloader.Reload(trigger)!;
        if (state.Rejected.Count > 0)
        {
            var errors = state.Rejected.Select(error => error is [.., '.' or '?'] ? error : error + ".");
            var detail = $"Configuration {configuration.Version} stays active.\n{string.Join('\n', errors)}";
            return new ProblemResult(Problem.Of(Status409Conflict, "configuration-rejected", detail));
        }

        return TypedResults.Ok(new ReloadResponse(
            configuration.Version, changes, [.. state.BrokenTemplates.Select(error => error.ToString())], state.WaitsForRestart));
    }

    private static Ok<IReadOnlyList<SandboxView>> ListSandboxMessages(SandboxInbox inbox) =>
        TypedResults.Ok<IReadOnlyList<SandboxView>>([.. inbox.Messages.Select(View)]);

    private static SandboxView View(SandboxMessage message) => new(
        message.Destination,
        message.Platform.Word(),
        message.ReceivedAt,
        PlatformFormats.Read(message.Platform, message.Json).ToString(),
        JsonNode.Parse(message.Json.Span),
        message.Kind.ToString().ToLowerInvariant(),
        message.Reference,
        message.Root);
}

/// <summary>The result of a reload.</summary>
/// <param name="Version">The configuration that is active now.</param>
/// <param name="Changes">What has changed; empty when nothing has.</param>
/// <param name="BrokenTemplates">
/// The errors in template files. The last good version of each is active, or the next template in the lookup order.
/// </param>
/// <param name="WaitsForRestart">Changed settings that take effect only after a restart.</param>
internal sealed record ReloadResponse(
    string Version, IReadOnlyList<string> Changes, IReadOnlyList<string> BrokenTemplates, IReadOnlyList<string> WaitsForRestart);

/// <summary>A message that a sandbox received: as a reader would see it, and the JSON that the chat would have received.</summary>
/// <param name="Destination">The destination's name.</param>
/// <param name="Platform">The chat that it simulates.</param>
/// <param name="ReceivedAt">When it was received.</param>
/// <param name="Text">The text.</param>
/// <param name="Json">The JSON.</param>
/// <param name="Kind"><c>message</c>, <c>update</c> of an earlier message, or <c>reply</c> in its thread.</param>
/// <param name="Reference">Identifies it.</param>
/// <param name="Root">The reference of that earlier message; null: none.</param>
internal sealed record SandboxView(
    string Destination,
    string Platform,
    DateTimeOffset ReceivedAt,
    string Text,
    JsonNode? Json,
    string Kind,
    string Reference,
    string? Root);
