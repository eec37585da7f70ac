using System.ComponentModel;
using System.Text.Json;
using DefectNotifier.Outbox.Contract;
using DefectNotifier.Worker.Ingress;
using Microsoft.AspNetCore.Http.HttpResults;

namespace DefectNotifier.Worker.Operations;

/// <summary>Deliveries, and operators' words over those that came to no good end.</summary>
internal static class DeliveryEndpoints
{
    private const int MaxBodyBytes = 64 * 1024;

    private static readonly string[] FilterKeys = ["state", "id", "event", "destination", "reason", "project", "since", "before", "limit"];
    private static readonly string[] RetryKeys = ["rendered", "dryRun"];
    private static readonly string[] DiscardKeys = ["dryRun"];

    public static void Map(WebApplication app)
    {
        var deliveries = app.MapGroup("/deliveries").WithTags("Deliveries");
        deliveries.MapGet("", ListAsync)
            .WithSummary("Deliveries, newest first; without conditions what is dead or held. A page may end early: go on with its next.")
            .Refuses(StatusCodes.Status400BadRequest, StatusCodes.Status503ServiceUnavailable);
        deliveries.MapGet("/{id:long}", FindAsync)
            .WithSummary("One delivery with every attempt and every word of an operator.")
            .Refuses(StatusCodes.Status404NotFound, StatusCodes.Status503ServiceUnavailable);
        deliveries.MapGet("/{id:long}/message", MessageAsync)
            .WithSummary("The message that was, or would have been, sent, as the chat would get it.")
            .Produces<JsonElement>()
            .Refuses(StatusCodes.Status404NotFound, StatusCodes.Status503ServiceUnavailable);
        deliveries.MapPost("/{id:long}/retry", RetryAsync)
            .WithSummary("Sends a dead, held or discarded delivery again, in its old place of the order.")
            .Refuses(Words);
        deliveries.MapPost("/{id:long}/discard", DiscardAsync)
            .WithSummary("Decides that a dead or held delivery, or one whose destination is gone, is never sent.")
            .Refuses(Words);
        deliveries.MapPost("/retry", RetryAllAsync).Accepts<BulkRequest>("application/json")
            .WithSummary("Sends all again that the conditions find, the oldest first; a thousand a call.")
            .Produces<BulkResult>().Refuses(Bulk);
        deliveries.MapPost("/discard", DiscardAllAsync).Accepts<BulkRequest>("application/json")
            .WithSummary("Discards all that the conditions find; a thousand a call.")
            .Produces<BulkResult>().Refuses(Bulk);
    }

    private static ReadOnlySpan<int> Words =>
    [
        StatusCodes.Status400BadRequest, StatusCodes.Status403Forbidden, StatusCodes.Status404NotFound, StatusCodes.Status409Conflict, StatusCodes.Status503ServiceUnavailable,
    ];

    private static ReadOnlySpan<int> Bulk => [StatusCodes.Status400BadRequest, StatusCodes.Status403Forbidden, StatusCodes.Status413PayloadTooLarge, StatusCodes.Status415UnsupportedMediaType, StatusCodes.Status503ServiceUnavailable];

    private static async Task<Results<Ok<DeliveryPage>, ProblemResult>> ListAsync(
        [AsParameters] DeliveryFilter filter, HttpRequest request, OutboxAdmin admin, TimeProvider time, CancellationToken cancellationToken)
    {
        if (FilterReader.ReadKeys(request.Query, FilterKeys) is { } unknown) return new ProblemResult(unknown);
        var read = new FilterReader(time.GetUtcNow()).Read(filter);
        return read.Value is { } query ? TypedResults.Ok(await admin.ListAsync(query, cancellationToken)) : new ProblemResult(read.Problem!);
    }

    private static async Task<Results<Ok<DeliveryTimeline>, ProblemResult>> FindAsync(long id, OutboxAdmin admin, CancellationToken cancellationToken) =>
        (await admin.FindAsync(id, cancellationToken)).ToResult();

