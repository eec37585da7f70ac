using DefectNotifier.Worker.Reloading;
using Microsoft.AspNetCore.Http.HttpResults;

namespace DefectNotifier.Worker.Operations;

/// <summary>For those who do not want to wait until a change is noticed.</summary>
internal static class ReloadEndpoints
{
    public static void Map(WebApplication app) =>
        app.MapPost("/reload", Reload)
            .WithSummary("Reads settings and templates anew at once, as the service does by itself within seconds of a change, and says what came of it.").WithTags("Configuration")
            .Refuses(StatusCodes.Status403Forbidden, StatusCodes.Status409Conflict);

    private static Results<Ok<ReloadResponse>, ProblemResult> Reload(Reloader reloader)
    {
        var (configuration, state, changes) = reloader.Reload("POST /reload")!;
        if (state.Refused.Count > 0)
            return new ProblemResult(Problem.Of(StatusCodes.Status409Conflict, "configuration-refused", $"Configuration {configuration.Version} stays in force. {string.Join(' ', state.Refused)}"));
        return TypedResults.Ok(new ReloadResponse(configuration.Version, changes, [.. state.BrokenTemplates.Select(error => error.ToString())], state.WaitsForRestart));
    }
}
