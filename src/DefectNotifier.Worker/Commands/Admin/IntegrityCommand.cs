using System.CommandLine;
using DefectNotifier.Outbox.Contract;
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
            "check",
            "Read the whole outbox file and report damage, or ask the database whether it can be used. Works while the service is running; "
            + "the exit code is 1 for damage or an error.");
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

        if (await OutboxEngine.CheckAsync(settings, Limit, TimeProvider.System, stop) is not { } check)
        {
            Output.WriteError($"The outbox {path} could not be read within {Limit.TotalMinutes:0} minutes.");
            return ExitCodes.Failed;
        }

        foreach (var found in check.Findings) Write(found);
        if (check.HasErrors) return ExitCodes.Failed;
        Output.WriteNote(OutboxEngine.SoundTextOf(settings));
        return ExitCodes.Ok;
    }

    private static void Write(OutboxFinding found)
    {
        var text = $"{found.Setting}: {found.Message} {found.Advice}";
        if (found.Severity == OutboxSeverity.Error) Output.WriteError(text);
        else if (found.Severity == OutboxSeverity.Warning) Output.WriteWarning(text);
        else Output.WriteNote(text);
        foreach (var line in found.Details) Output.WriteLine(line);
    }
}
