using DefectNotifier.Delivery.Lanes;
using DefectNotifier.Outbox.Contract;
using DefectNotifier.Worker.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace DefectNotifier.Worker.Operations;

/// <summary>Operator actions on destinations.</summary>
internal static class DestinationEndpoints
{
    public static void Map(WebApplication app) =>
        app.MapPost("/destinations/{name}/resume", ResumeAsync)
            .WithSummary("Tries a parked destination now instead of at the next probe.")
            .WithTags("Destinations")
            .RejectsWith(StatusCodes.Status403Forbidden, StatusCodes.Status404NotFound, StatusCodes.Status409Conflict);

    private static async Task<Results<Ok<ResumeResponse>, ProblemResult>> ResumeAsync(string name, LaneHost lanes, IOutboxHistory outbox)
    {
        // Use the name from the settings: the one in the request may contain anything.
        var known = lanes.Statuses.Select(lane => lane.Destination)
            .FirstOrDefault(destination => string.Equals(destination, name, StringComparison.OrdinalIgnoreCase));
        if (known is null) return new ProblemResult(AdminProblems.UnknownDestination);
        return await outbox.ResumeAsync(known)
            ? TypedResults.Ok(new ResumeResponse(known, "Its next delivery is tried now; /health/ready shows the result."))
            : new ProblemResult(AdminProblems.NotParked(known));
    }
}
