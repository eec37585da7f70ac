using System.ComponentModel;
using DefectNotifier.Outbox.Contract;
using Microsoft.AspNetCore.Http.HttpResults;

namespace DefectNotifier.Worker.Operations;

/// <summary>What was taken in, and what became of it.</summary>
internal static class EventEndpoints
{
    private const int MaxEvents = 500;
    private const int DefaultEvents = 50;

    private static readonly string[] Keys = ["outcome", "limit"];
    private static readonly string[] ArchiveKeys = ["since", "before", "limit"];

    public static void Map(WebApplication app)
    {
        app.MapGet("/events", ListAsync)
            .WithSummary("The latest events with their routes' verdicts, deliveries and attempts, newest first.").WithTags("Events")
            .Refuses(StatusCodes.Status400BadRequest, StatusCodes.Status503ServiceUnavailable);
        app.MapGet("/events/archive", ReadArchiveAsync)
            .WithSummary("Events as they came, with their bodies, and where they went, newest first: for replay.").WithTags("Events")
            .Refuses(StatusCodes.Status400BadRequest, StatusCodes.Status503ServiceUnavailable);
        app.MapGet("/events/{id}", FindAsync)
            .WithSummary("One event's whole timeline.").WithTags("Events")
            .Refuses(StatusCodes.Status404NotFound, StatusCodes.Status503ServiceUnavailable);
    }

    private static async Task<Results<Ok<IReadOnlyList<StoredEvent>>, ProblemResult>> ListAsync(
        OutboxAdmin admin,
        [Description("unrouted: only what no route took; dead: only what has a dead letter.")] string? outcome,
        [Description("At most so many: 1 to 500, default 50.")] string? limit,
        HttpRequest request,
        CancellationToken cancellationToken)
    {
        if (FilterReader.ReadKeys(request.Query, Keys) is { } unknown) return new ProblemResult(unknown);
        if (FilterReader.ReadNumber(limit, "limit", MaxEvents, out var most) is { } noLimit) return new ProblemResult(noLimit);
        var word = outcome?.ToLowerInvariant();
        if (word is not (null or "unrouted" or "dead"))
            return new ProblemResult(Problem.Of(StatusCodes.Status400BadRequest, "unknown-outcome", "outcome can be unrouted or dead.", "outcome"));
        return TypedResults.Ok(await admin.ReadEventsAsync(new EventQuery { UnroutedOnly = word == "unrouted", DeadOnly = word == "dead", Limit = (int)(most ?? DefaultEvents) }, cancellationToken));
    }

    private static async Task<Results<Ok<ArchivePage>, ProblemResult>> ReadArchiveAsync(
        IEventArchive archive,
        TimeProvider time,
        [Description("Only events received since then: 2d, 12h, or a time such as 2026-03-14T15:00:00Z.")] string? since,
        [Description("Go on from here: what the page before calls next.")] string? before,
        [Description("At most so many: 1 to 500, default 500. A page may end sooner.")] string? limit,
        HttpRequest request,
        CancellationToken cancellationToken)
    {
        if (FilterReader.ReadKeys(request.Query, ArchiveKeys) is { } unknown) return new ProblemResult(unknown);
        if (new FilterReader(time.GetUtcNow()).ReadSince(since, out var from) is { } late) return new ProblemResult(late);
        if (FilterReader.ReadNumber(before, "before", long.MaxValue, out var place) is { } noPlace) return new ProblemResult(noPlace);
        if (FilterReader.ReadNumber(limit, "limit", ArchiveQuery.MaxLimit, out var most) is { } noLimit) return new ProblemResult(noLimit);
        return TypedResults.Ok(await archive.ReadArchiveAsync(new ArchiveQuery { Since = from, Before = place, Limit = (int)(most ?? ArchiveQuery.MaxLimit) }, cancellationToken));
    }

    private static async Task<Results<Ok<StoredEvent>, ProblemResult>> FindAsync(string id, OutboxAdmin admin, CancellationToken cancellationToken) =>
        (await admin.FindEventAsync(id, cancellationToken)).ToResult();
}