    private static async Task<Results<FileContentHttpResult, ProblemResult>> MessageAsync(long id, OutboxAdmin admin, CancellationToken cancellationToken)
    {
        var response = await admin.ReadMessageAsync(id, cancellationToken);
        return response.Value is { } message ? TypedResults.Bytes(message, "application/json") : new ProblemResult(response.Problem!);
    }

    private static async Task<Results<Ok<ChangeResult>, ProblemResult>> RetryAsync(
        long id,
        [Description("true sends the kept message as it is; false, the default, renders the event anew.")] string? rendered,
        [Description("true changes nothing and tells what would be done.")] string? dryRun,
        HttpRequest request,
        OutboxAdmin admin,
        CancellationToken cancellationToken)
    {
        if (FilterReader.ReadKeys(request.Query, RetryKeys) is { } unknown) return new ProblemResult(unknown);
        if (ReadFlag(rendered, "rendered", out var asRendered) is { } error) return new ProblemResult(error);
        if (ReadFlag(dryRun, "dryRun", out var isDry) is { } noFlag) return new ProblemResult(noFlag);
        return (await admin.RetryAsync(id, asRendered, isDry, cancellationToken)).ToResult();
    }

    private static async Task<Results<Ok<ChangeResult>, ProblemResult>> DiscardAsync(
        long id,
        [Description("true changes nothing and tells what would be done.")] string? dryRun,
        HttpRequest request,
        OutboxAdmin admin,
        CancellationToken cancellationToken)
    {
        if (FilterReader.ReadKeys(request.Query, DiscardKeys) is { } unknown) return new ProblemResult(unknown);
        if (ReadFlag(dryRun, "dryRun", out var isDry) is { } error) return new ProblemResult(error);
        return (await admin.DiscardAsync(id, isDry, cancellationToken)).ToResult();
    }

    private static async Task<Results<Ok<BulkResult>, ProblemResult>> RetryAllAsync(HttpRequest request, OutboxAdmin admin, CancellationToken cancellationToken)
    {
        var read = await ReadBodyAsync(request, cancellationToken);
        return read.Value is { } bulk ? (await admin.RetryAsync(bulk, cancellationToken)).ToResult() : new ProblemResult(read.Problem!);
    }

    private static async Task<Results<Ok<BulkResult>, ProblemResult>> DiscardAllAsync(HttpRequest request, OutboxAdmin admin, CancellationToken cancellationToken)
    {
        var read = await ReadBodyAsync(request, cancellationToken);
        return read.Value is { } bulk ? (await admin.DiscardAsync(bulk, cancellationToken)).ToResult() : new ProblemResult(read.Problem!);
    }

    // By hand, so that what is wrong is told with its place; the framework answers with nothing but 400.
    private static async Task<AdminResult<BulkRequest>> ReadBodyAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        if (await BodyReader.ReadAsync(request, MaxBodyBytes, cancellationToken) is not { } body)
            return Problem.Of(StatusCodes.Status413PayloadTooLarge, "body-too-large", $"The body is larger than {MaxBodyBytes} bytes.");
        try
        {
            return JsonSerializer.Deserialize(body, OperationsJson.Readable.BulkRequest) is { } bulk ? bulk : NotJson(path: null);
        }
        catch (JsonException error)
        {
            return NotJson(error.Path);
        }
    }

    private static Problem NotJson(string? path) => Problem.Of(
        StatusCodes.Status400BadRequest, "invalid-body", "The body is a JSON object with state (a list), event, destination, reason, project, since, rendered and dryRun, each of which may be left out.", path);

    private static Problem? ReadFlag(string? text, string parameter, out bool flag)
    {
        flag = false;
        return text is null || bool.TryParse(text, out flag) ? null : FilterReader.Error(parameter, "Is true or false.");
    }
}
