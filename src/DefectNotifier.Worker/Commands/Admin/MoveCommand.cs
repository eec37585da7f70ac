using System.CommandLine;
using DefectNotifier.Outbox.Contract;
using DefectNotifier.Worker.Commands.Execution;
using DefectNotifier.Worker.Hosting;
using DefectNotifier.Worker.Settings;
using DefectNotifier.Worker.Terminal;
using Spectre.Console;

namespace DefectNotifier.Worker.Commands.Admin;

/// <summary><c>outbox move</c>.</summary>
internal static class MoveCommand
{
    public static Command Build(Option<string?> config)
    {
        var file = CommandOptions.Text("--from", "FILE", $"The outbox file; default {new NotifierSettings().OutboxPath}.");
        var dryRun = CommandOptions.Flag("--dry-run", "Do everything, and undo it at the end.");
        var command = new Command(
            "move",
            "Move an outbox file into the empty database that the settings name, while the service is stopped. The file is renamed.")
        {
            file, dryRun,
        };
        command.SetAction((parsed, stop) => CommandErrors.CatchAsync(
            () => MoveAsync(parsed.GetValue(config), parsed.GetValue(file), parsed.GetValue(dryRun), stop), "can't move the outbox"));
        return command;
    }

    private static async Task<int> MoveAsync(string? configFile, string? file, bool isDryRun, CancellationToken stop)
    {
        using var components = new ChatComponents(TimeProvider.System);
        var settings = CommandSettings.ReadForAccess(configFile, components).Settings;
        if (!OutboxEngine.IsShared(settings))
            throw new CommandException("Outbox:ConnectionString is not set: it names the database into which the outbox is moved.");
        file ??= settings.OutboxPath;
        try
        {
            var (from, renamed, moved) =
                await Task.Run(() => OutboxEngine.Move(settings, file, isDryRun, TimeProvider.System, stop), stop);
            var table = new TextTable(["TABLE", "ROWS"]);
            foreach (var (name, rows) in moved) table.Add(Style.Plain, name, rows.ToString());
            table.Write();
            var to = OutboxEngine.NameOf(settings);
            Output.WriteNote("");
            Output.WriteNote(isDryRun
                ? $"No changes made. Without --dry-run, {from} would be moved to {to} and renamed to {renamed}."
                : $"Moved {from} to {to}, and renamed the file to {renamed}.");
            return ExitCodes.Ok;
        }
        catch (OutboxInUseException)
        {
            Output.WriteError($"A process uses the outbox {Path.GetFullPath(file)}. Stop the service first.");
            return ExitCodes.Failed;
        }
        catch (OperationCanceledException)
        {
            Output.WriteError("Stopped; nothing was moved.");
            return ExitCodes.Failed;
        }
    }
}
