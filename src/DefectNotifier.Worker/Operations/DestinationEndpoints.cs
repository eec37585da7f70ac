using DefectNotifier.Delivery.Lanes;
using Microsoft.AspNetCore.Http.HttpResults;

namespace DefectNotifier.Worker.Operations;

/// <summary>Operators' words over whole destinations.</summary>
internal static class DestinationEndpoints
{
    public static void Map(WebApplication app) =>
        app.MapPost("/destinations/{name}/resume", Resume)
            .WithSummary("Has a parked destination tried now instead of at the next of its regular tries.").WithTags("Destinations")
            .Refuses(StatusCodes.Status403Forbidden, StatusCodes.Status404NotFound, StatusCodes.Status409Conflict);

    private static Results<Ok<ResumeResponse>, ProblemResult> Resume(string name, LaneHost lanes)
    {
        // By the name that the settings have: what was asked for may hold anything.
        var known = lanes.Statuses.FirstOrDefault(lane => string.Equals(lane.Destination, name, StringComparison.OrdinalIgnoreCase))?.Destination;
        if (known is null) return new ProblemResult(AdminProblems.UnknownDestination);
        return lanes.Resume(known) == true
            ? TypedResults.Ok(new ResumeResponse(known, "It is tried now with the delivery at its head; /health/ready shows what comes of it."))
            : new ProblemResult(AdminProblems.NotParked(known));
    }
}
