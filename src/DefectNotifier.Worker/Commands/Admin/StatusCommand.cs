using System.CommandLine;
using DefectNotifier.Worker.Commands.Execution;
using DefectNotifier.Worker.Operations;
using DefectNotifier.Worker.Operations.Status;
using DefectNotifier.Worker.Terminal;
using Spectre.Console;

namespace DefectNotifier.Worker.Commands.Admin;

/// <summary><c>status</c>: what needs a person, and what every destination does.</summary>
internal static class StatusCommand
{
    private static readonly TimeSpan WatchInterval = TimeSpan.FromSeconds(2);

    public static Command Build(Option<string?> config)
    {
        var json = OutboxCommands.JsonOption();
        var watch = CommandOptions.Flag("--watch", "Show it again every 2 seconds, until Ctrl+C.");
        var command = new Command(
            "status", "Show whether the service works, what needs a person, and every destination. The exit code is 1 if anything does.")
        {
            json, watch,
        };
        command.SetAction((parsed, stop) =>
        {
            var (configFile, asJson) = (parsed.GetValue(config), parsed.GetValue(json));
            return parsed.GetValue(watch) ? WatchAsync(configFile, asJson, stop) : ShowAsync(configFile, asJson, stop);
        });
        return command;
    }

    private static Task<int> ShowAsync(string? configFile, bool asJson, CancellationToken stop) =>
        OutboxAdminAccess.RunAsync(configFile, result => Show(result, asJson), stop);

    // Ctrl+C ends the process. Each round checks again whether the service is running: it may have stopped or started.
    private static async Task<int> WatchAsync(string? configFile, bool asJson, CancellationToken stop)
    {
        while (true)
        {
            if (Output.Out.Profile.Capabilities.Ansi) Output.Out.Clear();
            await ShowAsync(configFile, asJson, stop);
            if (!Output.Out.Profile.Capabilities.Ansi) Output.WriteNote("");
            await Task.Delay(WatchInterval, TimeProvider.System, stop);
        }
    }

    private static int Show(AdminResult<ServiceStatus> result, bool asJson)
    {
        if (result.Value is not { } status) return CommandErrors.Report(result.Problem!);
        if (asJson) Output.WriteJson(status, OperationsJson.Readable.ServiceStatus);
        else if (Output.IsQuiet) Output.WriteLine(status.State);
        else
        {
            Output.WriteLines(StatusText.Head(status));
            StatusText.Destinations(status).Write();
            Output.WriteLines(StatusText.Foot(status));
        }

        return status.Needs.Count > 0 ? ExitCodes.Failed : ExitCodes.Ok;
    }
}
