using DefectNotifier.Worker.Commands.Admin;
using DefectNotifier.Worker.Commands.Execution;
using DefectNotifier.Worker.Terminal;

namespace DefectNotifier.Worker.Commands.Serving;

/// <summary><c>healthcheck</c>: for containers, whose images have no curl.</summary>
internal static class HealthcheckCommand
{
    public static Task<int> RunAsync(string? configFile, CancellationToken stop) => CommandErrors.TellAsync(async () =>
    {
        var reachable = OutboxAdminAccess.Reachable(CommandSettings.Read(configFile).OperationsUrl);
        // No proxy: the environment's would be asked even for loopback.
        using var client = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, UseProxy = false }) { Timeout = TimeSpan.FromSeconds(5) };
        try
        {
            using var response = await client.GetAsync(new Uri(reachable, "/health/live"), stop);
            return response.IsSuccessStatusCode ? ExitCodes.Ok : ExitCodes.Failed;
        }
        catch (Exception error) when (error is HttpRequestException or TaskCanceledException)
        {
            Output.WriteError($"Nobody responses at {reachable}.");
            return ExitCodes.Failed;
        }
    });
}
