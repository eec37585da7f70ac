using System.Text.Json.Nodes;
using DefectNotifier.Chat.Sandbox;
using DefectNotifier.Chat.TextViews;
using DefectNotifier.Rendering.Values;
using Microsoft.AspNetCore.Http.HttpResults;

namespace DefectNotifier.Worker.Operations;

/// <summary>What operators ask: health, metrics, history, their words over it, and what the sandboxes hold. Only on the operations listener.</summary>
internal static class OperationsEndpoints
{
    /// <summary>By it a command knows that it is the service that answers.</summary>
    public const string LiveResponse = "live";

    public static void Map(WebApplication app)
    {
        app.MapPrometheusScrapingEndpoint(OpenApiSetup.MetricsPath);
        app.MapMethods("/health/live", [HttpMethods.Get, HttpMethods.Head], Live)
            .WithSummary("Says live as long as the process responses.").WithTags("Health");
        app.MapGet("/health/ready", ReadyAsync)
            .WithSummary("Whether the store can be written and each destination sends.").WithTags("Health")
            .Produces<ReadyReport>().Produces<ReadyReport>(StatusCodes.Status503ServiceUnavailable);
        EventEndpoints.Map(app);
        DeliveryEndpoints.Map(app);
        DestinationEndpoints.Map(app);
        ReloadEndpoints.Map(app);
        app.MapGet("/sandbox/messages", Sandbox)
            .WithSummary("What the sandbox destinations took, the newest last.").WithTags("Sandbox").Refuses();
        app.MapOpenApi(OpenApiSetup.Path);
    }

    /// <summary>Describes the refusals of an endpoint that asks for the secret.</summary>
    public static RouteHandlerBuilder Refuses(this RouteHandlerBuilder endpoint, params ReadOnlySpan<int> statuses)
    {
        endpoint.Produces<Problem>(StatusCodes.Status401Unauthorized, Problem.ContentType);
        endpoint.Produces<Problem>(StatusCodes.Status421MisdirectedRequest, Problem.ContentType);
        endpoint.Produces<Problem>(StatusCodes.Status500InternalServerError, Problem.ContentType);
        foreach (var status in statuses) endpoint.Produces<Problem>(status, Problem.ContentType);
        return endpoint;
    }

    private static ContentHttpResult Live() => TypedResults.Text(LiveResponse);

    private static async Task<JsonHttpResult<ReadyReport>> ReadyAsync(Readiness readiness, CancellationToken cancellationToken)
    {
        var report = await readiness.AskAsync(cancellationToken);
        return TypedResults.Json(report, OperationsJson.Readable.ReadyReport, statusCode: report.Status == "unavailable" ? StatusCodes.Status503ServiceUnavailable : StatusCodes.Status200OK);
    }

    private static Ok<IReadOnlyList<SandboxView>> Sandbox(SandboxInbox inbox) => TypedResults.Ok<IReadOnlyList<SandboxView>>([.. inbox.Messages.Select(View)]);

    private static SandboxView View(SandboxMessage message) => new(
        message.Destination,
        message.Platform == ChatPlatform.Slack ? "slack" : "teams",
        message.ReceivedAt,
        SandboxText.Of(message),
        JsonNode.Parse(message.Json.Span));
}
