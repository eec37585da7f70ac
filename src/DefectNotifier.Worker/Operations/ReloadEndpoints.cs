using DefectNotifier.Worker.Http;
using DefectNotifier.Worker.Reloading;
using Microsoft.AspNetCore.Http.HttpResults;

namespace DefectNotifier.Worker.Operations;

/// <summary>Reloads on request instead of at the next poll.</summary>
internal static class ReloadEndpoints
{
    public static void Map(WebApplication app) =>
        app.MapPost("/reload", Reload)
            .WithSummary("Reads settings and templates now and activates them. The service also does this within seconds of a change.")
            .WithTags("Configuration")
            .RejectsWith(StatusCodes.Status403Forbidden, StatusCodes.Status409Conflict);

    private static Results<Ok<ReloadResponse>, ProblemResult> Reload(Reloader reloader)
    {
        var (configuration, state, changes) = reloader.Reload("POST /reload")!;
        if (state.Rejected.Count > 0)
        {
            return new ProblemResult(Problem.Of(
                StatusCodes.Status409Conflict,
                "configuration-rejected",
                $"Configuration {configuration.Version} stays active. {string.Join(' ', state.Rejected)}"));
        }

        return TypedResults.Ok(new ReloadResponse(
            configuration.Version, changes, [.. state.BrokenTemplates.Select(error => error.ToString())], state.WaitsForRestart));
    }
}

/// <summary>The result of a reload.</summary>
/// <param name="Version">The configuration that is active now.</param>
/// <param name="Changes">What has changed; empty when nothing has.</param>
/// <param name="BrokenTemplates">The errors in templates; the last good version of each is active.</param>
/// <param name="WaitsForRestart">Changed settings that take effect only after a restart.</param>
internal sealed record ReloadResponse(
    string Version, IReadOnlyList<string> Changes, IReadOnlyList<string> BrokenTemplates, IReadOnlyList<string> WaitsForRestart);
