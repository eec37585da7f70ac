using System.ComponentModel;
using DefectNotifier.Routing;
using DefectNotifier.Worker.Http;
using DefectNotifier.Worker.Operations.Access;
using DefectNotifier.Worker.Settings;
using Microsoft.AspNetCore.Http.HttpResults;
using static Microsoft.AspNetCore.Http.StatusCodes;

namespace DefectNotifier.Worker.Operations;

/// <summary>Lists, adds and ends silences.</summary>
internal static class SilenceEndpoints
{
    private static readonly string[] ListKeys = ["all"];

    public static void Map(WebApplication app)
    {
        var silences = app.MapGroup("/silences").WithTags("Silences");
        silences.MapGet("", ListAsync)
            .Needs(Permissions.Read)
            .WithSummary("The silences that have not ended.")
            .RejectsWith(Status400BadRequest);
        silences.MapPost("", AddAsync)
            .Needs(Permissions.Act)
            .Accepts<SilenceRequest>("application/json")
            .WithSummary("Adds a silence. Matching messages are deferred until it ends, or discarded.")
            .Produces<Silence>()
            .RejectsWith(
                Status400BadRequest,
                Status403Forbidden,
                Status409Conflict,
                Status413PayloadTooLarge,
                Status415UnsupportedMediaType);
        silences.MapPost("/{id:long}/expire", ExpireAsync)
            .Needs(Permissions.Act)
            .WithSummary("Ends a silence now; messages that it deferred are sent.")
            .RejectsWith(Status403Forbidden, Status404NotFound, Status409Conflict);
    }

    private static async Task<Results<Ok<IReadOnlyList<Silence>>, ProblemResult>> ListAsync(
        [Description("true lists ended silences too, as long as an event that they may have matched is stored.")] string? all,
        HttpRequest request,
        SilenceAdmin admin,
        TimeProvider time,
        CancellationToken cancellationToken)
    {
        var reader = FilterReader.Of(request.Query, ListKeys, time);
        var isAll = reader.Flag(all, "all");
        if (reader.Problem is { } problem) return new ProblemResult(problem);
        return TypedResults.Ok(await admin.ListAsync(isAll, cancellationToken));
    }

    private static async Task<Results<Ok<Silence>, ProblemResult>> AddAsync(
        HttpRequest request, SilenceAdmin admin, CancellationToken cancellationToken)
    {
        var read = await JsonBody.ReadAsync(
            request, OperationsJson.Readable.SilenceRequest, SilenceRequest.Members, cancellationToken);
        return read.Value is { } silence
            ? (await admin.AddAsync(silence, request.HttpContext.Operator()!)).ToHttp()
            : new ProblemResult(read.Problem!);
    }

    private static async Task<Results<Ok<Silence>, ProblemResult>> ExpireAsync(
        long id, HttpContext context, SilenceAdmin admin) => (await admin.ExpireAsync(id, context.Operator()!)).ToHttp();
}
