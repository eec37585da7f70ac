using System.ComponentModel;
using DefectNotifier.Outbox.Contract;
using DefectNotifier.Worker.Http;
using DefectNotifier.Worker.Operations.Access;
using DefectNotifier.Worker.Settings;
using Microsoft.AspNetCore.Http.HttpResults;
using static Microsoft.AspNetCore.Http.StatusCodes;

namespace DefectNotifier.Worker.Operations;

/// <summary>The accepted events and what happened to them.</summary>
internal static class EventEndpoints
{
    private static readonly string[] ArchiveKeys = ["since", "before", "limit"];

    public static void Map(WebApplication app)
    {
        app.MapGet("/events", ListAsync)
            .Needs(Permissions.Read)
            .WithSummary("Events with the states of their deliveries, newest first. A page may be short: continue with its next.")
            .WithTags("Events")
            .RejectsWith(Status400BadRequest);
        app.MapGet("/events/archive", ReadArchiveAsync)
            .Needs(Permissions.Read)
            .WithSummary("Events with their original bodies and their deliveries, newest first. Used by the replay command.")
            .WithTags("Events")
            .RejectsWith(Status400BadRequest);
        app.MapGet("/events/{id}", FindAsync)
            .Needs(Permissions.Read)
            .WithSummary("The complete timeline of one event.")
            .WithTags("Events")
            .RejectsWith(Status404NotFound);
    }

    private static async Task<Results<Ok<EventSummaryPage>, ProblemResult>> ListAsync(
        [AsParameters] EventFilter filter,
        HttpRequest request,
        OutboxAdmin admin,
        TimeProvider time,
        CancellationToken cancellationToken)
    {
        var reader = FilterReader.Of(request.Query, EventFilter.Keys, time);
        return reader.Read(filter) is { Value: { } query }
            ? TypedResults.Ok(await admin.ListEventsAsync(query, cancellationToken))
            : new ProblemResult(reader.Problem!);
    }

    private static async Task<Results<Ok<ArchivePage>, ProblemResult>> ReadArchiveAsync(
        IEventArchive archive,
        TimeProvider time,
        [Description("Only events received since: an age such as 2d or 12h, or a time such as 2026-03-14T15:00:00Z.")] string? since,
        [Description("Continues a list: the value of next in the previous page.")] string? before,
        [Description("The maximum number of events: 1 to 500, default 500. A page may be shorter.")] string? limit,
        HttpRequest request,
        CancellationToken cancellationToken)
    {
        var reader = FilterReader.Of(request.Query, ArchiveKeys, time);
        var query = new ArchiveQuery
        {
            Since = reader.Since(since),
            Before = reader.Number(before, "before", long.MaxValue),
            Limit = (int)(reader.Number(limit, "limit", ArchiveQuery.MaxLimit) ?? ArchiveQuery.MaxLimit),
        };
        if (reader.Problem is { } problem) return new ProblemResult(problem);
        return TypedResults.Ok(await archive.ReadArchiveAsync(query, cancellationToken));
    }

    private static async Task<Results<Ok<StoredEvent>, ProblemResult>> FindAsync(
        string id, OutboxAdmin admin, DeliverySentences sentences, CancellationToken cancellationToken) =>
        (await admin.FindEventAsync(id, cancellationToken)).Select(sentences.Explain).ToHttp();
}
