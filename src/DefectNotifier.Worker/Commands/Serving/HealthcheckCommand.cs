using System.CommandLine;
using DefectNotifier.Worker.Commands.Admin;
using DefectNotifier.Worker.Commands.Execution;
using DefectNotifier.Worker.Terminal;

namespace DefectNotifier.Worker.Commands.Serving;

/// <summary><c>healthcheck</c>: for containers, whose images have no curl.</summary>
internal static class HealthcheckCommand
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(5);

    public static Command Build(Option<string?> config)
    {
        var command = new Command("healthcheck", "Check that the service is running; exit code 0 when it responds.");
        command.SetAction((parsed, stop) => RunAsync(parsed.GetValue(config), stop));
        return command;
    }

    private static Task<int> RunAsync(string? configFile, CancellationToken stop) => CommandErrors.CatchAsync(async () =>
    {
        var address = OutboxAdminAccess.LocalAddressOf(CommandSettings.Read(configFile).OperationsUrl);
        // Without a proxy: a proxy from the environment would be used even for loopback.
        using var client = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, UseProxy = false }) { Timeout = Timeout };
        try
        {
            using var response = await client.GetAsync(new Uri(address, "/health/live"), stop);
            return response.IsSuccessStatusCode ? ExitCodes.Ok : ExitCodes.Failed;
        }
        catch (HttpRequestException)
        {
            Output.WriteError($"No service is listening at {address}.");
            return ExitCodes.Failed;
        }
        catch (TaskCanceledException)
        {
            Output.WriteError($"The service at {address} did not respond within {Timeout.TotalSeconds:0} s.");
            return ExitCodes.Failed;
        }
    });
}
