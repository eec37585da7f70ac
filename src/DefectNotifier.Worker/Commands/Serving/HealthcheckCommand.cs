using System.CommandLine;
using System.Text.Json;
using DefectNotifier.Worker.Commands.Admin;
using DefectNotifier.Worker.Commands.Execution;
using DefectNotifier.Worker.Hosting;
using DefectNotifier.Worker.Operations;
using DefectNotifier.Worker.Terminal;

namespace DefectNotifier.Worker.Commands.Serving;

/// <summary><c>healthcheck</c>: for containers, whose images have no curl.</summary>
internal static class HealthcheckCommand
{
    // Less than the timeout of the image's health check; the check of a store that does not respond takes five seconds.
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(9);

    public static Command Build(Option<string?> config)
    {
        var command = new Command(
            "healthcheck",
            "Check that the service works, and print what does not. The exit code is 1 when it is down or can't store or deliver events.");
        command.SetAction((parsed, stop) => RunAsync(parsed.GetValue(config), stop));
        return command;
    }

    // Docker knows only 0 and 1.
    private static async Task<int> RunAsync(string? configFile, CancellationToken stop) =>
        await CommandErrors.CatchAsync(() => CheckAsync(configFile, stop)) == ExitCodes.Ok ? ExitCodes.Ok : ExitCodes.Failed;

    private static async Task<int> CheckAsync(string? configFile, CancellationToken stop)
    {
        using var components = new ChatComponents(TimeProvider.System);
        // Saved settings with errors are not active: the service continues with the earlier ones.
        var settings = CommandSettings.ReadForAccess(configFile, components).Settings;
        var address = OutboxAdminAccess.LocalAddressOf(settings.OperationsUrl);
        // Without a proxy: a proxy from the environment would be used even for loopback.
        using var client = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, UseProxy = false }) { Timeout = Timeout };
        try
        {
            // Without a secret: this runs all the time, also while another program may have the port.
            using var response = await client.GetAsync(new Uri(address, "/health/ready"), stop);
            var report = await response.Content.ReadFromJsonAsync(OperationsJson.Readable.ReadyReport, stop);
            if (report is null) throw new JsonException();
            foreach (var line in HealthText.Of(report)) Output.WriteError(line);
            return response.IsSuccessStatusCode ? ExitCodes.Ok : ExitCodes.Failed;
        }
        catch (JsonException)
        {
            Output.WriteError($"The response of {address} is not that of this service. Check Operations:Url.");
            return ExitCodes.Failed;
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
    }
}
