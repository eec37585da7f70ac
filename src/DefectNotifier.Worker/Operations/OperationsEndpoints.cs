using DefectNotifier.Worker.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace DefectNotifier.Worker.Operations;

/// <summary>
/// The API for operators: health, metrics, history, outbox administration, and sandbox messages. Only on the operations listener.
/// </summary>
internal static class OperationsEndpoints
{
    /// <summary>A command recognises the service by this response.</summary>
    public const string LiveResponse = "live";

    public static void Map(WebApplication app)
    {
        app.MapPrometheusScrapingEndpoint(OpenApiSetup.MetricsPath);
        app.MapMethods("/health/live", [HttpMethods.Get, HttpMethods.Head], Live)
            .WithSummary("Returns \"live\" as long as the process responds.")
            .WithTags("Health");
        app.MapGet("/health/ready", CheckReadyAsync)
            .WithSummary("Whether the store can be written and each destination sends.")
            .WithTags("Health")
            .Produces<ReadyReport>()
            .Produces<ReadyReport>(StatusCodes.Status503ServiceUnavailable);
        EventEndpoints.Map(app);
        DeliveryEndpoints.Map(app);
        DestinationEndpoints.Map(app);
        ReloadEndpoints.Map(app);
        SandboxEndpoints.Map(app);
        app.MapOpenApi(OpenApiSetup.Path);
    }

    /// <summary>Describes the problems that an endpoint behind <see cref="OperationsGuard"/> can return.</summary>
    public static RouteHandlerBuilder RejectsWith(this RouteHandlerBuilder endpoint, params ReadOnlySpan<int> statuses)
    {
        endpoint.Produces<Problem>(StatusCodes.Status401Unauthorized, Problem.ContentType);
        endpoint.Produces<Problem>(StatusCodes.Status421MisdirectedRequest, Problem.ContentType);
        endpoint.Produces<Problem>(StatusCodes.Status500InternalServerError, Problem.ContentType);
        foreach (var status in statuses) endpoint.Produces<Problem>(status, Problem.ContentType);
        return endpoint;
    }

    private static ContentHttpResult Live() => TypedResults.Text(LiveResponse);

    private static async Task<JsonHttpResult<ReadyReport>> CheckReadyAsync(Readiness readiness, CancellationToken cancellationToken)
    {
        var report = await readiness.CheckAsync(cancellationToken);
        var status = report.Status == "unavailable" ? StatusCodes.Status503ServiceUnavailable : StatusCodes.Status200OK;
        return TypedResults.Json(report, OperationsJson.Readable.ReadyReport, statusCode: status);
    }
}
