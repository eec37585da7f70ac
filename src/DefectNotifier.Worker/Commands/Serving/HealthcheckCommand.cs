using System.CommandLine;
using System.Net.Http.Headers;
using System.Text.Json;
using DefectNotifier.Worker.Commands.Admin;
using DefectNotifier.Worker.Commands.Execution;
using DefectNotifier.Worker.Hosting;
using DefectNotifier.Worker.Operations;
using DefectNotifier.Worker.Operations.Status;
using DefectNotifier.Worker.Terminal;

namespace DefectNotifier.Worker.Commands.Serving;

/// <summary><c>healthcheck</c>: for containers, whose images have no curl.</summary>
internal static class HealthcheckCommand
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(5);

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
            var (isReady, report) = await ReadAsync(client, address, stop);
            // Only this service leaves out names, so no other program gets the secret.
            if (report.Hint is not null && settings.CommandSecret() is { } secret)
            {
                client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", secret.Reveal());
                (isReady, report) = await ReadAsync(client, address, stop);
            }

            foreach (var line in HealthText.Of(report)) Output.WriteError(line);
            return isReady ? ExitCodes.Ok : ExitCodes.Failed;
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

    private static async Task<(bool IsReady, ReadyReport Report)> ReadAsync(HttpClient client, Uri address, CancellationToken stop)
    {
        using var response = await client.GetAsync(new Uri(address, "/health/ready"), stop);
        var report = await response.Content.ReadFromJsonAsync(OperationsJson.Readable.ReadyReport, stop);
        return (response.IsSuccessStatusCode, report ?? throw new JsonException());
    }
}
