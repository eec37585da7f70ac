namespace DefectNotifier.Worker.Commands;

/// <summary><c>healthcheck</c>: for containers, whose images have no curl.</summary>
internal static class HealthcheckCommand
{
    public static Task<int> RunAsync(string? configFile, CancellationToken stop) => StartFaults.TellAsync(async () =>
    {
        var reachable = DeskAccess.Reachable(CommandSettings.Read(configFile).OperationsUrl);
        // No proxy: the environment's would be asked even for loopback.
        using var client = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, UseProxy = false }) { Timeout = TimeSpan.FromSeconds(5) };
        try
        {
            using var answer = await client.GetAsync(new Uri(reachable, "/health/live"), stop);
            return answer.IsSuccessStatusCode ? ExitCodes.Ok : ExitCodes.Failed;
        }
        catch (Exception fault) when (fault is HttpRequestException or TaskCanceledException)
        {
            Terminal.Fault($"Nobody answers at {reachable}.");
            return ExitCodes.Failed;
        }
    });
}
