using System.Text.Json.Nodes;
using DefectNotifier.Chat.Sandbox;
using DefectNotifier.Outbox;
using DefectNotifier.Rendering;

namespace DefectNotifier.Worker.Operations;

/// <summary>What operators ask: health, metrics, history, and what the sandboxes hold. Only on the operations listener.</summary>
internal static class OperationsEndpoints
{
    private const int MaxEvents = 500;

    public static void Map(WebApplication app)
    {
        app.MapPrometheusScrapingEndpoint("/metrics");
        app.MapMethods("/health/live", [HttpMethods.Get, HttpMethods.Head], static context => context.Response.WriteAsync("live"));
        app.MapGet("/health/ready", ReadyAsync);
        app.MapGet("/events", EventsAsync);
        app.MapGet("/events/{id}", EventAsync);
        app.MapGet("/sandbox/messages", SandboxAsync);
    }

    private static async Task ReadyAsync(HttpContext context)
    {
        var report = await context.RequestServices.GetRequiredService<Readiness>().AskAsync(context.RequestAborted);
        context.Response.StatusCode = report.Status == "unavailable" ? StatusCodes.Status503ServiceUnavailable : StatusCodes.Status200OK;
        await context.Response.WriteAsJsonAsync(report, OperationsJson.Readable.ReadyReport);
    }

    // ?outcome=unrouted shows what no route took, ?outcome=dead what has a dead letter; ?limit=N; newest first.
    private static async Task EventsAsync(HttpContext context)
    {
        var query = context.Request.Query;
        var limit = int.TryParse(query["limit"], out var number) ? Math.Clamp(number, 1, MaxEvents) : 50;
        var outcome = ((string?)query["outcome"])?.ToLowerInvariant();
        if (outcome is not (null or "unrouted" or "dead"))
        {
            await Problems.WriteAsync(context.Response, StatusCodes.Status400BadRequest, "unknown-outcome", "outcome can be unrouted or dead.", "outcome");
            return;
        }

        var events = await context.RequestServices.GetRequiredService<IOutboxHistory>()
            .ReadEventsAsync(new EventQuery { UnroutedOnly = outcome == "unrouted", DeadOnly = outcome == "dead", Limit = limit }, context.RequestAborted);
        await context.Response.WriteAsJsonAsync(events, OperationsJson.Readable.IReadOnlyListStoredEvent);
    }

    private static async Task EventAsync(HttpContext context)
    {
        var id = (string)context.Request.RouteValues["id"]!;
        var events = await context.RequestServices.GetRequiredService<IOutboxHistory>().ReadEventsAsync(new EventQuery { Id = id, Limit = 1 }, context.RequestAborted);
        if (events is [var found]) await context.Response.WriteAsJsonAsync(found, OperationsJson.Readable.StoredEvent);
        else context.Response.StatusCode = StatusCodes.Status404NotFound;
    }

    private static Task SandboxAsync(HttpContext context)
    {
        IReadOnlyList<SandboxView> messages = [.. context.RequestServices.GetRequiredService<SandboxInbox>().Messages.Select(View)];
        return context.Response.WriteAsJsonAsync(messages, OperationsJson.Readable.IReadOnlyListSandboxView);
    }

    private static SandboxView View(SandboxMessage message) => new(
        message.Destination,
        message.Platform == ChatPlatform.Slack ? "slack" : "teams",
        message.ReceivedAt,
        SandboxText.Of(message),
        JsonNode.Parse(message.Json.Span));
}
