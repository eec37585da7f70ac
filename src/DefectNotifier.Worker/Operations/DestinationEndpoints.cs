using DefectNotifier.Delivery.Lanes;
using DefectNotifier.Outbox.Contract;
using DefectNotifier.Worker.Http;
using DefectNotifier.Worker.Operations.Access;
using DefectNotifier.Worker.Settings;
using Microsoft.AspNetCore.Http.HttpResults;

namespace DefectNotifier.Worker.Operations;

/// <summary>Operator actions on destinations.</summary>
internal static partial class DestinationEndpoints
{
    public static void Map(WebApplication app) =>
        app.MapPost("/destinations/{name}/resume", ResumeAsync)
            .Needs(Permissions.Act)
            .WithSummary("Tries a parked destination now instead of at the next probe.")
            .WithTags("Destinations")
            .RejectsWith(StatusCodes.Status403Forbidden, StatusCodes.Status404NotFound, StatusCodes.Status409Conflict);

    private static async Task<Results<Ok<ResumeResponse>, ProblemResult>> ResumeAsync(
        string name, HttpContext context, LaneHost lanes, IOutboxHistory outbox, ILoggerFactory loggers)
    {
        // Use the name from the settings: the one in the request may contain anything.
        var names = lanes.Statuses.Select(lane => lane.Destination).ToList();
        var known = names.Find(destination => string.Equals(destination, name, StringComparison.OrdinalIgnoreCase));
        if (known is null) return new ProblemResult(AdminProblems.UnknownDestination(name, names));
        if (!await outbox.ResumeAsync(known)) return new ProblemResult(AdminProblems.NotParked(known));
        Log.Resumed(loggers.CreateLogger(typeof(DestinationEndpoints)), context.Operator()!.Title, known);
        return TypedResults.Ok(new ResumeResponse(known, "Its next delivery is tried now; run status to see the result."));
    }

    private static partial class Log
    {
        [LoggerMessage(507, LogLevel.Information, "{Operator} resumed the parked destination {Destination}")]
        public static partial void Resumed(ILogger logger, string @operator, string destination);
    }
}
