using System.CommandLine;
using DefectNotifier.Worker.Commands.Execution;
using DefectNotifier.Worker.Hosting;
using DefectNotifier.Worker.Terminal;

namespace DefectNotifier.Worker.Commands.Admin;

/// <summary><c>outbox check</c>.</summary>
internal static class IntegrityCommand
{
    /// <summary>Enough for hundreds of gigabytes on a fast disk.</summary>
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(10);

    public static Command Build(Option<string?> config)
    {
        var command = new Command(
            "check", "Read the whole outbox file and report damage. Works while the service is running; the exit code is 1 for damage.");
        command.SetAction((parsed, stop) => CommandErrors.CatchAsync(
            () => CheckAsync(parsed.GetValue(config), stop), "can't check the outbox"));
        return command;
    }

    private static async Task<int> CheckAsync(string? configFile, CancellationToken stop)
    {
        using var components = new ChatComponents(TimeProvider.System);
        var settings = CommandSettings.ReadForAccess(configFile, components).Settings;
        var path = OutboxEngine.NameOf(settings);
        if (!OutboxEngine.Exists(settings))
        {
            Output.WriteError($"There is no outbox {path} ({OutboxEngine.SettingOf(settings)}).");
            return ExitCodes.Failed;
        }

        switch (await OutboxEngine.CheckAsync(settings, Limit, TimeProvider.System, stop))
        {
            case []:
                if (!Output.IsQuiet) Output.WriteLine($"No damage found in the outbox {path}.");
                return ExitCodes.Ok;
            case { } errors:
                Output.WriteError($"The outbox {path} is damaged. {OutboxEngine.RepairAdvice}");
                foreach (var error in errors) Output.WriteLine(error);
                return ExitCodes.Failed;
            default:
                Output.WriteError($"The outbox {path} could not be read within {Limit.TotalMinutes:0} minutes.");
                return ExitCodes.Failed;
        }
    }
}
