using System.ComponentModel;
using DefectNotifier.Outbox.Contract;
using DefectNotifier.Worker.Http;
using DefectNotifier.Worker.Operations.Access;
using DefectNotifier.Worker.Settings;
using Microsoft.AspNetCore.Http.HttpResults;
using static Microsoft.AspNetCore.Http.StatusCodes;

namespace DefectNotifier.Worker.Operations;

/// <summary>Deliveries, and operator actions on those that were not delivered.</summary>
internal static class DeliveryEndpoints
{
    private const string BulkMembers = "state (a list), ids (a list), event, destination, reason, project, since, rendered and dryRun";
    private const string DryRunText = "true changes nothing and reports what would be done.";

    private static readonly string[] FilterKeys = ["state", "id", "event", "destination", "reason", "project", "since", "before", "limit"];
    private static readonly string[] RetryKeys = ["rendered", "dryRun"];
    private static readonly string[] DiscardKeys = ["dryRun"];

    private static ReadOnlySpan<int> ActionStatuses =>
        [Status400BadRequest, Status403Forbidden, Status404NotFound, Status409Conflict];

    private static ReadOnlySpan<int> BulkStatuses =>
        [Status400BadRequest, Status403Forbidden, Status413PayloadTooLarge, Status415UnsupportedMediaType];

    public static void Map(WebApplication app)
    {
        var deliveries = app.MapGroup("/deliveries").WithTags("Deliveries");
        deliveries.MapGet("", ListAsync)
            .Needs(Permissions.Read)
            .WithSummary("Deliveries, newest first; by default the dead and held ones. A page may be short: continue with its next.")
            .RejectsWith(Status400BadRequest);
        deliveries.MapGet("/{id:long}", FindAsync)
            .Needs(Permissions.Read)
            .WithSummary("One delivery with every attempt and every operator action.")
            .RejectsWith(Status404NotFound);
        deliveries.MapGet("/{id:long}/message", ReadMessageAsync)
            .Needs(Permissions.Read)
            .WithSummary("The message of a delivery: the stored one if it is dead or held, otherwise rendered now.")
            .RejectsWith(Status404NotFound, Status429TooManyRequests);
        deliveries.MapPost("/{id:long}/retry", RetryAsync)
            .Needs(Permissions.Act)
            .WithSummary("Sends a dead, held or discarded delivery again, at its old position in the order.")
            .RejectsWith(ActionStatuses);
        deliveries.MapPost("/{id:long}/discard", DiscardAsync)
            .Needs(Permissions.Act)
            .WithSummary("Discards a dead, held or deferred delivery, or one whose destination was removed; it is never sent.")
            .RejectsWith(ActionStatuses);
        deliveries
            .MapPost("/retry", (HttpRequest request, OutboxAdmin admin, CancellationToken cancellationToken) =>
                ChangeAllAsync(request, admin.As(request.HttpContext.Operator()!).RetryAsync, cancellationToken))
            .Needs(Permissions.Act)
            .Accepts<BulkRequest>("application/json")
            .WithSummary("Sends all matching deliveries again, oldest first; at most 1,000 per call.")
            .Produces<BulkResult>()
            .RejectsWith(BulkStatuses);
        deliveries
            .MapPost("/discard", (HttpRequest request, OutboxAdmin admin, CancellationToken cancellationToken) =>
                ChangeAllAsync(request, admin.As(request.HttpContext.Operator()!).DiscardAsync, cancellationToken))
            .Needs(Permissions.Act)
            .Accepts<BulkRequest>("application/json")
            .WithSummary("Discards all matching deliveries; at most 1,000 per call.")
            .Produces<BulkResult>()
            .RejectsWith(BulkStatuses);
    }

    private static async Task<Results<Ok<DeliveryPage>, ProblemResult>> ListAsync(
        [AsParameters] DeliveryFilter filter,
        HttpRequest request,
        OutboxAdmin admin,
        TimeProvider time,
        CancellationToken cancellationToken)
    {
        var reader = FilterReader.Of(request.Query, FilterKeys, time);
        return reader.Read(filter) is { Value: { } query }
            ? TypedResults.Ok(await admin.ListAsync(query, cancellationToken))
            : new ProblemResult(reader.Problem!);
    }

    private static async Task<Results<Ok<DeliveryTimeline>, ProblemResult>> FindAsync(
        long id, OutboxAdmin admin, DeliverySentences sentences, CancellationToken cancellationToken) =>
        (await admin.FindAsync(id, cancellationToken)).Select(sentences.Explain).ToHttp();

    private static async Task<Results<Ok<DeliveryMessage>, ProblemResult>> ReadMessageAsync(
        long id, MessageReader messages, CancellationToken cancellationToken) =>
        (await messages.ReadAsync(id, cancellationToken)).ToHttp();

    private static async Task<Results<Ok<ChangeResult>, ProblemResult>> RetryAsync(
        long id,
        [Description("true sends the stored message as it is; false, the default, renders the event again.")] string? rendered,
        [Description(DryRunText)] string? dryRun,
        HttpRequest request,
        OutboxAdmin admin,
        TimeProvider time,
        CancellationToken cancellationToken)
    {
        var reader = FilterReader.Of(request.Query, RetryKeys, time);
        var (asRendered, isDry) = (reader.Flag(rendered, "rendered"), reader.Flag(dryRun, "dryRun"));
        if (reader.Problem is { } problem) return new ProblemResult(problem);
        return (await admin.As(request.HttpContext.Operator()!).RetryAsync(id, asRendered, isDry, cancellationToken)).ToHttp();
    }

    private static async Task<Results<Ok<ChangeResult>, ProblemResult>> DiscardAsync(
        long id,
        [Description(DryRunText)] string? dryRun,
        HttpRequest request,
        OutboxAdmin admin,
        TimeProvider time,
        CancellationToken cancellationToken)
    {
        var reader = FilterReader.Of(request.Query, DiscardKeys, time);
        var isDry = reader.Flag(dryRun, "dryRun");
        if (reader.Problem is { } problem) return new ProblemResult(problem);
        return (await admin.As(request.HttpContext.Operator()!).DiscardAsync(id, isDry, cancellationToken)).ToHttp();
    }

    private static async Task<Results<Ok<BulkResult>, ProblemResult>> ChangeAllAsync(
        HttpRequest request,
        Func<BulkRequest, CancellationToken, Task<AdminResult<BulkResult>>> change,
        CancellationToken cancellationToken)
    {
        var read = await JsonBody.ReadAsync(request, OperationsJson.Readable.BulkRequest, BulkMembers, cancellationToken);
        return read.Value is { } bulk ? (await change(bulk, cancellationToken)).ToHttp() : new ProblemResult(read.Problem!);
    }
}
