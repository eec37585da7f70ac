using System.CommandLine;
using System.Runtime.InteropServices;
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
        var watch = CommandOptions.Flag("--watch", "Show it again every 2 seconds until Ctrl+C; the exit code is that of the last one.");
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

    private static async Task<int> WatchAsync(string? configFile, bool asJson, CancellationToken stop)
    {
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(stop);
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, context =>
        {
            context.Cancel = true;
            ended.Cancel();
        });
        return await WatchAsync(token => ShowAsync(configFile, asJson, token), TimeProvider.System, ended.Token);
    }

    /// <summary>Shows the status again and again until it is stopped.</summary>
    /// <param name="show">Shows it. Each time it asks whether the service is running: it may have stopped or started.</param>
    /// <param name="time">The clock.</param>
    /// <param name="stop">Ends it.</param>
    /// <returns>The exit code of the last status.</returns>
    internal static async Task<int> WatchAsync(Func<CancellationToken, Task<int>> show, TimeProvider time, CancellationToken stop)
    {
        var exitCode = ExitCodes.Failed;
        try
        {
            while (true)
            {
                if (Output.Out.Profile.Capabilities.Ansi) Output.Out.Clear();
                exitCode = await show(stop);
                if (!Output.Out.Profile.Capabilities.Ansi) Output.WriteNote("");
                await Task.Delay(WatchInterval, time, stop);
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            return exitCode;
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
            if (status.Destinations.Count > 0) StatusText.Destinations(status).Write();
            else Output.WriteLine("No destination is known.");
            Output.WriteLines(StatusText.Foot(status));
        }

        return status.Needs.Count > 0 ? ExitCodes.Failed : ExitCodes.Ok;
    }
}
