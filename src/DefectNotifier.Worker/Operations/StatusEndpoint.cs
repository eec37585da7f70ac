using DefectNotifier.Worker.Operations.Access;
using DefectNotifier.Worker.Operations.Status;
using DefectNotifier.Worker.Settings;
using Microsoft.AspNetCore.Http.HttpResults;

namespace DefectNotifier.Worker.Operations;

/// <summary>What needs a person, and what every destination does.</summary>
internal static class StatusEndpoint
{
    public static void Map(WebApplication app) =>
        app.MapGet("/status", ReadAsync)
            .Needs(Permissions.Read)
            .WithSummary("What needs a person, what every destination does, and what was not delivered.")
            .WithTags("Health")
            .RejectsWith();

    private static async Task<Ok<ServiceStatus>> ReadAsync(StatusReader status, CancellationToken cancellationToken) =>
        TypedResults.Ok(await status.ReadAsync(cancellationToken));
}
